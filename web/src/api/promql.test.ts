import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from './client';
import { askInstant, askRange, onGrid } from './promql';

const GRID = { fromMs: 60_000, toMs: 120_000, stepMs: 15_000 };
const alive = () => new AbortController().signal;

function answerWith(body: unknown, status = 200) {
  const asked = vi.fn(async (_url: URL) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', asked);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test('samples take their places on the grid, and what is no number is a gap', () => {
  const values: [number, string][] = [
    [60, '1'],
    [90.0001, '2.5'],
    [105, 'NaN'],
    [120, '+Inf'],
    [500, '9'],
  ];
  expect(onGrid(values, GRID)).toEqual([1, null, 2.5, null, null]);
});

test('a range is asked for in seconds and comes with the warnings of the server', async () => {
  const asked = answerWith({
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric: { mode: 'user' }, values: [[75, '3']] }] },
    warnings: ['a mistake, likely'],
  });
  expect(await askRange('up{a="b"}', GRID, alive())).toEqual({
    series: [{ labels: { mode: 'user' }, values: [null, 3, null, null, null] }],
    warnings: ['a mistake, likely'],
  });
  const url = asked.mock.calls[0]![0];
  expect(url.pathname).toMatch(/\/prometheus\/api\/v1\/query_range$/);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    query: 'up{a="b"}',
    start: '60',
    end: '120',
    step: '15',
  });
});

test.each([
  [{ resultType: 'scalar', result: [1, '7'] }, [{ labels: {}, value: 7 }]],
  [
    { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '7'] }] },
    [{ labels: { a: 'b' }, value: 7 }],
  ],
  [{ resultType: 'vector', result: [] }, []],
])('an instant answer of %j is %j', async (data, series) => {
  answerWith({ status: 'success', data });
  expect((await askInstant('up', 1000, alive())).series).toEqual(series);
});

test('what the server says is wrong with a query is the error', async () => {
  answerWith({ status: 'error', errorType: 'bad_data', error: '1:5: parse error: unexpected end' }, 400);
  await expect(askInstant('sum(', 1000, alive())).rejects.toEqual(
    new ApiError('bad_data', '1:5: parse error: unexpected end'),
  );
});

test('who is not signed in is told so as everywhere', async () => {
  answerWith({ error: { code: 'unauthorized', message: 'sign in first', hint: null, id: '1' } }, 401);
  await expect(askInstant('up', 1000, alive())).rejects.toMatchObject({ code: 'unauthorized' });
});

test('an answer of another program is told by its number', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
  await expect(askInstant('up', 1000, alive())).rejects.toMatchObject({ code: 'http', message: 'HTTP 502' });
});

test('six are under way at a time, in the order they were asked', async () => {
  const open: (() => void)[] = [];
  let most = 0;
  let now = 0;
  vi.stubGlobal('fetch', async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise<void>((answer) => open.push(answer));
    now -= 1;
    return new Response(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }));
  });
  const all = Array.from({ length: 20 }, () => askInstant('up', 1000, alive()));
  let answered = 0;
  while (answered < 20) {
    await Promise.resolve();
    const next = open.shift();
    if (next) {
      answered += 1;
      next();
    } else await new Promise((turn) => setTimeout(turn));
  }
  await Promise.all(all);
  expect(most).toBe(6);
});
