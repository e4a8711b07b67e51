import { expect, test } from 'vitest';
import cases from '../../../crates/server/src/dashboards/template/cases.json';
import { parseScope } from './scope';
import { fill, matchersOf, UnknownPlace } from './template';

interface Case {
  name: string;
  query: string;
  thing: [string, string[]][];
  expected?: string;
  unknown?: [string, number];
}

test.each(cases as unknown as Case[])('as on the server: $name', ({ query, thing, expected, unknown }) => {
  const matchers = thing.map(([label, values]) => ({ label, values }));
  const filled = () =>
    fill(query, {
      selector: (name) => (name === 'thing' ? matchers : undefined),
      window: '60s',
      range: '3600s',
    });
  if (unknown) {
    expect(filled).toThrow(new UnknownPlace(...unknown));
  } else {
    expect(filled()).toBe(expected);
  }
});

test('a selector takes the labels it knows, under the names its series have', () => {
  const selector = {
    name: 'container',
    metric: 'container_last_seen',
    labels: [
      { scope: 'node', label: 'node' },
      { scope: 'container_id', label: 'name' },
    ],
  };
  expect(matchersOf(selector, parseScope('pid:4,container_id:3ac5,node:a'))).toEqual([
    { label: 'node', values: ['a'] },
    { label: 'name', values: ['3ac5'] },
  ]);
});
