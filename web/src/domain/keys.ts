/** Keys of the whole page: single letters, and `g` followed by a letter. */
export type KeyAction =
  | 'go_spotlight'
  | 'go_explore'
  | 'go_topology'
  | 'go_dashboards'
  | 'go_alerts'
  | 'go_captures'
  | 'go_events'
  | 'go_about'
  | 'filter'
  | 'help'
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'fold'
  | 'unfold'
  | 'open'
  | 'dashboard'
  | 'close'
  | 'range'
  | 'refresh'
  | 'live'
  | 'problems'
  | 'copy_link'
  | 'next_view'
  | 'previous_view'
  | 'zoom_out'
  | 'earlier'
  | 'later';

export interface KeyPress {
  key: string;
  ctrl: boolean;
  meta: boolean;
  alt: boolean;
  /** During IME composition no key is a command. */
  composing: boolean;
  /** Whether the focus is in something one types into. */
  typing: boolean;
}

export interface KeyState {
  /** `g` was pressed and what follows names a page. */
  going: boolean;
}

const GO: Record<string, KeyAction> = {
  s: 'go_spotlight',
  e: 'go_explore',
  t: 'go_topology',
  d: 'go_dashboards',
  a: 'go_alerts',
  v: 'go_events',
  c: 'go_captures',
  ',': 'go_about',
};

const PLAIN: Record<string, KeyAction> = {
  '/': 'filter',
  '?': 'help',
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  Home: 'first',
  End: 'last',
  ArrowLeft: 'fold',
  ArrowRight: 'unfold',
  Enter: 'open',
  d: 'dashboard',
  Escape: 'close',
  t: 'range',
  r: 'refresh',
  l: 'live',
  x: 'problems',
  y: 'copy_link',
  ']': 'next_view',
  '[': 'previous_view',
  '-': 'zoom_out',
  ',': 'earlier',
  '.': 'later',
};

/** Keys that do something while one types. */
const WHILE_TYPING = new Set(['Escape']);

export function nextKey(state: KeyState, press: KeyPress): { state: KeyState; action?: KeyAction } {
  const idle = { going: false };
  if (press.composing || press.ctrl || press.meta || press.alt) return { state: idle };
  if (press.typing && !WHILE_TYPING.has(press.key)) return { state: idle };
  if (state.going) return { state: idle, action: GO[press.key] };
  if (press.key === 'g') return { state: { going: true } };
  return { state: idle, action: PLAIN[press.key] };
}

/** The keys as the help shows them, in groups. */
export const KEY_HELP: readonly {
  group: 'pages' | 'rows' | 'view' | 'time';
  keys: string[];
  action: KeyAction;
}[] = [
  { group: 'pages', keys: ['g', 's'], action: 'go_spotlight' },
  { group: 'pages', keys: ['g', 'e'], action: 'go_explore' },
  { group: 'pages', keys: ['g', 't'], action: 'go_topology' },
  { group: 'pages', keys: ['g', 'd'], action: 'go_dashboards' },
  { group: 'pages', keys: ['g', 'a'], action: 'go_alerts' },
  { group: 'pages', keys: ['g', 'v'], action: 'go_events' },
  { group: 'pages', keys: ['g', 'c'], action: 'go_captures' },
  { group: 'pages', keys: ['g', ','], action: 'go_about' },
  { group: 'pages', keys: ['?'], action: 'help' },
  { group: 'rows', keys: ['j', '↓'], action: 'down' },
  { group: 'rows', keys: ['k', '↑'], action: 'up' },
  { group: 'rows', keys: ['←'], action: 'fold' },
  { group: 'rows', keys: ['→'], action: 'unfold' },
  { group: 'rows', keys: ['Enter'], action: 'open' },
  { group: 'rows', keys: ['d'], action: 'dashboard' },
  { group: 'rows', keys: ['Esc'], action: 'close' },
  { group: 'view', keys: ['/'], action: 'filter' },
  { group: 'view', keys: ['x'], action: 'problems' },
  { group: 'view', keys: ['['], action: 'previous_view' },
  { group: 'view', keys: [']'], action: 'next_view' },
  { group: 'view', keys: ['y'], action: 'copy_link' },
  { group: 'time', keys: ['t'], action: 'range' },
  { group: 'time', keys: ['-'], action: 'zoom_out' },
  { group: 'time', keys: [','], action: 'earlier' },
  { group: 'time', keys: ['.'], action: 'later' },
  { group: 'time', keys: ['r'], action: 'refresh' },
  { group: 'time', keys: ['l'], action: 'live' },
];
