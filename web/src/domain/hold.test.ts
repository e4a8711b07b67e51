import { expect, test } from 'vitest';
import { arrive, nothingHeld, release } from './hold';

test('updates are shown as they arrive while nothing is held', () => {
  expect(arrive(arrive(nothingHeld<string>(), 'a', false), 'b', false)).toEqual({
    shown: 'b',
    waiting: undefined,
    waitingCount: 0,
  });
});

test('held updates wait, the newest only, and are counted', () => {
  const state = ['b', 'c', 'd'].reduce(
    (s, v) => arrive(s, v, true),
    arrive(nothingHeld<string>(), 'a', false),
  );
  expect(state).toEqual({ shown: 'a', waiting: 'd', waitingCount: 3 });
  expect(release(state)).toEqual({ shown: 'd', waiting: undefined, waitingCount: 0 });
});

test('the first is shown even where something is held', () => {
  expect(arrive(nothingHeld<string>(), 'a', true).shown).toBe('a');
});

test('letting go of nothing changes nothing', () => {
  const state = arrive(nothingHeld<string>(), 'a', false);
  expect(release(state)).toBe(state);
});

test('an update that is not held outdates what waits', () => {
  const state = arrive(arrive(nothingHeld<string>(), 'a', false), 'b', true);
  expect(arrive(state, 'c', false)).toEqual({ shown: 'c', waiting: undefined, waitingCount: 0 });
});
