import { CommandLine } from '../../ui/command-line';
import styles from './access.module.css';

/** A secret that no later answer has. */
export function ShownOnce({ told, secret }: { told: string; secret: string }) {
  return (
    <div className={styles.shown} role="status">
      <p>{told}</p>
      <CommandLine line={secret} />
    </div>
  );
}
