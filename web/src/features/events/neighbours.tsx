import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { eventCountsQuery, type SecurityEventDetail } from '../../api/queries';
import { useFormat, useWords } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { Section } from '../../ui/section';
import { SeverityText } from '../../ui/severity';
import styles from './neighbours.module.css';

const AROUND_MS = 3_600_000;
const MOST = 20;

/** What else happened there, an hour before and after. */
export function Neighbours({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const format = useFormat();
  const container = event.container?.id ?? 'host';
  const range = { from: String(event.time_ms - AROUND_MS), to: String(event.time_ms + AROUND_MS) };
  const { data } = useQuery(eventCountsQuery({ ...range, container, limit: MOST }, false));
  const title = event.container ? words.event.sameContainer : words.event.sameHost;
  // Oldest first: it is read as a story.
  const events = (data?.events ?? []).filter((e) => e.node === event.node).toReversed();
  return (
    <Section
      title={title}
      end={
        <Link to="/security/events" search={keepCommon({ ...range, container })}>
          {words.event.showAll}
        </Link>
      }
    >
      {data && events.length <= 1 && <p className={styles.alone}>{words.event.alone}</p>}
      {events.length > 1 && (
        <ol className={styles.list}>
          {events.map((e) => (
            <li key={e.id}>
              <Link
                to="/security/events/$id"
                params={{ id: e.id }}
                search={keepCommon()}
                aria-current={e.id === event.id || undefined}
                title={e.output}
              >
                <SeverityText severity={e.severity} />
                <time>{format.time(e.time_ms)}</time>
                <span>{e.rule}</span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
