import { Link } from '@tanstack/react-router';
import type { AlertChange } from '../../api/alerts';
import { useFormat } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import tables from '../../ui/tables.module.css';
import styles from './alerts.module.css';
import { AlertState } from './state';
import { subjectOf } from './subject';
import { useAlertWords } from './words';

interface ChangeTableProps {
  changes: AlertChange[];
  /** All are of one alert: neither rule nor subject has to be said. */
  only?: 'this';
}

/** How alerts changed, newest first. */
export function ChangeTable({ changes, only }: ChangeTableProps) {
  const words = useAlertWords();
  const format = useFormat();
  const { columns } = words;
  return (
    <table className={`${tables.table} ${only ? tables.flush : ''}`} aria-label={words.historyTitle}>
      <thead>
        <tr>
          <th className={styles.mid}>{columns.time}</th>
          <th className={styles.narrow}>{columns.change}</th>
          {!only && <th className={styles.narrow}>{columns.severity}</th>}
          {!only && <th>{columns.rule}</th>}
          {!only && <th>{columns.about}</th>}
          <th className={`${tables.number} ${styles.narrow}`}>{columns.value}</th>
          <th>{columns.why}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => {
          const about = subjectOf(change.labels);
          return (
            <tr key={change.id}>
              <td title={format.dateTime(change.time_ms)}>{format.dayTime(change.time_ms)}</td>
              <td>
                <AlertState state={change.to} />
              </td>
              {!only && (
                <td>
                  <SeverityText severity={change.severity} />
                </td>
              )}
              {!only && (
                <td title={change.rule_name}>
                  <Link to="/alerts" search={keepCommon({ sel: change.alert_id })}>
                    {change.rule_name}
                  </Link>
                </td>
              )}
              {!only && (
                <td title={`${about.name} ${about.place}`}>
                  {about.name} <span className={styles.muted}>{about.place}</span>
                </td>
              )}
              <td className={tables.number}>{change.value_text ?? '–'}</td>
              <td title={words.reasons[change.reason]}>
                {words.reasons[change.reason] ||
                  (change.to === 'resolved' ? format.span(change.time_ms - change.since_ms) : '')}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
