/**
 * Live data and a reader who is looking: what arrives while the view is held waits, the newest
 * only, and is counted. Pure, so that "nothing moves under the pointer" can be proven.
 */
export interface Held<T> {
  shown: T | undefined;
  waiting: T | undefined;
  waitingCount: number;
}

export function nothingHeld<T>(): Held<T> {
  return { shown: undefined, waiting: undefined, waitingCount: 0 };
}

export function arrive<T>(state: Held<T>, value: T, held: boolean): Held<T> {
  if (!held || state.shown === undefined) return { shown: value, waiting: undefined, waitingCount: 0 };
  return { shown: state.shown, waiting: value, waitingCount: state.waitingCount + 1 };
}

export function release<T>(state: Held<T>): Held<T> {
  if (state.waiting === undefined) return state;
  return { shown: state.waiting, waiting: undefined, waitingCount: 0 };
}
