import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { captureEventsQuery, type InspectOverview } from '../../api/inspect';
import { clock } from '../../domain/nanos';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { Empty, Failed, Skeleton } from '../../ui/states';
import tables from '../../ui/tables.module.css';
import styles from './inspect.module.css';
import type { InspectState } from './inspect-state';
import { type Go, selectionOf } from './use-state';
import { useInspectWords } from './words';

const LIMIT = 200;
/** Events before the one that is asked for. */
const LEAD = 20;

interface Page {
  /** What the page is of: when that changes, it begins anew. */
  key: string;
  after?: number;
  before?: number;
}

interface EventListProps {
  id: string;
  overview: InspectOverview;
  state: InspectState;
  go: Go;
}

/** The events themselves, in pages; a line opens its detail. */
export function EventList({ id, overview, state, go }: EventListProps) {
  const words = useInspectWords();
  const format = useFormat();
  const selection = selectionOf(state);
  const key = JSON.stringify([selection, state.at]);
  const [page, setPage] = useState<Page>(() => ({
    key,
    after: state.at === undefined && state.n !== undefined ? Math.max(0, state.n - LEAD) : undefined,
  }));
  const own = page.key === key ? page : { key };
  const begin =
    own.after !== undefined || own.before !== undefined
      ? { after: own.after, before: own.before }
      : { at: state.at };
  const list = useQuery(captureEventsQuery(id, { ...selection, ...begin, limit: LIMIT }));
  const events = list.data?.events ?? [];
  const index = events.findIndex((event) => event.number === state.n);
  const open = (n: number | undefined) => go({ ...state, n }, { replace: true });
  const step = (by: number) => {
    const next = events[index < 0 ? 0 : Math.max(0, Math.min(events.length - 1, index + by))];
    if (next) open(next.number);
  };
  useKey('down', () => step(1));
  useKey('up', () => step(-1));
  const turn = (to: Omit<Page, 'key'>) => setPage({ key, ...to });
  return (
    <div className={styles.view}>
      {list.error && !list.data ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton rows={12} inset />
      ) : events.length === 0 ? (
        <Nothing overview={overview} state={state} go={go} />
      ) : (
        <div className={styles.scroll}>
          {list.data.before !== null && (
            <p className={styles.more}>
              <button
                type="button"
                className={controls.control}
                onClick={() => turn({ before: list.data.before ?? undefined })}
              >
                {words.before}
              </button>
            </p>
          )}
          <table className={`${tables.table} ${styles.events}`} aria-label={words.eventsLabel}>
            <tbody>
              {events.map((event) => (
                <tr
                  key={event.number}
                  data-failed={event.failed || undefined}
                  aria-selected={event.number === state.n || undefined}
                  ref={
                    event.number === state.n ? (it) => it?.scrollIntoView({ block: 'nearest' }) : undefined
                  }
                  onClick={() => open(event.number)}
                >
                  <td className={tables.number}>
                    <button type="button" className={controls.link} onClick={() => open(event.number)}>
                      {event.number}
                    </button>
                  </td>
                  <td>
                    <code>{clock(event.time_ns, format)}</code>
                  </td>
                  <td title={`CPU ${event.cpu}`}>
                    {event.comm} <span>{event.tid}</span>
                  </td>
                  <td>
                    <span aria-hidden="true">{event.direction}</span> <b>{event.event_type}</b>
                  </td>
                  <td title={event.args}>
                    <code>{event.args}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.data.after !== null && (
            <p className={styles.more}>
              <button
                type="button"
                className={controls.control}
                onClick={() => turn({ after: list.data.after ?? undefined })}
              >
                {words.after}
              </button>
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function Nothing({ overview, state, go }: Omit<EventListProps, 'id'>) {
  const words = useInspectWords();
  const format = useFormat();
  if (overview.events === 0) return <Empty title={words.noEvents} />;
  const shown = overview.selected ?? overview.matched;
  const windowed = state.t0 !== undefined || state.t1 !== undefined || state.at !== undefined;
  return (
    <Empty
      title={words.noMatch}
      actions={
        <>
          {(state.filter !== '' || state.path.length > 0) && (
            <button
              type="button"
              className={controls.control}
              onClick={() => go({ ...state, filter: '', path: [] })}
            >
              {words.clearFilter}
            </button>
          )}
          {windowed && (
            <button
              type="button"
              className={controls.control}
              onClick={() => go({ ...state, t0: undefined, t1: undefined, at: undefined })}
            >
              {words.widen}
            </button>
          )}
        </>
      }
    >
      <p>{words.outside(format.exact(overview.events - shown))}</p>
    </Empty>
  );
}
