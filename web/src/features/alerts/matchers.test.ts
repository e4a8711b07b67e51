import { expect, test } from 'vitest';
import { formatMatchers, matchText, parseMatchers } from './matchers';

test('conditions come back from the URL as they went in', () => {
  const matchers = [
    { label: 'node', op: '=', value: 'a,b="c"' },
    { label: 'container', op: '=~', value: 'web.*' },
  ];
  expect(parseMatchers(formatMatchers(matchers))).toEqual(matchers);
});

test('what is no condition is left out', () => {
  for (const text of [undefined, '', 'x', '{}', '[1]', '[["a","<","b"]]', '[["a","="]]']) {
    expect(parseMatchers(text)).toEqual([]);
  }
});

test('an alert is silenced by its rule and the labels that name it', () => {
  const alert = { rule_id: 'host-cpu', labels: { node: 'n1', image: 'i' } };
  expect(parseMatchers(matchText(alert))).toEqual([
    { label: 'rule_id', op: '=', value: 'host-cpu' },
    { label: 'node', op: '=', value: 'n1' },
  ]);
});
