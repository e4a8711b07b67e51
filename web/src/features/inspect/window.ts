/** The window of time, in steps of the courses and back. */
import type { InspectOverview } from '../../api/inspect';
import { after, between } from '../../domain/nanos';
import type { InspectState } from './inspect-state';

type Steps = Pick<InspectOverview, 'steps_from_ns' | 'step_ns' | 'tiles'>;

export function stepCount(overview: Steps): number {
  return overview.tiles[0]?.values.length ?? 0;
}

/** The first step of the window and the one behind its last; all of them without a window. */
export function stepsOf(overview: Steps, state: Pick<InspectState, 't0' | 't1'>): [number, number] {
  const count = stepCount(overview);
  const at = (ns: string | undefined, otherwise: number, round: (x: number) => number) =>
    ns === undefined || overview.steps_from_ns == null
      ? otherwise
      : Math.max(0, Math.min(count, round(between(overview.steps_from_ns, ns) / overview.step_ns)));
  return [at(state.t0, 0, Math.floor), at(state.t1, count, Math.ceil)];
}

/** The window that has these steps; none when that is all of them. */
export function windowOf(overview: Steps, from: number, to: number): Pick<InspectState, 't0' | 't1'> {
  const begin = overview.steps_from_ns;
  const count = stepCount(overview);
  if (begin == null || to <= from || (from <= 0 && to >= count)) return { t0: undefined, t1: undefined };
  return {
    t0: from <= 0 ? undefined : after(begin, from * overview.step_ns),
    t1: to >= count ? undefined : after(begin, to * overview.step_ns),
  };
}
