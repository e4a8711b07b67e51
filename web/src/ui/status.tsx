import type { StatusMark } from '../domain/status';
import styles from './status.module.css';

export function StatusShape({ mark }: { mark: StatusMark }) {
  if (mark === 'plain') return null;
  return (
    <svg
      className={`${styles.shape} ${styles[`mark_${mark}`]}`}
      width="10"
      height="10"
      viewBox="0 0 10 10"
      aria-hidden="true"
      focusable="false"
    >
      {mark === 'ok' && <path className={styles.line} d="m1 5.5 2.7 2.7L9 2" />}
      {mark === 'warn' && <path d="M5 .8 9.8 9.2H.2z" />}
      {mark === 'crit' && <path className={styles.line} d="m1.5 1.5 7 7M8.5 1.5l-7 7" />}
      {mark === 'nodata' && <circle className={styles.dots} cx="5" cy="5" r="4" />}
    </svg>
  );
}

/** ✓ and grey for what is well; colour and weight only for what needs a look. */
export function Status({ mark, word }: { mark: StatusMark; word: string }) {
  return (
    <span className={`${styles.status} ${styles[mark]}`}>
      <StatusShape mark={mark} />
      {word}
    </span>
  );
}
