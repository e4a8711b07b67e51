import { expect, test } from 'vitest';
import { changed, redone, undoable, undone } from './undo';

test('steps go back and forth', () => {
  const typed = changed(changed(undoable('a'), 'b'), 'c');
  const once = undone(typed);
  const twice = undone(once);
  expect([once.present, twice.present]).toEqual(['b', 'a']);
  expect(undone(twice)).toBe(twice);
  const again = redone(twice);
  expect(again.present).toBe('b');
  const other = changed(again, 'd');
  expect(redone(other)).toBe(other);
  expect(undone(other).present).toBe('b');
});

test('typing in one field is one step, in another the next', () => {
  let state = undoable('');
  for (const text of ['a', 'ab', 'abc']) state = changed(state, text, 'title');
  const before = undone(changed(state, 'abc!', 'query'));
  expect(before.present).toBe('abc');
  expect(undone(before).present).toBe('');
});

test('after a step back typing begins a step of its own', () => {
  const state = undone(changed(changed(undoable('a'), 'b'), 'c', 'title'));
  expect(undone(changed(state, 'd', 'title')).present).toBe('b');
});

test('what changes nothing is no step', () => {
  const state = undoable('a');
  expect(changed(state, 'a')).toBe(state);
});

test('a hundred steps are kept', () => {
  let state = undoable(0);
  for (let i = 1; i <= 150; i += 1) state = changed(state, i);
  for (let i = 0; i < 150; i += 1) state = undone(state);
  expect(state.present).toBe(50);
});
