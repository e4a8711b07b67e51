import { expect, test } from 'vitest';
import type { InspectOverview } from '../../api/inspect';
import { stepsOf, windowOf } from './window';

const overview = {
  steps_from_ns: '1700000000000000001',
  step_ns: 1_048_576,
  tiles: [{ values: Array.from({ length: 100 }, () => 0) }],
} as unknown as InspectOverview;

test('a window of steps comes back as the same steps', () => {
  for (const [from, to] of [
    [10, 20],
    [0, 5],
    [99, 100],
  ] as const) {
    expect(stepsOf(overview, windowOf(overview, from, to))).toEqual([from, to]);
  }
});

test('all steps, or none, are no window', () => {
  const none = { t0: undefined, t1: undefined };
  expect(windowOf(overview, 0, 100)).toEqual(none);
  expect(windowOf(overview, 7, 7)).toEqual(none);
  expect(stepsOf(overview, none)).toEqual([0, 100]);
  expect(stepsOf({ ...overview, steps_from_ns: null }, { t0: '5', t1: '6' })).toEqual([0, 100]);
});
