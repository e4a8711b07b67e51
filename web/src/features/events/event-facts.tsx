import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SecurityEventDetail } from '../../api/queries';
import { shortContainerId, UNKNOWN } from '../../domain/format';
import { CopyButton } from '../../ui/copy-button';
import facts from '../../ui/facts.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { Section } from '../../ui/section';
import styles from './event-facts.module.css';

/** Where it happened and what kind of event it was. */
export function EventFacts({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const format = useFormat();
  const { container } = event;
  return (
    <>
      <Section title={words.event.container}>
        {container ? (
          <dl className={facts.facts}>
            <Fact name={words.event.name}>
              <Link to="/explore" search={keepCommon({ sel: `container:${event.node}:${container.id}` })}>
                {container.name || shortContainerId(container.id)}
              </Link>
            </Fact>
            <Fact name={words.event.id}>
              <span className={facts.long}>
                <code title={container.id}>{shortContainerId(container.id)}</code>
                <CopyButton text={container.id} what={words.event.id} />
              </span>
            </Fact>
            <Fact name={words.event.image}>{container.image || UNKNOWN}</Fact>
            <Fact name={words.event.runtime}>{container.runtime || UNKNOWN}</Fact>
            {container.pod_uid !== '' && <Fact name={words.event.pod}>{container.pod_uid}</Fact>}
            <Fact name={words.event.cgroup}>
              <code title={container.cgroup_path}>{container.cgroup_path || UNKNOWN}</code>
            </Fact>
          </dl>
        ) : (
          <p className={styles.host}>{words.event.onHost}</p>
        )}
      </Section>
      <Section title={words.event.event}>
        <dl className={facts.facts}>
          <Fact name={words.event.node}>
            <Link to="/explore" search={keepCommon({ sel: `host:${event.node}` })}>
              {event.node}
            </Link>
          </Fact>
          <Fact name={words.event.type}>
            <code>{event.event_type}</code>
          </Fact>
          <Fact name={words.event.time}>
            <span title={`${event.time_ns} ns`}>{format.dateTimeMs(event.time_ms)}</span>
          </Fact>
          {event.tags.length > 0 && (
            <Fact name={words.event.tags}>
              <span className={styles.tags}>
                {event.tags.map((tag) => (
                  <span key={tag}>{tag}</span>
                ))}
              </span>
            </Fact>
          )}
          <Fact name={words.event.id}>
            <span className={facts.long}>
              <code title={event.id}>{event.id}</code>
              <CopyButton text={event.id} what={words.event.id} />
            </span>
          </Fact>
        </dl>
      </Section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
