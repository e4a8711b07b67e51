import { expect, test } from 'vitest';
import type { DashboardContent } from '../../api/dashboards';
import { newPanel, problemOf, problemsBelow, suggestions, withMovedPanel } from './draft';

const content: DashboardContent = {
  title: 't',
  description: '',
  selectors: [],
  panels: ['a', 'b', 'c'].map(newPanel),
};
const titles = (c: DashboardContent) => c.panels.map((p) => p.title).join('');

test('a panel moves one place and not beyond the ends', () => {
  expect(titles(withMovedPanel(content, 0, 1))).toBe('bac');
  expect(titles(withMovedPanel(content, 2, 1))).toBe('acb');
  expect(withMovedPanel(content, 0, -1)).toBe(content);
  expect(withMovedPanel(content, 2, 3)).toBe(content);
});

test('problems are found by their place', () => {
  const problems = [
    { place: 'panels[1].queries[0].promql', message: 'unexpected end' },
    { place: 'panels[10].title', message: 'missing' },
  ];
  expect(problemOf(problems, 'panels[1].queries[0].promql')).toBe('unexpected end');
  expect(problemOf(problems, 'panels[1].title')).toBeUndefined();
  expect([1, 10].map((i) => problemsBelow(problems, `panels[${i}]`))).toEqual([1, 1]);
});

const NAMES = ['container_memory_rss', 'node_load1', 'node_load15', 'up'];

test.each([
  ['rate(node_l', 11, ['node_load1', 'node_load15']],
  ['rate(memory', 11, ['container_memory_rss']],
  ['no', 2, ['node_load1', 'node_load15']],
  ['n', 1, undefined],
  ['sum($node', 9, undefined],
  ['node_load1', 10, undefined],
  ['node_load', 4, undefined],
  ['nothing_like_it', 15, undefined],
])('behind %j at %d come %j', (text, cursor, names) => {
  expect(suggestions(text, cursor, NAMES)?.names).toEqual(names);
});
