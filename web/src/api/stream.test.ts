import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream, queryString } from './stream';

/** An `EventSource` that does what the test says. */
class FakeSource extends EventTarget {
  static made: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.made.push(this);
  }
  close() {
    this.closed = true;
  }
  send(event: string, data: string) {
    this.dispatchEvent(new MessageEvent(event, { data }));
  }
}

beforeEach(() => {
  FakeSource.made = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open() {
  const got: unknown[] = [];
  const states: string[] = [];
  const close = openStream({ url: '/s', on: { table: (t) => got.push(t) }, onState: (s) => states.push(s) });
  return { got, states, close };
}

test('messages of the asked kind are handed on, broken ones are not', () => {
  const { got, states } = open();
  const source = FakeSource.made[0]!;
  source.onopen?.();
  source.send('table', '{"rows":1}');
  source.send('table', '{"rows":');
  source.send('other', '{}');
  expect(got).toEqual([{ rows: 1 }]);
  expect(states).toEqual(['connecting', 'open']);
});

test('a lost stream is opened again, each time later, up to ten seconds', () => {
  const { states } = open();
  for (const ms of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
    const before = FakeSource.made.length;
    FakeSource.made.at(-1)!.onerror?.();
    expect(states.at(-1)).toBe('lost');
    vi.advanceTimersByTime(ms - 1);
    expect(FakeSource.made).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(FakeSource.made).toHaveLength(before + 1);
  }
});

test('a stream that worked begins again with a short wait', () => {
  open();
  FakeSource.made[0]!.onerror?.();
  vi.advanceTimersByTime(1000);
  FakeSource.made[1]!.onopen?.();
  FakeSource.made[1]!.onerror?.();
  vi.advanceTimersByTime(1000);
  expect(FakeSource.made).toHaveLength(3);
});

test('a closed stream stays closed', () => {
  const { close } = open();
  FakeSource.made[0]!.onerror?.();
  close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(1);
  expect(FakeSource.made[0]!.closed).toBe(true);
});

test('what is not said is not in the query', () => {
  expect(queryString({ limit: 5, q: '', sort: undefined, scope: null, view: 'flat' })).toBe(
    '?limit=5&view=flat',
  );
  expect(queryString({})).toBe('');
});
