import type { Row } from './row';
import { findingsWeight } from './severity';

export type ColumnId =
  | 'name'
  | 'pid'
  | 'state'
  | 'cpu'
  | 'cpu_percent'
  | 'cpu_spark'
  | 'memory'
  | 'memory_percent'
  | 'disk_read'
  | 'disk_write'
  | 'net_rx'
  | 'net_tx'
  | 'threads'
  | 'fds'
  | 'processes'
  | 'user'
  | 'container'
  | 'events';

export interface Column {
  id: ColumnId;
  /** Least width in pixels; the name takes what is left over. */
  width: number;
  /** Where there is no room for all, the lowest go first. */
  priority: number;
  align: 'left' | 'right';
  /** What rows are sorted by; `undefined` is "not known" and always last. No `value`, no sorting. */
  value?: (row: Row) => number | string | undefined;
  /** Views that have it; absent means both. */
  view?: 'tree' | 'flat';
}

const known = (v: number | null | undefined) => v ?? undefined;

/** The table of columns: order, width and what is compared are said here and nowhere else. */
export const COLUMNS: readonly Column[] = [
  { id: 'name', width: 196, priority: 99, align: 'left', value: (r) => r.name.toLowerCase() },
  { id: 'pid', width: 56, priority: 9, align: 'right', value: (r) => known(r.pid) },
  {
    id: 'container',
    width: 110,
    priority: 12,
    align: 'left',
    view: 'flat',
    value: (r) => r.container_id ?? undefined,
  },
  { id: 'state', width: 94, priority: 11, align: 'left', value: (r) => r.state ?? undefined },
  { id: 'cpu', width: 50, priority: 20, align: 'right', value: (r) => known(r.cpu_cores) },
  { id: 'cpu_percent', width: 66, priority: 19, align: 'right', value: (r) => known(r.cpu_percent) },
  { id: 'cpu_spark', width: 66, priority: 6, align: 'left' },
  { id: 'memory', width: 70, priority: 18, align: 'right', value: (r) => known(r.memory_bytes) },
  { id: 'memory_percent', width: 58, priority: 17, align: 'right', value: (r) => known(r.memory_percent) },
  { id: 'disk_read', width: 66, priority: 14, align: 'right', value: (r) => known(r.disk_read_bps) },
  { id: 'disk_write', width: 66, priority: 14.5, align: 'right', value: (r) => known(r.disk_write_bps) },
  { id: 'net_rx', width: 66, priority: 13, align: 'right', value: (r) => known(r.net_rx_bps) },
  { id: 'net_tx', width: 66, priority: 13.5, align: 'right', value: (r) => known(r.net_tx_bps) },
  { id: 'threads', width: 60, priority: 8, align: 'right', value: (r) => known(r.threads) },
  { id: 'fds', width: 52, priority: 7, align: 'right', value: (r) => known(r.fds) },
  { id: 'processes', width: 46, priority: 5, align: 'right', view: 'tree', value: (r) => known(r.processes) },
  { id: 'user', width: 76, priority: 4, align: 'left', value: (r) => r.user?.toLowerCase() ?? undefined },
  {
    id: 'events',
    width: 116,
    priority: 16,
    align: 'left',
    value: (r) => findingsWeight(r.findings) || undefined,
  },
];

export const COLUMN_BY_ID: ReadonlyMap<ColumnId, Column> = new Map(COLUMNS.map((c) => [c.id, c]));

export function isColumnId(word: string): word is ColumnId {
  return COLUMN_BY_ID.has(word as ColumnId);
}

export function columnsOfView(view: 'tree' | 'flat'): Column[] {
  return COLUMNS.filter((c) => c.view === undefined || c.view === view);
}

/**
 * The columns to show. A choice of the reader is kept whole (the table then scrolls sideways);
 * without one, the columns of least priority give way until the rest fits.
 */
export function columnsShown(view: 'tree' | 'flat', chosen: readonly ColumnId[], widthPx: number): Column[] {
  const all = columnsOfView(view);
  if (chosen.length > 0) return all.filter((c) => c.id === 'name' || chosen.includes(c.id));
  const shown = new Set(all.map((c) => c.id));
  let total = all.reduce((sum, c) => sum + c.width, 0);
  for (const c of all.toSorted((a, b) => a.priority - b.priority)) {
    if (total <= widthPx || c.id === 'name') break;
    shown.delete(c.id);
    total -= c.width;
  }
  return all.filter((c) => shown.has(c.id));
}

/** Numbers are first looked at from the largest, words from the first letter. */
export function startsDescending(id: ColumnId): boolean {
  return COLUMN_BY_ID.get(id)?.align === 'right' || id === 'events';
}
