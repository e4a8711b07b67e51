import { type ReactNode, useEffect, useState } from 'react';
import controls from './controls.module.css';
import { useWords } from './i18n/words';
import styles from './states.module.css';

const SKELETON_AFTER_MS = 150;

/** Grey bars in the shape of what comes. Nothing at all for the first 150 ms. */
export function Skeleton({ rows, inset = false }: { rows: number; inset?: boolean }) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div
      className={inset ? styles.skeletonInset : styles.skeleton}
      role="status"
      aria-label={words.app.loading}
    >
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={styles.bone} data-width={i % 4} />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** What it is, why it is empty, what to do. */
export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

interface Failure {
  code?: string;
  message: string;
  hint?: string;
  id?: string;
}

/** What failed, why, what next, and the id under which the server logged it. */
export function Failed({ error, onRetry }: { error: Error & Partial<Failure>; onRetry?: () => void }) {
  const words = useWords();
  const told = tell(error, words);
  return (
    <div className={styles.empty} role="alert">
      <h2>{told.message}</h2>
      {told.hint && <p>{told.hint}</p>}
      {error.id && <p className={styles.small}>{words.error.logId(error.id)}</p>}
      {onRetry && (
        <div className={styles.actions}>
          <button type="button" className={controls.control} onClick={onRetry}>
            {words.app.retry}
          </button>
        </div>
      )}
    </div>
  );
}

function tell(error: Error & Partial<Failure>, words: ReturnType<typeof useWords>): Failure {
  if (error.code === 'unreachable') {
    return { message: words.error.unreachable, hint: words.error.unreachableHint };
  }
  if (error.code === 'http') return { message: words.error.http(error.message), hint: undefined };
  return { message: sentence(error.message), hint: error.hint && sentence(error.hint) };
}

function sentence(text: string): string {
  return text === '' ? text : text[0]!.toUpperCase() + text.slice(1) + (/[.!?。]$/.test(text) ? '' : '.');
}
