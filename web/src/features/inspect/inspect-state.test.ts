import { expect, test } from 'vitest';
import {
  behind,
  choiceText,
  decodeInspect,
  drill,
  encodeInspect,
  type InspectState,
  up,
} from './inspect-state';

const search = {
  view: 'files',
  path: 'process:42:1700000000000000000~container:host',
  t0: '1700000000000000001',
  t1: '1700000000000000009',
  f: 'evt.failed = true',
  q: 'etc',
  sort: '-opens',
  n: '7',
  at: '1700000000000000005',
  pin: 'forks,signals',
};

test('the state comes back from the URL, nanoseconds and all', () => {
  expect(encodeInspect(decodeInspect(search))).toEqual(search);
  expect(encodeInspect(decodeInspect({}))).toEqual({});
  expect(decodeInspect({ pin: 'none' }).pins).toEqual(['none']);
});

test('what makes no sense is left out', () => {
  const state = decodeInspect({ view: 'x', t0: '1e9', n: '-1', path: '~~' });
  expect(state).toMatchObject({ view: 'overview', t0: undefined, n: undefined, path: [] });
});

test('in and out are steps of the same way', () => {
  let state: InspectState = { ...decodeInspect({}), view: 'processes' };
  state = drill(state, behind('processes'), 'process:42:0');
  expect(state).toMatchObject({ view: 'files', path: ['process:42:0'] });
  state = drill(state, 'events', 'file:/etc/passwd');
  state = { ...state, n: 9 };
  const views = [];
  for (let at = up(state); at !== undefined; at = up(at)) views.push([at.view, at.path.length, at.n]);
  expect(views).toEqual([
    ['events', 2, undefined],
    ['files', 1, undefined],
    ['processes', 0, undefined],
    ['overview', 0, undefined],
  ]);
});

test('filters of tiles are added to the one that stands', () => {
  const state = drill(decodeInspect({ f: 'proc.name = cat' }), 'events', undefined, 'evt.failed = true');
  expect(state.filter).toBe('(proc.name = cat) and (evt.failed = true)');
});

test('a choice is told without its kind', () => {
  expect(choiceText('process:42:17')).toBe('42');
  expect(choiceText('file:/tmp/a%7Eb%25')).toBe('/tmp/a~b%');
});
