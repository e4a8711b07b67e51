import { expect, test } from 'vitest';
import { rowOf } from '../testing/fixtures';
import { heatOf, worstChildShown } from './heat';
import { isProblem, statusOf } from './status';

test.each([
  [null, 'none'],
  [undefined, 'none'],
  [Number.NaN, 'none'],
  [0, 'none'],
  [59.9, 'none'],
  [60, 'notice'],
  [75, 'warn'],
  [89.9, 'warn'],
  [90, 'crit'],
  [130, 'crit'],
])('%d per cent is %s', (percent, heat) => {
  expect(heatOf(percent)).toBe(heat);
});

test.each([
  [30, 97, 97],
  [30, 74, undefined],
  [30, null, undefined],
  [null, 80, 80],
  [97, 97, undefined],
])('a parent at %d with a worst child at %d shows %d', (own, worst, shown) => {
  expect(worstChildShown(own, worst)).toBe(shown);
});

test.each([
  [{ kind: 'host' as const }, false, 'reporting'],
  [{ kind: 'host' as const }, true, 'silent'],
  [{ kind: 'container' as const, memory_percent: 95, cpu_percent: 95 }, false, 'memory_high'],
  [{ kind: 'container' as const, cpu_percent: 95 }, false, 'cpu_high'],
  [{ kind: 'container' as const }, false, 'ok'],
  [{ kind: 'process' as const, state: 'D' }, false, 'disk_wait'],
  [{ kind: 'process' as const, state: 'Z' }, false, 'zombie'],
  [{ kind: 'process' as const, state: null }, false, 'unknown'],
])('the status of %j with a silent agent %s is %s', (part, silent, word) => {
  expect(statusOf(rowOf({ id: 'x', name: 'x', ...part }), silent).word).toBe(word);
});

test.each([
  [{ cpu_percent: 91 }, true],
  [{ memory_percent: 80 }, false],
  [{ findings: [{ severity: 'high' as const, count: 1 }] }, true],
  [{ findings: [{ severity: 'low' as const, count: 9 }] }, false],
  [{ state: 'Z' }, true],
])('a process with %j is a problem: %s', (part, problem) => {
  expect(isProblem(rowOf({ id: 'x', kind: 'process', name: 'x', state: 'S', ...part }), false)).toBe(problem);
});
