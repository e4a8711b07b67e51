import { useMemo, useState } from 'react';
import type { SecurityEvent } from '../../api/queries';
import { type FindingGroup, groupByRule } from '../../domain/finding';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { SeverityText } from '../../ui/severity';
import styles from './event-groups.module.css';
import { EventList } from './event-list';

interface EventGroupsProps {
  findings: SecurityEvent[];
  fresh: ReadonlySet<string>;
  long: boolean;
}

const PLACES = 3;

/** One line per rule, the gravest first; unfolds to its events. */
export function EventGroups({ findings, fresh, long }: EventGroupsProps) {
  const words = useWords();
  const groups = useMemo(() => groupByRule(findings), [findings]);
  const columns = words.events.columns;
  return (
    <div className={styles.groups}>
      <div className={styles.head} aria-hidden="true">
        <span>{columns.severity}</span>
        <span>{columns.rule}</span>
        <span>{columns.where}</span>
        <span className={styles.number}>{columns.count}</span>
        <span className={styles.number}>{columns.first}</span>
        <span className={styles.number}>{columns.last}</span>
      </div>
      {groups.map((g) => (
        <Group key={g.rule} group={g} fresh={fresh} long={long} />
      ))}
    </div>
  );
}

function Group({
  group,
  fresh,
  long,
}: {
  group: FindingGroup<SecurityEvent>;
  fresh: ReadonlySet<string>;
  long: boolean;
}) {
  const words = useWords();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const time = (ms: number) => (long ? format.dayTime(ms) : format.time(ms));
  const rest = group.places.length - PLACES;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.severity}>
          <Icon name="right" size={12} />
          <SeverityText severity={group.severity} />
        </span>
        <b>{group.rule}</b>
        <span className={styles.places} title={group.places.join(', ')}>
          {group.places.slice(0, PLACES).join(', ')} {rest > 0 && words.explore.more(rest)}
        </span>
        <span className={styles.number}>{format.count(group.findings.length)}</span>
        <span className={styles.number}>{time(group.firstMs)}</span>
        <span className={styles.number}>{time(group.lastMs)}</span>
      </summary>
      {open && <EventList findings={group.findings} fresh={fresh} long={long} withoutRule />}
    </details>
  );
}
