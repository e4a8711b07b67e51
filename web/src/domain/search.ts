/**
 * The URL is the state of a view. `Search` is its query string as flat text; each view decodes it
 * into a value of its own and encodes that back, leaving out what is the default.
 */
import { type ColumnId, isColumnId, startsDescending } from './column';
import { type Folds, NOTHING_FOLDED } from './fold';
import { decodeGrouping, encodeGrouping, type Grouping } from './grouping';
import type { Severity } from './row';
import { formatScope, parseScope, type Scope } from './scope';
import { isSeverity, SEVERITIES } from './severity';
import { DEFAULT_RANGE, formatBound, parseBound, resolve, type TimeRange } from './time-range';
import type { Sort } from './tree';

export type Search = Record<string, string | undefined>;

/** Parameters that every page has and that go along from one to the next. */
export const COMMON_KEYS = ['from', 'to', 'tz', 'scope', 'live', 'theme', 'lang'] as const;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** As `URLSearchParams` would, but `:` `,` `/` stay readable (RFC 3986 allows them in a query). */
export function stringifySearch(search: Search): string {
  const parts = Object.entries(search)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    .map(([k, v]) => `${encode(k)}=${encode(v)}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|2C|2F|20)/g, (_, hex) =>
    hex === '20' ? '+' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export function commonOf(search: Search): Search {
  return Object.fromEntries(COMMON_KEYS.filter((k) => search[k] !== undefined).map((k) => [k, search[k]]));
}

export function decodeRange(search: Search): TimeRange {
  const from = search.from === undefined ? DEFAULT_RANGE.from : parseBound(search.from);
  const to = search.to === undefined ? DEFAULT_RANGE.to : parseBound(search.to);
  if (!from || !to) return DEFAULT_RANGE;
  const { fromMs, toMs } = resolve({ from, to }, Date.now());
  return fromMs < toMs ? { from, to } : DEFAULT_RANGE;
}

export function encodeRange(range: TimeRange): Search {
  const from = formatBound(range.from);
  const to = formatBound(range.to);
  return {
    from: from === formatBound(DEFAULT_RANGE.from) ? undefined : from,
    to: to === 'now' ? undefined : to,
  };
}

export interface ExploreState {
  view: 'tree' | 'flat';
  /** Labels that the tree's rows stand under. */
  by: Grouping;
  sort: Sort;
  q: string;
  problemsOnly: boolean;
  folds: Folds;
  scope: Scope;
  /** Row whose drawer is open. */
  selected?: string;
  /** Columns the reader chose; empty is "those that fit". */
  columns: ColumnId[];
}

export const DEFAULT_SORT: Sort = { column: 'cpu', descending: true };

export function decodeExplore(search: Search): ExploreState {
  return {
    view: search.view === 'flat' ? 'flat' : 'tree',
    by: decodeGrouping(search.by),
    sort: decodeSort(search.sort),
    q: search.q ?? '',
    problemsOnly: search.only === 'problems',
    folds:
      search.fold === undefined && search.flip === undefined
        ? NOTHING_FOLDED
        : { containers: search.fold === 'containers', flipped: new Set(list(search.flip)) },
    scope: parseScope(search.scope),
    selected: search.sel || undefined,
    columns: list(search.cols).filter(isColumnId),
  };
}

export function encodeExplore(state: ExploreState): Search {
  return {
    view: state.view === 'tree' ? undefined : state.view,
    by: encodeGrouping(state.by),
    sort: encodeSort(state.sort),
    q: state.q || undefined,
    only: state.problemsOnly ? 'problems' : undefined,
    fold: state.folds.containers ? 'containers' : undefined,
    flip: joined([...state.folds.flipped]),
    scope: formatScope(state.scope),
    sel: state.selected,
    cols: joined(state.columns),
  };
}

function decodeSort(text: string | undefined): Sort {
  const descending = text?.startsWith('-') ?? false;
  const column = descending ? text!.slice(1) : (text ?? '');
  return isColumnId(column) ? { column, descending } : DEFAULT_SORT;
}

/** `undefined` for the default. The same text is what the API takes. */
function encodeSort(sort: Sort): string | undefined {
  const text = sortText(sort);
  return text === sortText(DEFAULT_SORT) ? undefined : text;
}

export function sortText(sort: Sort): string {
  return `${sort.descending ? '-' : ''}${sort.column}`;
}

/** The sort after a click on a header: the column's natural direction, then the other. */
export function sortAfterClick(sort: Sort, column: ColumnId): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: startsDescending(column) };
}

export interface EventsState {
  severities: Severity[];
  q: string;
  grouped: boolean;
  rule?: string;
  /** Full id, or `host`. */
  container?: string;
}

export function decodeEvents(search: Search): EventsState {
  const chosen = list(search.sev).filter(isSeverity);
  return {
    severities: SEVERITIES.filter((s) => chosen.includes(s)),
    q: search.q ?? '',
    grouped: search.group === 'rule',
    rule: search.rule || undefined,
    container: search.container || undefined,
  };
}

export function encodeEvents(state: EventsState): Search {
  return {
    sev: joined(SEVERITIES.filter((s) => state.severities.includes(s))),
    q: state.q || undefined,
    group: state.grouped ? 'rule' : undefined,
    rule: state.rule,
    container: state.container,
  };
}

// Ids hold no comma: node names are DNS labels, container ids hex.
function list(text: string | undefined): string[] {
  return text ? text.split(',').filter((w) => w !== '') : [];
}

function joined(words: readonly string[]): string | undefined {
  return words.length > 0 ? words.join(',') : undefined;
}
