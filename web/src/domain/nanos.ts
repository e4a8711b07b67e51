/** Moments in nanoseconds, as text: they are more than a number holds. */
import type { Formatter } from './format';

/** Milliseconds, with what is left behind the point as far as a number holds it. */
export function msOf(ns: string): number {
  return Number(BigInt(ns) / 1000n) / 1000;
}

/** Nanoseconds between two moments. */
export function between(from: string, to: string): number {
  return Number(BigInt(to) - BigInt(from));
}

/** A moment so many nanoseconds behind another. */
export function after(from: string, ns: number): string {
  return (BigInt(from) + BigInt(Math.round(ns))).toString();
}

/** `13:04:05.218 431`: milliseconds, then microseconds. */
export function clock(ns: string, format: Formatter): string {
  return `${format.timeMs(Number(BigInt(ns) / 1_000_000n))} ${ns.slice(-6, -3).padStart(3, '0')}`;
}
