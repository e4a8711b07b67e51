import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { statusQuery } from '../../api/queries';
import { durationsOf, type Grid, gridOf } from '../../domain/panel';
import { decodeRange } from '../../domain/search';
import { endsNow, type ResolvedRange, resolve } from '../../domain/time-range';
import { useKey } from '../../ui/keys';
import { setLive, useLive } from '../../ui/live';
import { useUrl } from '../../ui/search';

const LIVE_EVERY_MS = 30_000;
/** A browser's clock that is off by less is as good as the server's. */
const SKEW_THAT_MATTERS_MS = 3000;

/** The time of the page: all panels are asked for the same moments. */
export interface Moment {
  range: ResolvedRange;
  grid: Grid;
  window: string;
  rangeText: string;
  /** Asks again, for now. */
  refresh: () => void;
}

export function useMoment(): Moment {
  const { from, to, live: liveWord } = useUrl();
  const range = useMemo(() => decodeRange({ from, to }), [from, to]);
  const { held } = useLive();
  const live = liveWord !== 'off' && endsNow(range);
  const skew = useClockSkew();
  const [now, setNow] = useState(Date.now);
  const refresh = useCallback(() => setNow(Date.now()), []);
  useKey('refresh', refresh);

  useEffect(() => {
    if (!live || held) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, LIVE_EVERY_MS);
    return () => clearInterval(timer);
  }, [live, held, refresh]);
  useEffect(() => {
    setLive({ connection: 'open', intervalS: LIVE_EVERY_MS / 1000 });
    return () => setLive({ connection: 'none', intervalS: undefined });
  }, []);
  // A range that was chosen later than the last tick ends when it was chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every range anew
  useEffect(refresh, [from, to, refresh]);

  return useMemo(() => {
    const resolved = resolve(range, now + skew);
    const grid = gridOf(resolved);
    const durations = durationsOf(grid, resolved);
    return { range: resolved, grid, window: durations.window, rangeText: durations.range, refresh };
  }, [range, now, skew, refresh]);
}

/** How far the server's clock is ahead of the browser's, where that matters. */
function useClockSkew(): number {
  const { data, dataUpdatedAt } = useQuery({ ...statusQuery, refetchInterval: false, staleTime: 60_000 });
  const skew = data ? data.now_ms - dataUpdatedAt : 0;
  return Math.abs(skew) < SKEW_THAT_MATTERS_MS ? 0 : Math.round(skew / 1000) * 1000;
}
