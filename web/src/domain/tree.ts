import { COLUMN_BY_ID, type ColumnId } from './column';
import type { Row } from './row';
import { isInScope, type Scope } from './scope';

export interface Sort {
  column: ColumnId;
  descending: boolean;
}

/** A row as it stands on the page. */
export interface Line {
  row: Row;
  /** 0 for the outermost. */
  depth: number;
  children: number;
  folded: boolean;
  /** Kept only because something below it was asked for. */
  context: boolean;
}

export interface TreeOptions {
  view: 'tree' | 'flat';
  sort: Sort;
  /** Text that a row must contain. */
  q: string;
  /** Only what has these labels: a row and what is below it. */
  scope?: Scope;
  /** Further test a row must pass, beside `q`. */
  keep?: (row: Row) => boolean;
  isFolded: (row: Row) => boolean;
  /** Positions of rows that must not change, by id (`positionsOf` of what is shown). */
  held?: ReadonlyMap<string, number>;
}

export function compareRows(sort: Sort): (a: Row, b: Row) => number {
  const value = COLUMN_BY_ID.get(sort.column)?.value ?? (() => undefined);
  const sign = sort.descending ? -1 : 1;
  return (a, b) => {
    const left = value(a);
    const right = value(b);
    // What is not known is last whichever way the rest is sorted.
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
    } else if (left !== right) {
      return left < right ? -sign : sign;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

/** Known rows keep their places; new ones come after them, in their sorted order. */
function compareHeld(held: ReadonlyMap<string, number>, sorted: (a: Row, b: Row) => number) {
  return (a: Row, b: Row) => {
    const left = held.get(a.id);
    const right = held.get(b.id);
    if (left !== undefined && right !== undefined) return left - right;
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
    return sorted(a, b);
  };
}

/** Whether `q` is in what a person sees of the row; `container` is the name of the one it runs in. */
export function matchesText(row: Row, q: string, container = ''): boolean {
  if (q === '') return true;
  const needle = q.toLowerCase();
  return (
    row.name.toLowerCase().includes(needle) ||
    row.detail.toLowerCase().includes(needle) ||
    (row.user ?? '').toLowerCase().includes(needle) ||
    (row.exe ?? '').toLowerCase().includes(needle) ||
    container.toLowerCase().includes(needle) ||
    (row.container_id ?? '').startsWith(needle) ||
    String(row.pid ?? '') === needle
  );
}

/** Names of containers by full id. */
export function containerNames(rows: readonly Row[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const row of rows)
    if (row.kind === 'container' && row.container_id) names.set(row.container_id, row.name);
  return names;
}

/** Rows below their parents. A row whose parent is not in the list stands at the top. */
function childrenByParent(rows: readonly Row[]): Map<string, Row[]> {
  const ids = new Set(rows.map((r) => r.id));
  const below = new Map<string, Row[]>();
  for (const row of rows) {
    const parent = row.parent && ids.has(row.parent) && row.parent !== row.id ? row.parent : '';
    const list = below.get(parent);
    if (list) list.push(row);
    else below.set(parent, [row]);
  }
  return below;
}

/** The rows of a table as lines of a page: scoped, filtered, sorted, folded. */
export function linesOf(rows: readonly Row[], options: TreeOptions): Line[] {
  const sorted = compareRows(options.sort);
  const compare = options.held ? compareHeld(options.held, sorted) : sorted;
  const names = containerNames(rows);
  const wanted = (row: Row) =>
    matchesText(row, options.q, names.get(row.container_id ?? '')) && (options.keep?.(row) ?? true);
  const inScope = scopedRows(rows, options.scope);

  if (options.view === 'flat') {
    return inScope
      .filter((row) => row.kind === 'process' && wanted(row))
      .sort(compare)
      .map((row) => ({ row, depth: 0, children: 0, folded: false, context: false }));
  }

  const below = childrenByParent(inScope);
  const narrowed = options.q !== '' || options.keep !== undefined;
  const shown = narrowed ? rowsWithMatchBelow(below, wanted) : undefined;
  const lines: Line[] = [];
  const shownBelow = (id: string) => (below.get(id) ?? []).filter((r) => shown?.has(r.id) ?? true);
  const walk = (parent: string, depth: number) => {
    for (const row of shownBelow(parent).sort(compare)) {
      const children = shownBelow(row.id).length;
      const folded = children > 0 && options.isFolded(row);
      lines.push({ row, depth, children, folded, context: narrowed && !wanted(row) });
      if (!folded && children > 0) walk(row.id, depth + 1);
    }
  };
  walk('', 0);
  return lines;
}

function scopedRows(rows: readonly Row[], scope: Scope | undefined): Row[] {
  return scope === undefined ? rows.slice() : rows.filter((row) => isInScope(row, scope));
}

/** Rows that match and all that stand above a match. */
function rowsWithMatchBelow(below: Map<string, Row[]>, wanted: (row: Row) => boolean): Set<string> {
  const shown = new Set<string>();
  const walk = (row: Row): boolean => {
    let some = wanted(row);
    for (const child of below.get(row.id) ?? []) if (walk(child)) some = true;
    if (some) shown.add(row.id);
    return some;
  };
  for (const top of below.get('') ?? []) walk(top);
  return shown;
}

export function positionsOf(lines: readonly Line[]): Map<string, number> {
  return new Map(lines.map((line, i) => [line.row.id, i]));
}
