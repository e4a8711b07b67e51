import { expect, test } from 'vitest';
import { scopeOf, subjectOf } from './subject';

const ID = '3a'.repeat(32);

test('an alert is about the nearest thing its labels name, and where that is', () => {
  expect(subjectOf({ node: 'n1', container: 'web', name: ID })).toEqual({ name: 'web', place: 'n1' });
  expect(subjectOf({ node: 'n1', name: ID })).toEqual({ name: '3a3a3a3a3a3a', place: 'n1' });
  expect(subjectOf({ node: 'n1', rule: 'Read of a file', container: 'web' })).toEqual({
    name: 'Read of a file, web',
    place: 'n1',
  });
  expect(subjectOf({ node: 'n1' })).toEqual({ name: 'n1', place: '' });
  expect(subjectOf({})).toEqual({ name: '', place: '' });
});

test('only labels that other pages know become a scope', () => {
  expect(scopeOf({ node: 'n1', container: 'web', name: ID, cause: 'x' })).toEqual([
    { label: 'node', values: ['n1'] },
    { label: 'container_id', values: [ID] },
  ]);
  expect(scopeOf({ node: 'n1', container: 'web' }).map((s) => s.label)).toEqual(['node', 'container']);
});
