import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type InspectColumn,
  type InspectRow,
  type InspectTable,
  type InspectView,
  tableQuery,
} from '../../api/inspect';
import { type Formatter, UNKNOWN } from '../../domain/format';
import { clock, msOf } from '../../domain/nanos';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useFormat } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { Empty, Failed, Skeleton } from '../../ui/states';
import tables from '../../ui/tables.module.css';
import styles from './inspect.module.css';
import { behind, drill, type InspectState } from './inspect-state';
import { type Nested, nested } from './nested';
import { type Go, selectionOf } from './use-state';
import { useInspectWords } from './words';

/** Rows that are drawn at first; a page of the screen has thirty. */
const SHOWN = 200;
const MOST = 5000;

interface ViewTableProps {
  id: string;
  view: InspectView;
  state: InspectState;
  go: Go;
}

/** A table of the capture: sorted by a click on a header, entered with Enter or a double click. */
export function ViewTable({ id, view, state, go }: ViewTableProps) {
  const words = useInspectWords();
  const format = useFormat();
  const [limit, setLimit] = useState(SHOWN);
  const table = useQuery(
    tableQuery(id, view, { ...selectionOf(state), sort: state.sort, q: state.q || undefined, limit }),
  );
  const rows = table.data ? arranged(table.data, state) : [];
  const [active, setActive] = useState<number>();
  const move = (to: number) => setActive(Math.max(0, Math.min(rows.length - 1, to)));
  useKey('down', () => move(active === undefined ? 0 : active + 1));
  useKey('up', () => move((active ?? 0) - 1));
  useKey('first', () => move(0));
  useKey('last', () => move(rows.length - 1));
  const enter = (row: InspectRow) => go(drill(state, behind(view), row.select));
  useKey('open', active === undefined ? undefined : () => rows[active] && enter(rows[active].row));
  const data = table.data;
  return (
    <div className={styles.view}>
      <div className={styles.tools}>
        <FilterField
          value={state.q}
          label={words.search}
          clearLabel={words.clearSearch}
          onChange={(q) => go({ ...state, q }, { replace: true })}
        />
        <span role="status">{data && words.rows(format.exact(data.rows.length + data.more))}</span>
      </div>
      {table.error && !data ? (
        <Failed error={table.error} onRetry={() => void table.refetch()} />
      ) : !data ? (
        <Skeleton rows={10} inset />
      ) : rows.length === 0 ? (
        <Empty title={words.noRows} />
      ) : (
        <div className={styles.scroll}>
          <table className={`${tables.table} ${styles.rows}`} data-view={view}>
            <thead>
              <tr>
                {data.columns.map((column) => (
                  <Head key={column.name} column={column} table={data} state={state} go={go} />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ row, depth }, i) => (
                <tr
                  key={`${row.select} ${i}`}
                  aria-selected={i === active || undefined}
                  ref={i === active ? (it) => it?.scrollIntoView({ block: 'nearest' }) : undefined}
                  onClick={() => setActive(i)}
                  onDoubleClick={() => enter(row)}
                >
                  {data.columns.map((column, at) => (
                    <Cell
                      key={column.name}
                      column={column}
                      value={row.cells[at] ?? null}
                      format={format}
                      depth={at === 0 ? depth : 0}
                      onEnter={at === 0 ? () => enter(row) : undefined}
                      onEvent={(n) => go({ ...drill(state, 'events', row.select), n })}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {data.more > 0 && (
            <p className={styles.more}>
              {data.rows.length >= limit && limit < MOST ? (
                <button
                  type="button"
                  className={controls.control}
                  onClick={() => setLimit(Math.min(MOST, limit * 4))}
                >
                  {words.showMore} · {words.more(format.exact(data.more))}
                </button>
              ) : (
                words.moreKept(format.exact(data.more))
              )}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** Processes stand below those that made them, unless something else is their order. */
function arranged(table: InspectTable, state: InspectState): Nested[] {
  const flat = state.sort !== undefined || state.q !== '';
  return flat ? table.rows.map((row) => ({ row, depth: 0 })) : nested(table.rows);
}

const NUMBERS = new Set<InspectColumn['kind']>(['id', 'count', 'bytes', 'time', 'event']);

interface HeadProps {
  column: InspectColumn;
  table: InspectTable;
  state: InspectState;
  go: Go;
}

function Head({ column, table, state, go }: HeadProps) {
  const words = useInspectWords();
  const descending = table.sort === `-${column.name}`;
  const sorted = descending || table.sort === column.name;
  const first = column.kind === 'count' || column.kind === 'bytes' ? '-' : '';
  const next = sorted ? `${descending ? '' : '-'}${column.name}` : `${first}${column.name}`;
  return (
    <th
      className={NUMBERS.has(column.kind) ? tables.number : undefined}
      data-kind={column.kind}
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => go({ ...state, sort: next }, { replace: true })}>
        {words.columns[column.name] ?? column.name}
        {sorted && <span aria-hidden="true">{descending ? ' ▾' : ' ▴'}</span>}
      </button>
    </th>
  );
}

interface CellProps {
  column: InspectColumn;
  value: string | number | null;
  format: Formatter;
  depth: number;
  onEnter: (() => void) | undefined;
  onEvent: (n: number) => void;
}

function Cell({ column, value, format, depth, onEnter, onEvent }: CellProps) {
  const words = useInspectWords();
  const text = cellText(column, value, format, words.values);
  const title =
    value === null
      ? undefined
      : column.kind === 'time'
        ? format.dateTimeMs(Math.floor(msOf(String(value))))
        : String(value);
  const quiet = value === 0 || value === null;
  if (column.kind === 'event' && typeof value === 'number') {
    return (
      <td className={tables.number}>
        <button type="button" className={controls.link} onClick={() => onEvent(value)}>
          {text}
        </button>
      </td>
    );
  }
  return (
    <td
      className={NUMBERS.has(column.kind) ? tables.number : undefined}
      data-quiet={quiet || undefined}
      title={title}
      style={depth > 0 ? { paddingLeft: 16 + 12 * Math.min(depth, 12) } : undefined}
    >
      {onEnter ? (
        <button type="button" className={controls.link} onClick={onEnter}>
          {column.kind === 'code' ? <code>{text}</code> : text}
        </button>
      ) : column.kind === 'code' ? (
        <code>{text}</code>
      ) : (
        text
      )}
    </td>
  );
}

function cellText(
  column: InspectColumn,
  value: string | number | null,
  format: Formatter,
  values: Record<string, string>,
): string {
  if (value === null) return UNKNOWN;
  switch (column.kind) {
    case 'count':
      return format.count(Number(value));
    case 'bytes':
      return value === 0 ? '0' : format.bytes(Number(value));
    case 'time':
      return clock(String(value), format);
    case 'word':
      return values[value] ?? String(value);
    case 'text':
      return column.name === 'container' && value === 'host' ? (values.host ?? 'host') : String(value);
    default:
      return String(value);
  }
}
