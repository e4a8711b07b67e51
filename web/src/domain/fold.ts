import type { Row } from './row';

/** Which rows are folded: a rule for containers and groups, and the rows that differ from it. */
export interface Folds {
  containers: boolean;
  flipped: ReadonlySet<string>;
}

export const NOTHING_FOLDED: Folds = { containers: false, flipped: new Set() };

export function isFolded(folds: Folds, row: Row): boolean {
  const byRule = folds.containers && (row.kind === 'container' || row.kind === 'group');
  return folds.flipped.has(row.id) ? !byRule : byRule;
}

export function withFold(folds: Folds, row: Row, folded: boolean): Folds {
  if (isFolded(folds, row) === folded) return folds;
  const flipped = new Set(folds.flipped);
  if (!flipped.delete(row.id)) flipped.add(row.id);
  return { containers: folds.containers, flipped };
}
