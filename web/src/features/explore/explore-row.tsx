import { memo } from 'react';
import type { Column } from '../../domain/column';
import type { Formatter } from '../../domain/format';
import type { Row } from '../../domain/row';
import type { Line } from '../../domain/tree';
import type { Words } from '../../ui/i18n/en';
import { Icon } from '../../ui/icons';
import { Cell } from './cell';
import styles from './explore-row.module.css';

interface ExploreRowProps {
  index: number;
  /** Distance from the first row, in pixels. */
  top: number;
  line: Line;
  columns: Column[];
  silent: boolean;
  containerName: string | undefined;
  tree: boolean;
  active: boolean;
  selected: boolean;
  words: Words;
  format: Formatter;
  onSelect: (id: string) => void;
  onFold: (row: Row, folded: boolean) => void;
}

export function rowElementId(index: number): string {
  return `row-${index}`;
}

/** A long name shortens before its end, which is what tells generated names apart. */
const LONG_NAME = 20;
const TAIL = 5;

function Name({ name }: { name: string }) {
  if (name.length < LONG_NAME) return <b>{name}</b>;
  return (
    <>
      <b>{name.slice(0, -TAIL)}</b>
      <i>{name.slice(-TAIL)}</i>
    </>
  );
}

export const ExploreRow = memo(function ExploreRow(props: ExploreRowProps) {
  const { index, line, columns, tree, words } = props;
  const { row } = line;
  return (
    <div
      id={rowElementId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-level={tree ? line.depth + 1 : undefined}
      aria-expanded={line.children > 0 ? !line.folded : undefined}
      aria-selected={props.selected}
      className={styles.row}
      data-kind={row.kind}
      data-active={props.active || undefined}
      data-context={line.context || undefined}
      data-row={row.id}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onSelect(row.id)}
    >
      {columns.map((c) =>
        c.id === 'name' ? (
          <div
            key={c.id}
            role={tree ? 'gridcell' : 'rowheader'}
            className={styles.name}
            data-depth={tree ? line.depth : undefined}
            title={row.detail ? `${row.name}\n${row.detail}` : row.name}
          >
            {line.children > 0 && (
              <button
                type="button"
                tabIndex={-1}
                className={styles.fold}
                data-folded={line.folded || undefined}
                aria-label={`${line.folded ? words.explore.unfold : words.explore.fold} ${row.name}`}
                onClick={(event) => {
                  event.stopPropagation();
                  props.onFold(row, !line.folded);
                }}
              >
                <Icon name="down" size={12} />
              </button>
            )}
            <Name name={row.name} />
            {row.detail !== '' && <span>{row.detail}</span>}
          </div>
        ) : (
          <Cell
            key={c.id}
            column={c.id}
            row={row}
            silent={props.silent}
            containerName={props.containerName}
            words={words}
            format={props.format}
          />
        ),
      )}
    </div>
  );
});
