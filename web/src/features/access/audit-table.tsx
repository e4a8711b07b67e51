import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/access';
import { useFormat } from '../../ui/i18n/words';
import { Section } from '../../ui/section';
import tables from '../../ui/tables.module.css';
import styles from './access.module.css';
import { useAccessWords } from './words';

const SHOWN = 50;

export function AuditTable() {
  const words = useAccessWords();
  const format = useFormat();
  const { data } = useQuery(auditQuery);
  if (!data) return null;
  return (
    <Section level={2} title={words.audit.title}>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.flush}`}>
          <thead>
            <tr>
              <th>{words.audit.when}</th>
              <th>{words.audit.who}</th>
              <th>{words.audit.what}</th>
              <th>{words.audit.on}</th>
            </tr>
          </thead>
          <tbody>
            {data.slice(0, SHOWN).map((entry, i) => (
              <tr key={`${entry.time_ms} ${i}`}>
                <td>{format.dateTime(entry.time_ms)}</td>
                <td>{entry.actor}</td>
                <td>{words.audit.actions[entry.action] ?? entry.action}</td>
                <td title={entry.subject}>{entry.subject}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
