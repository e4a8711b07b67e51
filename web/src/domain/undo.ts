/** What was, what is, what was taken back. */
export interface Undoable<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** What the last change was of: the next of the same joins it, so that typing is one step. */
  key: string | undefined;
}

const MOST_STEPS = 100;

export function undoable<T>(present: T): Undoable<T> {
  return { past: [], present, future: [], key: undefined };
}

export function changed<T>(state: Undoable<T>, present: T, key?: string): Undoable<T> {
  if (present === state.present) return state;
  if (key !== undefined && key === state.key) return { ...state, present, future: [] };
  return { past: [...state.past, state.present].slice(-MOST_STEPS), present, future: [], key };
}

export function undone<T>(state: Undoable<T>): Undoable<T> {
  const present = state.past.at(-1);
  if (present === undefined) return state;
  return {
    past: state.past.slice(0, -1),
    present,
    future: [state.present, ...state.future],
    key: undefined,
  };
}

export function redone<T>(state: Undoable<T>): Undoable<T> {
  const [present, ...future] = state.future;
  if (present === undefined) return state;
  return { past: [...state.past, state.present], present, future, key: undefined };
}
