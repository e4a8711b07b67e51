import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { type Column, type ColumnId, columnsShown } from '../../domain/column';
import type { Row } from '../../domain/row';
import type { ExploreState } from '../../domain/search';
import type { Line, Sort } from '../../domain/tree';
import { useFormat, useWords } from '../../ui/i18n/words';
import { ExploreRow, rowElementId } from './explore-row';
import styles from './explore-table.module.css';

interface ExploreTableProps {
  lines: Line[];
  state: ExploreState;
  /** Nodes whose agent is not connected. */
  silent: ReadonlySet<string>;
  /** Names of containers by full id. */
  names: ReadonlyMap<string, string>;
  active: string | undefined;
  onSort: (column: ColumnId) => void;
  onSelect: (id: string) => void;
  onFold: (row: Row, folded: boolean) => void;
  /** The pointer came onto the rows, or left them. */
  onEnter: () => void;
  onLeave: () => void;
}

const ROW_PX = 28;
const HEADER_PX = 32;
const OVERSCAN = 4;
/** Space at both ends of a row. */
const EDGES_PX = 24;

/** Rows on demand: 10,000 of them are some 30 elements deep at any time. */
export function ExploreTable(props: ExploreTableProps) {
  const { lines, state, silent, names, active } = props;
  const words = useWords();
  const format = useFormat();
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  // The same array from one scroll to the next, or every row is drawn anew.
  const columns = useMemo(
    () => columnsShown(state.view, state.columns, width - EDGES_PX),
    [state.view, state.columns, width],
  );
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: HEADER_PX,
    scrollPaddingStart: HEADER_PX,
  });
  const items = rows.getVirtualItems();
  // Elements are kept and filled anew while one scrolls, instead of made and thrown away.
  const slots = Math.ceil(height / ROW_PX) + 2 * OVERSCAN + 2;

  const activeIndex = lines.findIndex((l) => l.row.id === active);
  const scrollTo = rows.scrollToIndex;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the active row, not rows that move past it
  useEffect(() => {
    if (activeIndex >= 0) scrollTo(activeIndex, { align: 'auto' });
  }, [active]);

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role={state.view === 'tree' ? 'treegrid' : 'grid'}
      aria-label={words.explore.table}
      aria-rowcount={lines.length + 1}
      aria-activedescendant={activeIndex >= 0 ? rowElementId(activeIndex) : undefined}
      tabIndex={0}
    >
      <div className={styles.table} style={tableStyle(columns)}>
        <HeaderRow columns={columns} sort={state.sort} onSort={props.onSort} />
        <div
          className={styles.body}
          role="rowgroup"
          style={{ height: rows.getTotalSize() }}
          onPointerEnter={props.onEnter}
          onPointerLeave={props.onLeave}
        >
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <ExploreRow
                key={item.index % slots}
                index={item.index}
                top={item.start - HEADER_PX}
                line={line}
                columns={columns}
                silent={silent.has(line.row.node)}
                containerName={names.get(line.row.container_id ?? '')}
                tree={state.view === 'tree'}
                active={line.row.id === active}
                selected={line.row.id === state.selected}
                words={words}
                format={format}
                onSelect={props.onSelect}
                onFold={props.onFold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function tableStyle(columns: Column[]): React.CSSProperties {
  const [, ...rest] = columns;
  const sum = columns.reduce((total, c) => total + c.width, 0);
  return {
    '--columns': `minmax(${columns[0]!.width}px, 1fr) ${rest.map((c) => `${c.width}px`).join(' ')}`,
    minWidth: sum + EDGES_PX,
  } as React.CSSProperties;
}

interface HeaderRowProps {
  columns: Column[];
  sort: Sort;
  onSort: (column: ColumnId) => void;
}

const HeaderRow = memo(function HeaderRow({ columns, sort, onSort }: HeaderRowProps) {
  const words = useWords();
  return (
    <div className={styles.header} role="row" aria-rowindex={1}>
      {columns.map((c) => {
        const sorted = sort.column === c.id;
        const direction = sorted ? (sort.descending ? 'descending' : 'ascending') : undefined;
        const name = words.explore.columns[c.id];
        return (
          <div
            key={c.id}
            role="columnheader"
            aria-sort={direction}
            className={c.align === 'right' ? styles.right : undefined}
            title={words.explore.columnHints[c.id]}
          >
            {c.value ? (
              <button type="button" onClick={() => onSort(c.id)}>
                {name}
                {direction && (
                  <svg width="7" height="7" viewBox="0 0 8 8" aria-hidden="true" focusable="false">
                    <path
                      d={direction === 'descending' ? 'M0 1.5h8L4 7z' : 'M0 6.5h8L4 1z'}
                      fill="currentColor"
                    />
                  </svg>
                )}
              </button>
            ) : (
              name
            )}
          </div>
        );
      })}
    </div>
  );
});

function useSize(ref: React.RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 1200, height: 800 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const read = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
