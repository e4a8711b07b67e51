import { expect, test } from 'vitest';
import {
  absolute,
  endsNow,
  formatBound,
  formatDuration,
  parseBound,
  parseDuration,
  parseRange,
  presetOf,
  resolve,
  shifted,
} from './time-range';

const NOW = Date.UTC(2026, 10, 23, 4, 4, 5);
const HOUR = 3_600_000;

test.each([
  ['5m', 300_000],
  ['1h', HOUR],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['30s', 30_000],
])('the duration %s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'h', '1', '1y', '-1h', '1.5h', '1h ', '9999999h'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each(['5m', '90m', '1h', '36h', '1d', '7d', '2w', '45s'])('%s is written as it was read', (text) => {
  expect(formatDuration(parseDuration(text)!)).toBe(text);
});

test.each([
  ['now', { kind: 'now', agoMs: 0 }],
  ['now-6h', { kind: 'now', agoMs: 6 * HOUR }],
  [String(NOW), { kind: 'at', ms: NOW }],
  ['1795406645', { kind: 'at', ms: 1_795_406_645_000 }],
  ['2026-11-23 04:04:05', { kind: 'at', ms: NOW }],
  ['2026-11-23T04:04:05Z', { kind: 'at', ms: NOW }],
  ['2026-11-23 13:04:05 +09:00', { kind: 'at', ms: NOW }],
  ['2026-11-23 13:04:05 +0900', { kind: 'at', ms: NOW }],
  ['2026-11-23 04:04', { kind: 'at', ms: NOW - 5000 }],
  [' now ', { kind: 'now', agoMs: 0 }],
])('the bound %j is read', (text, bound) => {
  expect(parseBound(text)).toEqual(bound);
});

test.each(['', 'yesterday', 'now+1h', 'now-', '2026-13-40', '12', '2026-11-23 25:00'])(
  '%j is no bound',
  (text) => {
    expect(parseBound(text)).toBeUndefined();
  },
);

test.each(['now', 'now-6h', 'now-90m', '1795406645000'])('the bound %s survives the URL', (text) => {
  expect(formatBound(parseBound(text)!)).toBe(text);
});

test.each(['6h', 'now-6h', 'now-6h to now', 'now-6h – now', 'now-6h .. now'])(
  '%j is the last six hours',
  (text) => {
    const range = parseRange(text)!;
    expect(resolve(range, NOW)).toEqual({ fromMs: NOW - 6 * HOUR, toMs: NOW });
    expect(endsNow(range)).toBe(true);
    expect(presetOf(range)).toBe('6h');
  },
);

test.each(['now to now-6h', '6h to', 'a to b', '0h'])('%j is no range', (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test('a range in the past neither ends now nor is a preset', () => {
  const range = absolute(NOW - HOUR, NOW);
  expect(endsNow(range)).toBe(false);
  expect(presetOf(range)).toBeUndefined();
});

test('shifting back and forth comes to where it began', () => {
  const range = absolute(NOW - 3 * HOUR, NOW - 2 * HOUR);
  expect(shifted(shifted(range, NOW, -1), NOW, 1)).toEqual(range);
});

test('shifting past the present ends now and keeps its length', () => {
  const range = shifted(absolute(NOW - HOUR - 1000, NOW - 1000), NOW, 1);
  expect(resolve(range, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW });
  expect(endsNow(range)).toBe(true);
});
