import type { Severity, SeverityCount } from './row';

/** Gravest first: the order of every list, legend and stack. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

const RANK: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

export function graver(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

export function severityRank(severity: Severity): number {
  return RANK[severity];
}

export function isSeverity(word: string): word is Severity {
  return word in RANK;
}

/** The count of one severity in a list that leaves out what is zero. */
export function countOf(counts: readonly SeverityCount[], severity: Severity): number {
  return counts.find((c) => c.severity === severity)?.count ?? 0;
}

export function totalOf(counts: readonly SeverityCount[]): number {
  return counts.reduce((sum, c) => sum + c.count, 0);
}

/** The gravest severity that has a count, with that count. */
export function gravest(counts: readonly SeverityCount[]): SeverityCount | undefined {
  let best: SeverityCount | undefined;
  for (const c of counts) {
    if (c.count > 0 && (best === undefined || RANK[c.severity] > RANK[best.severity])) best = c;
  }
  return best;
}

/** Sortable weight of a row's findings: one critical stands above any number of highs. */
export function findingsWeight(counts: readonly SeverityCount[]): number {
  let weight = 0;
  for (const c of counts) weight += Math.min(c.count, 999) * 1000 ** RANK[c.severity];
  return weight;
}
