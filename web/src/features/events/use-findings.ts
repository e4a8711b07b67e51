import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { type EventPage, type EventsQuery, eventsQuery, type SecurityEvent } from '../../api/queries';
import { useStream } from '../../api/use-stream';
import { matchesFilter, mergeFindings } from '../../domain/finding';
import type { EventsState } from '../../domain/search';
import { endsNow, formatBound, resolve, type TimeRange } from '../../domain/time-range';
import { setLive, useLive } from '../../ui/live';

const PAGE = 100;
/** Counts and bars are asked for again this long after an event arrived; more arrivals share one question. */
const COUNTS_AFTER_MS = 400;
/** A relative range moves on even where nothing happens. */
const MOVES_EVERY_MS = 30_000;
const MOST_ARRIVED = 1000;

interface Findings {
  /** The first page: counts, bars and the range in force. */
  summary: EventPage | undefined;
  findings: SecurityEvent[];
  /** Ids that came by themselves since the page was opened. */
  fresh: ReadonlySet<string>;
  error: Error | null;
  fetching: boolean;
  retry: () => void;
  loadOlder: (() => void) | undefined;
  loadingOlder: boolean;
}

/** Events of the range: pages that are asked for, and what the stream brings. */
export function useFindings(state: EventsState, range: TimeRange, liveWanted: boolean): Findings {
  const client = useQueryClient();
  const { held } = useLive();
  const live = liveWanted && endsNow(range);
  const q = useDeferredValue(state.q);
  const query: EventsQuery = {
    from: formatBound(range.from),
    to: formatBound(range.to),
    severity: state.severities.join(',') || undefined,
    rule: state.rule,
    container: state.container,
    q: q || undefined,
    limit: PAGE,
  };
  const asked = useInfiniteQuery(eventsQuery(query, live && !held && MOVES_EVERY_MS));
  const data = useHeldStill(asked.data, held, JSON.stringify(query));
  const { arrived, waiting, arrive, release } = useArrivals();

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const askSoon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void client.invalidateQueries({ queryKey: ['events'] });
      void client.invalidateQueries({ queryKey: ['event-counts'] });
    }, COUNTS_AFTER_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  const connection = useStream(
    'events/stream',
    {},
    {
      finding: (data) => {
        arrive(data as SecurityEvent, held);
        if (!held) askSoon();
      },
      // The stream passed some over: the list is asked for instead.
      lagged: askSoon,
    },
    live,
  );
  const onRelease = useEffectEvent(() => {
    if (release()) askSoon();
  });
  useEffect(() => {
    if (!held) onRelease();
  }, [held]);
  useEffect(() => setLive({ connection, waiting }), [connection, waiting]);
  useEffect(() => () => setLive({ connection: 'none', waiting: 0 }), []);

  const findings = useMemo(() => {
    const { fromMs, toMs } = resolve(range, Date.now());
    const read = data?.pages.flatMap((p) => p.events) ?? [];
    const matching = arrived.filter(
      (f) => matchesFilter(f, state) && f.time_ms >= fromMs && (endsNow(range) || f.time_ms <= toMs),
    );
    return mergeFindings(matching, read);
  }, [data, arrived, state, range]);

  return {
    summary: data?.pages[0],
    findings,
    fresh: useMemo(() => new Set(arrived.map((f) => f.id)), [arrived]),
    error: asked.data ? null : asked.error,
    fetching: asked.isFetching,
    retry: () => void asked.refetch(),
    loadOlder: asked.hasNextPage ? () => void asked.fetchNextPage() : undefined,
    loadingOlder: asked.isFetchingNextPage,
  };
}

/** The value of before while held, unless something else was asked for. */
function useHeldStill<T>(value: T | undefined, held: boolean, key: string): T | undefined {
  const [shown, setShown] = useState({ value, key });
  const stays = held && shown.key === key && shown.value !== undefined;
  if (!stays && (shown.value !== value || shown.key !== key)) setShown({ value, key });
  return stays ? shown.value : value;
}

/** What the stream brought, and what of it waits until the reader looks away. */
function useArrivals() {
  const [arrived, setArrived] = useState<SecurityEvent[]>([]);
  const [pending, setPending] = useState<SecurityEvent[]>([]);
  const add = (more: SecurityEvent[]) => setArrived((before) => [...more, ...before].slice(0, MOST_ARRIVED));
  return {
    arrived,
    waiting: pending.length,
    arrive: (event: SecurityEvent, held: boolean) => {
      if (held) setPending((before) => [event, ...before].slice(0, MOST_ARRIVED));
      else add([event]);
    },
    /** Whether there was something. */
    release: () => {
      if (pending.length === 0) return false;
      add(pending);
      setPending([]);
      return true;
    },
  };
}
