import styles from './command-line.module.css';
import { CopyButton } from './copy-button';

/** A line to paste into a shell. */
export function CommandLine({ line }: { line: string }) {
  return (
    <div className={styles.line}>
      <code>{line}</code>
      <CopyButton text={line} what={line} />
    </div>
  );
}
