/** What of a capture is looked at: its view, the way into it, a window of time. All of it is the URL. */
import type { InspectView } from '../../api/inspect';
import type { Search } from '../../domain/search';

export const VIEWS = [
  'processes',
  'containers',
  'commands',
  'files',
  'connections',
  'ports',
  'syscalls',
  'errors',
] as const satisfies readonly InspectView[];

export type Place = 'overview' | 'events' | InspectView;

export interface InspectState {
  view: Place;
  /** Choices, outermost first, as the API takes them: `process:42:17…`, `file:/etc/passwd`. */
  path: string[];
  /** The window, nanoseconds since the epoch as text: more than a number holds. */
  t0: string | undefined;
  t1: string | undefined;
  /** A condition in the rule language. */
  filter: string;
  /** What rows of a table contain. */
  q: string;
  sort: string | undefined;
  /** The event whose detail is open. */
  n: number | undefined;
  /** Where the list of events begins. */
  at: string | undefined;
  /** Tiles whose course is compared below. */
  pins: string[];
}

export const DEFAULT_PINS = ['system_calls', 'commands', 'net_bytes_out'];
const MOST_PINS = 4;

export function decodeInspect(search: Search): InspectState {
  const view = search.view;
  return {
    view: view === 'events' || VIEWS.includes(view as InspectView) ? (view as Place) : 'overview',
    path: (search.path ?? '').split('~').filter((step) => step !== ''),
    t0: digits(search.t0),
    t1: digits(search.t1),
    filter: search.f ?? '',
    q: search.q ?? '',
    sort: search.sort || undefined,
    n: digits(search.n) === undefined ? undefined : Number(search.n),
    at: digits(search.at),
    pins:
      search.pin === undefined
        ? DEFAULT_PINS
        : search.pin
            .split(',')
            .filter((pin) => pin !== '')
            .slice(-MOST_PINS),
  };
}

export function encodeInspect(state: InspectState): Search {
  const pins = state.pins.slice(-MOST_PINS).join(',');
  return {
    view: state.view === 'overview' ? undefined : state.view,
    path: state.path.join('~') || undefined,
    t0: state.t0,
    t1: state.t1,
    f: state.filter || undefined,
    q: state.q || undefined,
    sort: state.sort,
    n: state.n === undefined ? undefined : String(state.n),
    at: state.at,
    // None at all is not the same as nothing said.
    pin: pins === DEFAULT_PINS.join(',') ? undefined : pins || 'none',
  };
}

/** One step in: a row's choice, or a tile's filter. What was typed into the view before stays behind. */
export function drill(state: InspectState, to: Place, choice?: string, filter?: string): InspectState {
  const path = choice && !state.path.includes(choice) ? [...state.path, choice] : state.path;
  return {
    ...state,
    view: to,
    path,
    filter:
      filter && filter !== state.filter
        ? state.filter
          ? `(${state.filter}) and (${filter})`
          : filter
        : state.filter,
    q: '',
    sort: undefined,
    n: undefined,
    at: undefined,
  };
}

/** One step out: the event, the last choice, the view. `undefined` at the top. */
export function up(state: InspectState): InspectState | undefined {
  if (state.n !== undefined) return { ...state, n: undefined };
  const last = state.path.at(-1);
  if (last !== undefined) {
    return {
      ...state,
      view: viewOf(last),
      path: state.path.slice(0, -1),
      q: '',
      sort: undefined,
      at: undefined,
    };
  }
  if (state.view !== 'overview') return { ...state, view: 'overview', q: '', sort: undefined, at: undefined };
  return undefined;
}

const KINDS: Record<string, Place> = {
  process: 'processes',
  file: 'files',
  connection: 'connections',
  container: 'containers',
  syscall: 'syscalls',
  error: 'errors',
  port: 'ports',
};

/** The view in which a choice was made. */
export function viewOf(choice: string): Place {
  return KINDS[choice.slice(0, choice.indexOf(':'))] ?? 'overview';
}

/** Where a row leads: what a process did with files, what happened on a connection. */
export function behind(view: InspectView): Place {
  return view === 'containers' ? 'processes' : view === 'processes' ? 'files' : 'events';
}

/** A choice without its kind, for people: a process by its id. */
export function choiceText(choice: string): string {
  const value = choice
    .slice(choice.indexOf(':') + 1)
    .replace(/%7E/g, '~')
    .replace(/%25/g, '%');
  return choice.startsWith('process:') ? value.slice(0, value.indexOf(':')) : value;
}

function digits(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9]{1,20}$/.test(text) ? text : undefined;
}
