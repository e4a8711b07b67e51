import { expect, test } from 'vitest';
import {
  bytesText,
  coresText,
  countText,
  createFormatter,
  middleCut,
  percentText,
  spanText,
  three,
  withShortIds,
} from './format';

const en = createFormatter('en', 'Asia/Tokyo');
const ja = createFormatter('ja', 'Asia/Tokyo');
const AT = Date.UTC(2026, 10, 23, 4, 4, 5, 218);

test.each([
  [0, '0'],
  [0.07, '0.07'],
  [2.333, '2.33'],
  [9.994, '9.99'],
  [9.996, '10.0'],
  [44.84, '44.8'],
  [99.96, '100'],
  [326.4, '326'],
  [999.4, '999'],
  [-2.5, '-2.50'],
])('%d has three significant digits as %s', (value, text) => {
  expect(three(value)).toBe(text);
});

test.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [999.7, '1.00k'],
  [1310, '1.31k'],
  [184_000, '184k'],
  [2_900_000, '2.90M'],
])('the count %d is written %s', (value, text) => {
  expect(countText(value)).toBe(text);
});

test.each([
  [0, '0 B'],
  [0.4, '0 B'],
  [512, '512 B'],
  [1023.6, '1.00 KiB'],
  [1024, '1.00 KiB'],
  [1_048_576 * 97.9, '97.9 MiB'],
  [1024 ** 3 * 184, '184 GiB'],
  [1024 ** 3 * 1023.7, '1.00 TiB'],
])('%d bytes are written %s', (value, text) => {
  expect(bytesText(value)).toBe(text);
});

test.each([
  [0, '0'],
  [0.001, '<0.01'],
  [0.07, '0.07'],
  [2.334, '2.33'],
])('%d cores are written %s', (value, text) => {
  expect(coresText(value)).toBe(text);
});

test.each([
  [0, '0'],
  [0.01, '<0.1'],
  [4.23, '4.2'],
  [9.96, '10'],
  [97.4, '97'],
  [103.2, '103'],
])('%d per cent are written %s', (value, text) => {
  expect(percentText(value)).toBe(text);
});

test('what is not known is a dash and never a zero', () => {
  for (const write of [en.count, en.bytes, en.bytesPerSecond, en.cores, en.percent, en.exact]) {
    expect(write(null)).toBe('–');
    expect(write(undefined)).toBe('–');
    expect(write(Number.NaN)).toBe('–');
    expect(write(0)).not.toBe('–');
  }
});

test('times are 24 h with the offset of their zone, in both languages', () => {
  expect(en.dateTimeMs(AT)).toBe('2026-11-23 13:04:05.218 +09:00');
  expect(ja.dateTime(AT)).toBe('2026-11-23 13:04:05 +09:00');
  expect(createFormatter('en', 'UTC').dateTime(AT)).toBe('2026-11-23 04:04:05 +00:00');
  expect(en.dayTime(AT)).toBe('11-23 13:04:05');
  expect(en.time(Date.UTC(2026, 10, 23, 15, 0, 0))).toBe('00:00:00');
});

test('a zone that does not exist is the browser’s own', () => {
  expect(createFormatter('en', 'Nowhere/City').timeZone).toBe(createFormatter('en').timeZone);
});

test('zones have their short names where there is one', () => {
  expect(en.zoneName(AT)).toBe('JST');
  expect(createFormatter('en', 'UTC').zoneName(AT)).toBe('UTC');
});

test.each([
  [500, '0 s ago', '0秒前'],
  [6000, '6 s ago', '6秒前'],
  [61_000, '1 min ago', '1分前'],
  [8 * 3_600_000, '8 h ago', '8時間前'],
  [3 * 86_400_000, '3 d ago', '3日前'],
  [-5000, '0 s ago', '0秒前'],
])('%i ms ago is %s and %s', (ms, english, japanese) => {
  expect(en.ago(AT - ms, AT)).toBe(english);
  expect(ja.ago(AT - ms, AT)).toBe(japanese);
});

test.each([
  [480, '480 ms', '480 ms'],
  [6000, '6 s', '6秒'],
  [101 * 60_000, '1 h 41 min', '1時間41分'],
  [3_600_000, '1 h', '1時間'],
  [74 * 3_600_000, '3 d 2 h', '3日2時間'],
  [19 * 86_400_000 + 7_200_000, '19 d', '19日'],
])('a stretch of %i ms is %s and %s', (ms, english, japanese) => {
  expect(spanText(ms, 'en')).toBe(english);
  expect(spanText(ms, 'ja')).toBe(japanese);
});

test('a long name is cut in the middle, as its end tells it apart', () => {
  expect(middleCut('ingest-worker-7d9f6c5b8-x2kqp', 20)).toBe('ingest-wor…5b8-x2kqp');
  expect(middleCut('short', 20)).toBe('short');
});

test('whole container ids in a text are shortened, other hex is left', () => {
  const id = '3ac5'.repeat(16);
  expect(withShortIds(`read in ${id} (vm), digest ${'3ac5'.repeat(8)}`)).toBe(
    `read in 3ac53ac53ac5 (vm), digest ${'3ac5'.repeat(8)}`,
  );
});
