import { expect, test } from 'vitest';
import { createFormatter } from './format';
import {
  durationsOf,
  gridOf,
  heatAt,
  isInstant,
  labelText,
  largest,
  type PanelLine,
  type PanelUnit,
  secondsText,
  seriesName,
  stacked,
  strokes,
  tableLabels,
  tableRows,
  writerOf,
} from './panel';

const ENGLISH = createFormatter('en', 'UTC');
const HOUR = 3_600_000;
const NOW = 1_795_406_645_123;

test.each([
  [60_000, 5],
  [5 * 60_000, 5],
  [HOUR, 15],
  [6 * HOUR, 120],
  [24 * HOUR, 300],
  [7 * 24 * HOUR, 3600],
  [400 * 24 * HOUR, 2 * 86_400],
])('a range of %d ms has steps of %d s at round times and at most 300 of them', (ms, step) => {
  const grid = gridOf({ fromMs: NOW - ms, toMs: NOW });
  expect(grid.stepMs).toBe(step * 1000);
  expect([grid.fromMs % grid.stepMs, grid.toMs % grid.stepMs]).toEqual([0, 0]);
  expect((grid.toMs - grid.fromMs) / grid.stepMs).toBeLessThanOrEqual(300);
});

test('a range shorter than a step has one moment', () => {
  const grid = gridOf({ fromMs: NOW, toMs: NOW + 10 });
  expect(grid.toMs).toBeGreaterThanOrEqual(grid.fromMs);
});

test('rate looks at a minute at least, and at all of a step', () => {
  const of = (ms: number) => {
    const range = { fromMs: NOW - ms, toMs: NOW };
    return durationsOf(gridOf(range), range);
  };
  expect(of(HOUR)).toEqual({ window: '60s', range: '3600s' });
  expect(of(7 * 24 * HOUR)).toEqual({ window: '3600s', range: '604800s' });
});

test('tables, bars and numbers over the whole range are asked for once', () => {
  expect(isInstant('table', 'up')).toBe(true);
  expect(isInstant('top', 'up')).toBe(true);
  expect(isInstant('stat', 'sum(increase(a[$range]))')).toBe(true);
  expect(isInstant('stat', 'sum(rate(a[$window]))')).toBe(false);
  expect(isInstant('line', 'sum(increase(a[$range]))')).toBe(false);
});

const ID = 'ab'.repeat(32);

test.each([
  ['{{comm}} {{pid}}', { comm: 'sh', pid: '4' }, 'sh 4'],
  ['{{ container }} {{name}}', { container: '', name: ID }, 'abababababab'],
  ['free', {}, 'free'],
  ['', { __name__: 'up', job: 'x', mode: 'user' }, 'mode=user'],
  ['{{nothing}}', { mode: 'user' }, 'mode=user'],
  ['', { __name__: 'up' }, 'up'],
  ['', {}, ''],
])('the legend %j of %j is %j', (template, labels, name) => {
  expect(seriesName(template, labels as Record<string, string>)).toBe(name);
});

test('the start of a process is shown as a time', () => {
  expect(labelText('start', '1700000000.12', ENGLISH)).toBe('11-14 22:13:20');
  expect(labelText('start', 'other', ENGLISH)).toBe('other');
});

const flat = (name: string, value: number | null): PanelLine => ({ name, values: [value, value] });

test('of 13 lines the 10 largest are drawn and the rest as one', () => {
  const lines = Array.from({ length: 13 }, (_, i) => flat(String(i), i));
  expect(largest(lines.slice(1), 12)).toHaveLength(12);
  const drawn = largest(lines, 12);
  expect(drawn.map((l) => l.name)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '']);
  expect(drawn.at(-1)).toEqual({ name: '', values: [3, 3], others: 3 });
});

test('the sum of what is not known is not known', () => {
  expect(largest([flat('a', 2), flat('b', null), flat('c', null)], 2).at(-1)?.values).toEqual([null, null]);
});

test('a name has the same colour wherever nothing else has it, and a chart has no colour twice', () => {
  const alone = strokes(['web']).get('web');
  expect(strokes(['web', 'web']).get('web')).toEqual(alone);
  const names = Array.from({ length: 12 }, (_, i) => `series ${i}`);
  const all = [...strokes(names).values()];
  expect(new Set(all.map((s) => `${s.colour} ${s.dashed}`)).size).toBe(12);
  expect(all.filter((s) => s.dashed)).toHaveLength(6);
  expect(strokes(['web'], names).get('web')).toEqual(alone);
  // The order in which they come does not matter.
  expect(strokes([...names].reverse())).toEqual(strokes(names));
});

test('a stack leaves out what is not known and is not known where nothing is', () => {
  const lines = [
    { name: 'a', values: [1, null, null] },
    { name: 'b', values: [2, 2, null] },
  ];
  expect(stacked(lines).map((l) => l.values)).toEqual([
    [1, null, null],
    [3, 2, null],
  ]);
});

test('the last threshold that is reached gives the colour', () => {
  const steps = [
    { from: 60, heat: 'notice' as const },
    { from: 90, heat: 'crit' as const },
  ];
  expect([null, 59.9, 60, 89, 90].map((v) => heatAt(v, steps))).toEqual([
    'none',
    'none',
    'notice',
    'notice',
    'crit',
  ]);
});

test('answers of two queries stand beside each other by their labels', () => {
  const rows = tableRows([
    [
      { labels: { __name__: 'x', node: 'a', comm: 'sh' }, value: 1 },
      { labels: { node: 'a', comm: 'cat' }, value: 2 },
    ],
    [{ labels: { comm: 'sh', node: 'a' }, value: 3 }],
  ]);
  expect(rows.map((r) => r.values)).toEqual([
    [1, 3],
    [2, null],
  ]);
  expect(tableLabels(rows)).toEqual(['comm']);
  expect(tableLabels(rows.slice(0, 1))).toEqual(['comm', 'node']);
  expect(tableLabels(rows.slice(0, 1), 'sum by (node, comm) (x)')).toEqual(['node', 'comm']);
});

test.each([
  ['count', 1310, '1.31k'],
  ['count_per_second', 12.345, '12.3/s'],
  ['requests_per_second', 1200, '1.20k req/s'],
  ['percent', 97.2, '97 %'],
  ['seconds', 0.0841, '84.1 ms'],
  ['timestamp', 1_700_000_000, '2023-11-14 22:13:20 +00:00'],
  ['bytes', null, '–'],
  ['seconds', null, '–'],
] as [PanelUnit, number | null, string][])('%s of %d is written %s', (unit, value, text) => {
  expect(writerOf(unit, ENGLISH)(value)).toBe(text);
});

test.each([
  [0, '0 s'],
  [0.000_012, '12.0 µs'],
  [1.2, '1.20 s'],
  [11_520, '3 h 12 min'],
])('%d seconds are %s', (value, text) => {
  expect(secondsText(value, ENGLISH)).toBe(text);
});
