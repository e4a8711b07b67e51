import { expect, test } from 'vitest';
import { chartSummary, lateStart, loneIndexes, scaleTop, tickSteps } from './chart';
import { splitAround } from './highlight';
import { sparkPath } from './spark';

const used = (...values: (number | null)[]) => ({ name: 'used', values });
const limit = (value: number) => ({ name: 'limit', values: [value, value] });

test('the newest known value and the largest are told', () => {
  expect(chartSummary([1, 5, 2, null])).toEqual({ last: 2, most: 5 });
  expect(chartSummary([null])).toEqual({ last: null, most: null });
});

test.each([
  ['nothing', [used(0, 0)], 1],
  ['a line', [used(1, 2)], 2.2],
  ['a limit near by', [used(1), limit(2)], 2.2],
  ['a limit far above, which must not flatten the line', [used(1), limit(64)], 1.1],
])('the scale of %s ends above what is drawn', (_, lines, top) => {
  expect(scaleTop(lines)).toBeCloseTo(top);
});

test('ticks of bytes are powers of two, of cores round numbers', () => {
  expect(tickSteps('bytes')).toContain(1024 ** 3);
  expect(tickSteps('cores')).toContain(0.05);
  expect(tickSteps('count')[0]).toBe(1);
});

test('a sparkline breaks where there was no value', () => {
  const { line, end } = sparkPath([1, 1, null, 1, null, 1, 1], 64, 18);
  expect(line.match(/M/g)).toHaveLength(3);
  expect(line).toContain('h0');
  expect(end).not.toBe('');
});

test('no value is no line, and an unknown end has no mark', () => {
  expect(sparkPath([null, null], 64, 18)).toEqual({ line: '', end: '' });
  expect(sparkPath([], 64, 18).line).toBe('');
  expect(sparkPath([1, null], 64, 18).end).toBe('');
});

test('the noise of an idle process stays at the bottom', () => {
  const heights = sparkPath([0.001, 0.002], 64, 18)
    .line.match(/ [\d.]+/g)!
    .map(Number);
  for (const y of heights) expect(y).toBeGreaterThan(15);
});

test.each([
  ['proc.name in (bash, sh)', 'sh', 'proc.name in (bash, '],
  ['evt.type in (execve, execveat)', 'execve', 'evt.type in ('],
  ['fd.name = /etc/shadow', '/etc/shadow', 'fd.name = '],
])('in %j the value %j is marked as a whole word', (text, value, before) => {
  expect(splitAround(text, value)?.before).toBe(before);
});

test.each([
  ['proc.tty != 0', '34816'],
  ['container.id != host', 'id'],
  ['proc.name in (bash)', ''],
])('in %j nothing is marked for %j', (text, value) => {
  expect(splitAround(text, value)).toBeUndefined();
});

test('values between two gaps are found, as a line cannot show them', () => {
  expect(loneIndexes([1, null, 1, 1, null, null, 1])).toEqual([0, 6]);
  expect(loneIndexes([])).toEqual([]);
});

test.each([
  ['a stub at the end', [null, null, null, null, null, null, null, null, null, 1], 900],
  ['half of the range', [null, null, null, null, null, 1, 1, 1, 1, 1], undefined],
  ['nothing', [null, null], undefined],
])('lines that are %s begin late at %s', (_, values, start) => {
  expect(lateStart([used(...values), limit(4)], 0, 1000, 100)).toBe(start);
});
