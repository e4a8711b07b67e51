import type { ReactNode } from 'react';
import type { Heat } from '../domain/heat';
import styles from './panels.module.css';

export interface Bar {
  key: string;
  name: ReactNode;
  title: string;
  value: number;
  text: string;
  heat: Heat;
}

/** The largest first, as bars from zero. */
export function TopBars({ bars }: { bars: Bar[] }) {
  const most = Math.max(0, ...bars.map((b) => b.value));
  return (
    <ol className={styles.top}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <span className={styles.name} title={bar.title}>
            {bar.name}
          </span>
          <span
            className={styles.bar}
            style={{ width: `${most > 0 ? Math.max(0.5, (100 * Math.max(0, bar.value)) / most) : 0}%` }}
          />
          <span className={styles.heat} data-heat={bar.heat}>
            {bar.text}
          </span>
        </li>
      ))}
    </ol>
  );
}
