import styles from './alerts.module.css';
import type { LabelSet } from './subject';

export function Labels({ labels }: { labels: LabelSet }) {
  return (
    <span className={styles.labels}>
      {Object.entries(labels).map(([name, value]) => (
        <span key={name}>
          <i>{name}=</i>
          {value}
        </span>
      ))}
    </span>
  );
}
