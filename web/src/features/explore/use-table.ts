import { useQuery } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import { type ExploreQuery, exploreQuery } from '../../api/queries';
import { useStream } from '../../api/use-stream';
import { arrive, type Held, nothingHeld, release } from '../../domain/hold';
import type { Table } from '../../domain/row';
import { setLive, useLive } from '../../ui/live';

type Step = { kind: 'arrive'; table: Table; held: boolean } | { kind: 'release' };

function reduce(state: Held<Table>, step: Step): Held<Table> {
  return step.kind === 'release' ? release(state) : arrive(state, step.table, step.held);
}

interface LiveTable {
  table: Table | undefined;
  error: Error | null;
  /** The connection is lost and nothing new came for a minute. */
  stale: boolean;
  /** Asks again and shows what waits. */
  refresh: () => void;
}

const STALE_AFTER_MS = 60_000;

/** The table of this moment: asked for once, then pushed; held while someone looks at a row. */
export function useTable(query: ExploreQuery, live: boolean): LiveTable {
  const { held, connection } = useLive();
  const [state, dispatch] = useReducer(reduce, undefined, nothingHeld<Table>);
  const asked = useQuery(exploreQuery(query));

  const stream = useStream(
    'explore/stream',
    query,
    { table: (table) => dispatch({ kind: 'arrive', table: table as Table, held }) },
    live,
  );

  useEffect(() => {
    // What was asked for is wanted now, whatever is held.
    if (asked.data) dispatch({ kind: 'arrive', table: asked.data, held: false });
  }, [asked.data]);

  useEffect(() => {
    if (!held) dispatch({ kind: 'release' });
  }, [held]);

  const { shown, waitingCount } = state;
  useEffect(() => {
    setLive({
      connection: stream,
      waiting: waitingCount,
      intervalS: shown?.interval_s,
      dataMs: shown?.updated_ms ?? undefined,
    });
  }, [stream, waitingCount, shown]);
  useEffect(
    () => () => setLive({ connection: 'none', waiting: 0, intervalS: undefined, dataMs: undefined }),
    [],
  );

  return {
    table: shown,
    // A stream that works outweighs a question that failed.
    error: shown ? null : asked.error,
    stale:
      shown !== undefined && connection === 'lost' && Date.now() - (shown.updated_ms ?? 0) > STALE_AFTER_MS,
    refresh: () => {
      dispatch({ kind: 'release' });
      void asked.refetch();
    },
  };
}
