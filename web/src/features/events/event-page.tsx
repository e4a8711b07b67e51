import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { eventQuery, type SecurityEventDetail } from '../../api/queries';
import controls from '../../ui/controls.module.css';
import { CopyButton } from '../../ui/copy-button';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useNow } from '../../ui/search';
import { SeverityBadge } from '../../ui/severity';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { EventFacts } from './event-facts';
import { EventFields } from './event-fields';
import styles from './event-page.module.css';
import { Neighbours } from './neighbours';
import { ProcessTree } from './process-tree';
import { Why } from './why';

export function EventPage() {
  const words = useWords();
  const navigate = useNavigate();
  const { id } = useParams({ strict: false }) as { id: string };
  const { data: event, error, refetch } = useQuery(eventQuery(id));
  const toList = () => void navigate({ to: '/security/events', search: keepCommon() });
  useKey('close', toList);

  return (
    <>
      <PageHead
        crumbs={[
          <Link key="e" to="/security/events" search={keepCommon()}>
            {words.event.back}
          </Link>,
        ]}
        title={event?.rule ?? words.event.loading}
      />
      {event ? (
        <Event event={event} />
      ) : error && (error as { code?: string }).code === 'not_found' ? (
        <Empty
          title={words.event.notFound}
          actions={
            <button type="button" className={controls.control} onClick={toList}>
              {words.event.back}
            </button>
          }
        >
          <p>{words.event.notFoundHint}</p>
        </Empty>
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={12} inset />
      )}
    </>
  );
}

/** Where a capture shows what the event is about: its process, from that moment on. */
function inCapture(event: SecurityEventDetail) {
  const startMs = Number(event.process_row.split(':').at(-1));
  // A process is known by its start in steps of the kernel's clock, 10 ms.
  const start = startMs > 0 ? `${Math.floor(startMs / 10) * 10}000000` : '0';
  return { view: 'events', at: event.time_ns, path: `process:${event.pid}:${start}` };
}

function Event({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const format = useFormat();
  const now = useNow(5000);
  return (
    <article className={styles.event}>
      <header className={styles.head}>
        <div className={styles.title}>
          <SeverityBadge severity={event.severity} />
          <h2>{event.rule}</h2>
          <span className={styles.actions}>
            <CopyButton text={() => location.href} label={words.event.copyLink} />
            {event.capture_id && (
              <Link
                to="/captures/$id/inspect"
                params={{ id: event.capture_id }}
                search={keepCommon(inCapture(event))}
                className={controls.control}
              >
                {words.event.openCapture}
              </Link>
            )}
            <Link
              to="/explore"
              search={keepCommon({ sel: event.process_row })}
              className={`${controls.control} ${controls.primary}`}
            >
              {words.event.openInExplore}
            </Link>
          </span>
        </div>
        <p className={styles.sentence}>
          <time dateTime={new Date(event.time_ms).toISOString()}>
            {words.event.when(format.dateTimeMs(event.time_ms), format.ago(event.time_ms, now))}
          </time>{' '}
          {event.output}
        </p>
      </header>
      <div className={styles.grid}>
        <div className={styles.column}>
          <ProcessTree event={event} />
          <Why event={event} />
          <EventFields event={event} />
        </div>
        <div className={styles.column}>
          <EventFacts event={event} />
          <Neighbours event={event} />
        </div>
      </div>
    </article>
  );
}
