import { expect, test } from 'vitest';
import { parseScope } from './scope';
import {
  commonOf,
  decodeEvents,
  decodeExplore,
  decodeRange,
  type EventsState,
  type ExploreState,
  encodeEvents,
  encodeExplore,
  encodeRange,
  parseSearch,
  sortAfterClick,
  stringifySearch,
} from './search';
import { absolute, DEFAULT_RANGE, parseRange } from './time-range';

const EXPLORE: ExploreState = decodeExplore({});
const EVENTS: EventsState = decodeEvents({});
const CONTAINER = `container:atlas-1:${'ab'.repeat(32)}`;
const SCOPE = parseScope(`node:atlas-1,container_id:${'ab'.repeat(32)}`);

const exploreStates: [string, Partial<ExploreState>][] = [
  ['the default', {}],
  ['a flat view', { view: 'flat' }],
  ['another order', { sort: { column: 'memory', descending: false } }],
  ['a filter with every awkward letter', { q: 'a&b=c #%+ "シェル" /' }],
  ['problems only', { problemsOnly: true }],
  ['folded containers but one', { folds: { containers: true, flipped: new Set([CONTAINER]) } }],
  ['two folded rows', { folds: { containers: false, flipped: new Set(['host:a', CONTAINER]) } }],
  ['a scope and an open drawer', { scope: SCOPE, selected: 'process:atlas-1:42:1795406645000' }],
  ['chosen columns', { columns: ['cpu', 'fds'] }],
];

test.each(exploreStates)('Explore with %s survives the URL', (_, part) => {
  const state = { ...EXPLORE, ...part };
  expect(decodeExplore(parseSearch(stringifySearch(encodeExplore(state))))).toEqual(state);
});

const eventsStates: [string, Partial<EventsState>][] = [
  ['the default', {}],
  ['two severities', { severities: ['critical', 'high'] }],
  ['groups', { grouped: true }],
  ['a rule and a container', { rule: 'Write below /etc', container: 'ab'.repeat(32) }],
  ['the host only', { container: 'host', q: 'cat' }],
];

test.each(eventsStates)('Events with %s survive the URL', (_, part) => {
  const state = { ...EVENTS, ...part };
  expect(decodeEvents(parseSearch(stringifySearch(encodeEvents(state))))).toEqual(state);
});

test.each(['6h', 'now-7d to now-1d'])('the range %s survives the URL', (text) => {
  const range = parseRange(text)!;
  expect(decodeRange(parseSearch(stringifySearch(encodeRange(range))))).toEqual(range);
});

test('an absolute range survives the URL', () => {
  const range = absolute(1_795_400_000_000, 1_795_406_645_000);
  expect(decodeRange(parseSearch(stringifySearch(encodeRange(range))))).toEqual(range);
});

test('what is the default is not in the URL', () => {
  expect(
    stringifySearch({ ...encodeExplore(EXPLORE), ...encodeEvents(EVENTS), ...encodeRange(DEFAULT_RANGE) }),
  ).toBe('');
});

test('ids and lists stay readable in the URL', () => {
  expect(stringifySearch({ sel: 'process:a:1:2', sev: 'critical,high', q: 'a b' })).toBe(
    '?sel=process:a:1:2&sev=critical,high&q=a+b',
  );
});

test.each([[{ from: 'rubbish' }], [{ from: 'now', to: 'now-1h' }], [{ to: 'now-2h' }]])(
  'the range %j that is none becomes the default',
  (search) => {
    expect(decodeRange(search)).toEqual(DEFAULT_RANGE);
  },
);

test('unknown words of a URL are passed over', () => {
  expect(decodeExplore({ view: 'cube', sort: '-nothing', cols: 'cpu,nothing', only: 'x' })).toEqual({
    ...EXPLORE,
    columns: ['cpu'],
  });
  expect(decodeEvents({ sev: 'critical,nothing' }).severities).toEqual(['critical']);
});

test('only what every page has goes along to the next page', () => {
  expect(commonOf({ from: 'now-6h', tz: 'UTC', scope: 'node:a', q: 'x', sel: 'y' })).toEqual({
    from: 'now-6h',
    tz: 'UTC',
    scope: 'node:a',
  });
});

test('a click on a header sorts numbers from the largest, words from the first, then turns round', () => {
  const byMemory = sortAfterClick(EXPLORE.sort, 'memory');
  expect(byMemory).toEqual({ column: 'memory', descending: true });
  expect(sortAfterClick(byMemory, 'memory')).toEqual({ column: 'memory', descending: false });
  expect(sortAfterClick(byMemory, 'name')).toEqual({ column: 'name', descending: false });
});
