import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { commonOf, decodeRange, type Search } from '../domain/search';
import type { TimeRange } from '../domain/time-range';

export function useUrl(): Search {
  return useSearch({ strict: false }) as Search;
}

/** Changes parameters of the URL and leaves the rest; `replace` makes no step for Back. */
export function useSetUrl(): (patch: Search, how?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback(
    (patch, how) => {
      void navigate({
        to: '.',
        search: ((before: Search) => ({ ...before, ...patch })) as never,
        replace: how?.replace ?? false,
        resetScroll: false,
      });
    },
    [navigate],
  );
}

/** For links to another page: range, zone and live go along, the page's own state stays behind. */
export function keepCommon(extra: Search = {}): never {
  return ((before: Search) => ({ ...commonOf(before), ...extra })) as never;
}

export function useRange(): TimeRange {
  const { from, to } = useUrl();
  return decodeRange({ from, to });
}

/** The clock, for "8 min ago"; ticks while the tab is seen. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
