import { Status } from '../../ui/status';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

export function Legend({ metric }: { metric: string }) {
  const words = useTopologyWords();
  return (
    <div className={styles.legend}>
      <Status mark="ok" word={words.statuses.ok} />
      <Status mark="warn" word={words.statuses.warning} />
      <Status mark="crit" word={words.statuses.critical} />
      <span>
        <svg width="24" height="8" aria-hidden="true">
          <path className={styles.bad} d="M0 4H24" />
        </svg>
        {words.legend.errors}
      </span>
      <span>
        <svg width="24" height="8" aria-hidden="true">
          <path className={styles.some} d="M0 4H24" />
        </svg>
        {words.legend.some}
      </span>
      <span>
        <svg width="24" height="8" aria-hidden="true">
          <path className={styles.wide} d="M0 4H24" />
        </svg>
        {words.legend.wider(metric)}
      </span>
      <span>
        <svg width="24" height="12" aria-hidden="true">
          <rect className={styles.outside} x="1" y="1" width="22" height="10" rx="2" />
        </svg>
        {words.legend.outside}
      </span>
    </div>
  );
}
