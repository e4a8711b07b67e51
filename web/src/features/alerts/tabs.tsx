import { Link } from '@tanstack/react-router';
import { keepCommon } from '../../ui/search';
import styles from './alerts.module.css';
import { useAlertWords } from './words';

/** The pages of the room. */
export function Tabs() {
  const words = useAlertWords();
  const pages = [
    ['/alerts', words.tabs.active],
    ['/alerts/history', words.tabs.history],
    ['/alerts/rules', words.tabs.rules],
    ['/alerts/silences', words.tabs.silences],
    ['/settings/channels', words.channels],
  ] as const;
  return (
    <nav className={styles.tabs} aria-label={words.tabs.label}>
      {pages.map(([to, label]) => (
        <Link key={to} to={to} search={keepCommon()} activeOptions={{ exact: true, includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
