/** Steps of a cell's colour. They come from thresholds, never from the row's own range. */
export type Heat = 'none' | 'notice' | 'warn' | 'crit';

/** Per cent of the limit at which `notice`, `warn` and `crit` begin. */
export interface HeatSteps {
  notice: number;
  warn: number;
  crit: number;
}

export const DEFAULT_HEAT: HeatSteps = { notice: 60, warn: 75, crit: 90 };

/** From here a parent shows the worst of its children at the left of its own value. */
export const WORST_CHILD_FROM = 75;

export function heatOf(percent: number | null | undefined, steps: HeatSteps = DEFAULT_HEAT): Heat {
  if (percent == null || Number.isNaN(percent)) return 'none';
  if (percent >= steps.crit) return 'crit';
  if (percent >= steps.warn) return 'warn';
  if (percent >= steps.notice) return 'notice';
  return 'none';
}

/** The worst child's value where it says more than the parent's own. */
export function worstChildShown(
  own: number | null | undefined,
  worst: number | null | undefined,
): number | undefined {
  if (worst == null || worst < WORST_CHILD_FROM) return undefined;
  return own != null && own >= worst ? undefined : worst;
}
