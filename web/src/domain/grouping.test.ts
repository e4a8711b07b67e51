import { expect, test } from 'vitest';
import { DEFAULT_GROUPING, decodeGrouping, encodeGrouping, GROUPINGS, parseGrouping } from './grouping';

test.each([
  ['user,comm', ['user', 'comm']],
  ['user > comm', ['user', 'comm']],
  [' node  container ', ['node', 'container']],
  ['a,a,b', ['a', 'b']],
  ['1x,ok,no-dash,é', ['ok']],
  ['', []],
])('%j names %j', (text, labels) => {
  expect(parseGrouping(text)).toEqual(labels);
});

test('no more levels than the server takes', () => {
  expect(parseGrouping('a,b,c,d,e,f,g,h,i,j')).toHaveLength(8);
});

test('the default is not in the URL, everything else comes back from it', () => {
  expect(encodeGrouping(DEFAULT_GROUPING)).toBeUndefined();
  expect(decodeGrouping(undefined)).toEqual(DEFAULT_GROUPING);
  expect(decodeGrouping('-')).toEqual(DEFAULT_GROUPING);
  for (const by of GROUPINGS) expect(decodeGrouping(encodeGrouping(by))).toEqual(by);
});
