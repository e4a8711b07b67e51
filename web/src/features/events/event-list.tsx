import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { SecurityEvent } from '../../api/queries';
import { useFormat, useWords } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import tables from '../../ui/tables.module.css';
import styles from './event-list.module.css';

interface EventListProps {
  findings: SecurityEvent[];
  /** Those that arrived while one looks. */
  fresh: ReadonlySet<string>;
  active?: string;
  /** The range is more than a day: times need their date. */
  long: boolean;
  /** The rule is said above the list. */
  withoutRule?: boolean;
}

/** Newest first. */
export function EventList({ findings, fresh, active, long, withoutRule = false }: EventListProps) {
  const words = useWords();
  const columns = words.events.columns;
  useEffect(() => {
    if (active) document.querySelector('tr[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <table className={`${tables.table} ${styles.list}`} aria-label={words.events.list}>
      <thead>
        <tr>
          <th className={styles.severity}>{columns.severity}</th>
          <th className={long ? styles.dayTime : styles.time} aria-sort="descending">
            {columns.time}
          </th>
          {!withoutRule && <th className={styles.rule}>{columns.rule}</th>}
          <th>{columns.what}</th>
          <th className={styles.where}>{columns.where}</th>
          <th className={styles.process}>{columns.process}</th>
        </tr>
      </thead>
      <tbody>
        {findings.map((f) => (
          <EventRow
            key={f.id}
            finding={f}
            fresh={fresh.has(f.id)}
            active={f.id === active}
            long={long}
            withoutRule={withoutRule}
          />
        ))}
      </tbody>
    </table>
  );
}

interface EventRowProps extends Omit<EventListProps, 'findings' | 'fresh' | 'active'> {
  finding: SecurityEvent;
  fresh: boolean;
  active: boolean;
}

function EventRow({ finding: f, fresh, active, long, withoutRule }: EventRowProps) {
  const format = useFormat();
  const navigate = useNavigate();
  const place = f.container ? f.container.name || f.container.id.slice(0, 12) : undefined;
  const link = { to: '/security/events/$id', params: { id: f.id }, search: keepCommon() } as const;
  return (
    <tr
      data-active={active || undefined}
      data-fresh={fresh || undefined}
      data-event={f.id}
      onClick={(event) => {
        if (event.defaultPrevented || document.getSelection()?.isCollapsed === false) return;
        void navigate(link);
      }}
    >
      <td>
        <SeverityText severity={f.severity} />
      </td>
      <td className={styles.muted} title={format.dateTimeMs(f.time_ms)}>
        {long ? format.dayTime(f.time_ms) : format.time(f.time_ms)}
      </td>
      {!withoutRule && (
        <td title={f.rule}>
          <Link {...link}>{f.rule}</Link>
        </td>
      )}
      <td title={f.output}>{withoutRule ? <Link {...link}>{f.output}</Link> : f.output}</td>
      <td title={f.container ? `${place} · ${f.node}` : f.node}>
        {place ?? f.node} <span className={styles.muted}>{place ? f.node : ''}</span>
      </td>
      <td title={`${f.process} ${f.pid}`}>
        {f.process} <span className={styles.muted}>{f.pid}</span>
      </td>
    </tr>
  );
}
