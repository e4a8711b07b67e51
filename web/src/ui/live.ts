/**
 * Whether live data may change what is on the page. Reasons to hold it come from all over (a hovered
 * row, an open menu, selected text, a hidden tab); the pill in the top bar shows the sum.
 */
import { useEffect, useSyncExternalStore } from 'react';

export type Connection = 'none' | 'connecting' | 'open' | 'lost';

export interface Live {
  /** Something holds updates back at the moment. */
  held: boolean;
  /** Updates that arrived meanwhile. */
  waiting: number;
  connection: Connection;
  /** Seconds between two updates, where the page says so. */
  intervalS: number | undefined;
  /** When the data on the page is from, for the banner of a lost connection. */
  dataMs: number | undefined;
}

const reasons = new Set<string>();
let current: Live = { held: false, waiting: 0, connection: 'none', intervalS: undefined, dataMs: undefined };
const listeners = new Set<() => void>();

export function setLive(patch: Partial<Live>): void {
  const keys = Object.keys(patch) as (keyof Live)[];
  if (keys.every((k) => current[k] === patch[k])) return;
  current = { ...current, ...patch };
  for (const listener of listeners) listener();
}

export function holdLive(reason: string, on: boolean): void {
  if (on) reasons.add(reason);
  else reasons.delete(reason);
  setLive({ held: reasons.size > 0 });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => current);
}

/** Holds while `on`, and no longer than the component lives. */
export function useLiveHold(reason: string, on: boolean): void {
  useEffect(() => {
    holdLive(reason, on);
    return () => holdLive(reason, false);
  }, [reason, on]);
}
