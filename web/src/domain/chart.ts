export type Unit = 'cores' | 'bytes' | 'bytes_per_second' | 'count';

/** Lines that bound others and are no measurement: drawn thin and dashed. */
export const DASHED: ReadonlySet<string> = new Set(['limit']);

/** A limit so far above the use would press the use into a flat line at the bottom. */
const LIMIT_SHOWN_UP_TO = 3;

export function isUnit(word: string): word is Unit {
  return word === 'cores' || word === 'bytes' || word === 'bytes_per_second' || word === 'count';
}

export function chartSummary(values: readonly (number | null)[]): {
  last: number | null;
  most: number | null;
} {
  let last: number | null = null;
  let most: number | null = null;
  for (const v of values) {
    if (v === null) continue;
    last = v;
    if (most === null || v > most) most = v;
  }
  return { last, most };
}

/** Upper end of the scale: above every measurement, and above the limit where that lies near. */
export function scaleTop(lines: readonly { name: string; values: readonly (number | null)[] }[]): number {
  let used = 0;
  let limit = 0;
  for (const line of lines) {
    const { most } = chartSummary(line.values);
    if (DASHED.has(line.name)) limit = Math.max(limit, most ?? 0);
    else used = Math.max(used, most ?? 0);
  }
  const top = limit > 0 && limit <= used * LIMIT_SHOWN_UP_TO ? Math.max(used, limit) : used;
  return top === 0 ? 1 : top * 1.1;
}

/** Distances between ticks: 1, 2, 5 times a power of ten; powers of two where the unit is bytes. */
export function tickSteps(unit: Unit): number[] {
  const steps: number[] = [];
  if (unit === 'bytes' || unit === 'bytes_per_second') {
    for (let power = 0; power <= 50; power += 1) steps.push(2 ** power);
    return steps;
  }
  for (let power = unit === 'count' ? 0 : -3; power <= 12; power += 1) {
    // Written from the exponent: 10 ** -3 * 5 is not 0.005 exactly.
    for (const factor of [1, 2, 5]) steps.push(Number(`${factor}e${power}`));
  }
  return steps;
}

/** `1 GiB` for `1.00 GiB/s`: ticks are round, and the caption says that it is per second. */
export function tickText(text: string): string {
  return text
    .replace('/s', '')
    .replace(/\.0+(?=\D*$)/, '')
    .replace(/(\.\d*?)0+(?=\D*$)/, '$1')
    .replace(/^0 B$/, '0');
}

/** Where a value stands alone between two gaps. */
export function loneIndexes(values: ArrayLike<number | null | undefined>): number[] {
  const lone: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) lone.push(i);
  }
  return lone;
}

/**
 * Since when there are values, where that is so late in the range that the lines are a stub at its
 * end; `undefined` where they fill a fair part of it.
 */
export function lateStart(
  series: readonly { name: string; values: readonly (number | null)[] }[],
  fromMs: number,
  toMs: number,
  stepMs: number,
): number | undefined {
  const firsts = series
    .filter((s) => !DASHED.has(s.name))
    .map((s) => s.values.findIndex((v) => v !== null))
    .filter((i) => i >= 0);
  if (firsts.length === 0) return undefined;
  const start = fromMs + Math.min(...firsts) * stepMs;
  return start - fromMs > (toMs - fromMs) * LATE_FROM ? start : undefined;
}

const LATE_FROM = 0.75;
