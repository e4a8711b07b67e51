import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type Capture, captureFileUrl, captureQuery } from '../../api/captures';
import { type InspectOverview, overviewQuery } from '../../api/inspect';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { PageHead } from '../../ui/page-head';
import { keepCommon } from '../../ui/search';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { Status } from '../../ui/status';
import { EventDrawer } from './event-drawer';
import { EventList } from './event-list';
import { FilterBar } from './filter-bar';
import styles from './inspect.module.css';
import { type InspectState, type Place, up, VIEWS } from './inspect-state';
import { Tiles } from './tiles';
import { spanNs, Timeline } from './timeline';
import { type Go, selectionOf, useInspectState } from './use-state';
import { ViewTable } from './view-table';
import { useInspectWords } from './words';

const PLACES: readonly Place[] = ['overview', ...VIEWS, 'events'];
const STEPS = 200;

/** What a capture shows: tiles, tables, events, always of the same selection. */
export function InspectPage() {
  const words = useInspectWords();
  const shell = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const capture = useQuery(captureQuery(id));
  const [state, go] = useInspectState();
  const it = capture.data;
  const readable = it?.state === 'done' || (it?.state === 'failed' && it.size_bytes > 0);
  const overview = useQuery({
    ...overviewQuery(id, { ...selectionOf(state), steps: STEPS }),
    enabled: readable,
  });
  useSteps(state, go);
  const crumb = (
    <Link key="captures" to="/captures" search={keepCommon()}>
      {shell.app.captures}
    </Link>
  );
  return (
    <>
      <PageHead crumbs={[crumb, it?.name ?? id]} title={words.views[state.view]} />
      {capture.error && !it ? (
        <Failed error={capture.error} onRetry={() => void capture.refetch()} />
      ) : !it ? (
        <Skeleton rows={10} inset />
      ) : !readable ? (
        <Empty title={it.problem ?? words.notYet}>{it.state !== 'failed' && <p>{words.notYetHint}</p>}</Empty>
      ) : (
        <div className={styles.page}>
          <Head capture={it} overview={overview.data} state={state} go={go} error={overview.error} />
          {overview.data ? (
            <Body id={id} capture={it} overview={overview.data} state={state} go={go} />
          ) : overview.error ? (
            <Failed error={overview.error} onRetry={() => void overview.refetch()} />
          ) : (
            <Skeleton rows={10} inset />
          )}
        </div>
      )}
    </>
  );
}

/** Keys of the page: `[` `]` from view to view, Backspace and Escape up. */
function useSteps(state: InspectState, go: Go) {
  const turn = (by: number) => {
    const next = PLACES[(PLACES.indexOf(state.view) + by + PLACES.length) % PLACES.length]!;
    go({ ...state, view: next, q: '', sort: undefined, n: undefined });
  };
  useKey('next_view', () => turn(1));
  useKey('previous_view', () => turn(-1));
  const out = () => {
    const next = up(state);
    if (next) go(next);
  };
  useKey('close', out);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.key !== 'Backspace' || event.defaultPrevented || target.closest('input, textarea, select'))
        return;
      const next = up(state);
      if (next) go(next);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [state, go]);
}

interface HeadProps {
  capture: Capture;
  overview: InspectOverview | undefined;
  state: InspectState;
  go: Go;
  error: Error | null;
}

function Head({ capture, overview, state, go, error }: HeadProps) {
  const words = useInspectWords();
  const format = useFormat();
  const lost = capture.losses.reduce((sum, loss) => sum + loss.count, 0);
  const kept = overview?.losses.reduce((sum, loss) => sum + loss.count, 0) ?? 0;
  return (
    <header className={styles.head}>
      <div>
        <b>{capture.name}</b>
        <span>
          {overview?.first_ns != null &&
            overview.last_ns != null &&
            `${spanNs(Number(BigInt(overview.last_ns) - BigInt(overview.first_ns)))} · `}
          {overview && words.summary(format.count(overview.events), format.bytes(overview.size_bytes))}
          {capture.reached_back_ms != null &&
            capture.reached_back_ms > 0 &&
            ` · ${words.reached(`${(capture.reached_back_ms / 1000).toFixed(1)} s`)}`}
          {capture.asked_by && ` · ${words.askedBy(capture.asked_by)}`}
          {capture.rule && ` · ${words.byRule} `}
          {capture.rule &&
            (capture.event_id ? (
              <Link to="/security/events/$id" params={{ id: capture.event_id }} search={keepCommon()}>
                {capture.rule}
              </Link>
            ) : (
              capture.rule
            ))}
        </span>
        <a className={controls.link} href={captureFileUrl(capture.id)} download>
          {words.download}
        </a>
      </div>
      <FilterBar state={state} go={go} error={error} />
      {(lost > 0 || kept > 0 || overview?.cut != null) && (
        <p title={overview?.losses.map((loss) => `${loss.cause}: ${loss.place} (${loss.count})`).join('\n')}>
          {lost > 0 && <Status mark="warn" word={words.lost(format.exact(lost))} />}
          {overview?.cut != null && <Status mark="warn" word={words.cut(overview.cut)} />}
          {overview?.cut == null && kept > 0 && (
            <Status mark="warn" word={words.damaged(format.exact(kept))} />
          )}
        </p>
      )}
    </header>
  );
}

interface BodyProps {
  id: string;
  capture: Capture;
  overview: InspectOverview;
  state: InspectState;
  go: Go;
}

function Body({ id, capture, overview, state, go }: BodyProps) {
  const words = useInspectWords();
  const format = useFormat();
  const rows = (place: Place) =>
    place === 'events'
      ? (overview.selected ?? overview.matched)
      : overview.views.find((view) => view.name === place)?.rows;
  return (
    <>
      <div className={styles.body}>
        <nav className={styles.views} aria-label={words.views.label}>
          {PLACES.map((place) => (
            <button
              key={place}
              type="button"
              aria-current={place === state.view ? 'page' : undefined}
              data-empty={rows(place) === 0 || undefined}
              onClick={() => go({ ...state, view: place, q: '', sort: undefined, n: undefined })}
            >
              {words.views[place]}
              {rows(place) !== undefined && <span>{format.count(rows(place))}</span>}
            </button>
          ))}
        </nav>
        {state.view === 'overview' ? (
          <Tiles overview={overview} state={state} go={go} />
        ) : state.view === 'events' ? (
          <EventList id={id} overview={overview} state={state} go={go} />
        ) : (
          <ViewTable key={state.view} id={id} view={state.view} state={state} go={go} />
        )}
        {state.n !== undefined && <EventDrawer id={id} number={state.n} state={state} go={go} />}
      </div>
      <Timeline overview={overview} state={state} go={go} trigger={capture.event_time_ns} />
    </>
  );
}
