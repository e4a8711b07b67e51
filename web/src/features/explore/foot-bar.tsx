import type { Table } from '../../domain/row';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useNow } from '../../ui/search';
import styles from './foot-bar.module.css';

interface FootBarProps {
  table: Table;
  shown: number;
  live: boolean;
}

export function FootBar({ table, shown, live }: FootBarProps) {
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const truncated = table.total > table.rows.length;
  return (
    <footer className={styles.bar}>
      <span>{words.explore.rows(format.exact(shown), format.exact(table.rows.length))}</span>
      {truncated && (
        <span className={styles.told}>
          {words.explore.truncated(format.exact(table.rows.length), format.exact(table.total))}
        </span>
      )}
      <span className={styles.note}>{words.explore.footnote}</span>
      {table.updated_ms != null && (
        <time title={format.dateTime(table.updated_ms)} data-live={live || undefined}>
          {words.explore.updated(format.ago(table.updated_ms, now))}
        </time>
      )}
    </footer>
  );
}
