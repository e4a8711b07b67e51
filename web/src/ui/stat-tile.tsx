import type { ReactNode } from 'react';
import type { Heat } from '../domain/heat';
import styles from './panels.module.css';
import { Sparkline } from './sparkline';

interface StatTileProps {
  /** With its unit behind a space, or without one. */
  value: string;
  heat?: Heat;
  /** What it was, or of how many. */
  note?: ReactNode;
  /** Its course, oldest first. */
  spark?: (number | null)[];
}

/** Letters of a number that is written smaller, and alone. */
const LONG = 6;
const MOST_BESIDE_SPARK = 8;

/** One number, large; colour only where it needs a look. */
export function StatTile({ value, heat = 'none', note, spark }: StatTileProps) {
  // Two units (`3 h 12 min`) are one number to a reader.
  const [, number = value, apart, perSecond] = /^(\S+?)(?: (\S+)|(\/s))$/.exec(value) ?? [];
  const unit = apart ?? perSecond;
  const long = number.length >= LONG;
  return (
    <div className={styles.stat}>
      <div>
        <span className={styles.value} data-long={long || undefined} title={value}>
          <span className={styles.heat} data-heat={heat}>
            {heat === 'crit' && <small>▲ </small>}
            {number}
            {unit && heat !== 'none' && <small> {unit}</small>}
          </span>
          {unit && heat === 'none' && <small>{unit}</small>}
        </span>
        {note && <span className={styles.was}>{note}</span>}
      </div>
      {spark && value.length <= MOST_BESIDE_SPARK && !long && (
        <Sparkline values={spark} heat={heat} width={72} height={28} />
      )}
    </div>
  );
}
