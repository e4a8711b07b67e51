import type { Severity } from '../domain/row';
import { useWords } from './i18n/words';
import styles from './severity.module.css';

/** A severity is always a shape and a word: its colours alone cannot be told apart by everyone. */
export function SeverityShape({ severity, size = 10 }: { severity: Severity; size?: number }) {
  return (
    <svg
      className={severity === 'info' ? styles.ring : styles.shape}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden="true"
      focusable="false"
    >
      {severity === 'critical' && <path d="M5 0 10 5 5 10 0 5z" />}
      {severity === 'high' && <path d="M5 .8 9.8 9.2H.2z" />}
      {severity === 'medium' && <path d="M1 1h8v8H1z" />}
      {severity === 'low' && <circle cx="5" cy="5" r="4.2" />}
      {severity === 'info' && <circle cx="5" cy="5" r="3.4" />}
    </svg>
  );
}

export function SeverityText({ severity, count }: { severity: Severity; count?: string }) {
  const words = useWords();
  return (
    <span className={`${styles.text} ${styles[severity]}`}>
      <SeverityShape severity={severity} />
      {count === undefined ? words.severity[severity] : `${count} ${words.severityInText[severity]}`}
    </span>
  );
}

/** Filled; once a page, in the header of what was opened. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const words = useWords();
  return (
    <span className={`${styles.badge} ${styles[`badge_${severity}`]}`}>
      <SeverityShape severity={severity} size={9} />
      {words.severity[severity]}
    </span>
  );
}
