import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { LanguageButton, ThemeButton } from '../ui/preference-buttons';
import { LivePill } from './live-pill';
import { RangePicker } from './range-picker';
import styles from './top-bar.module.css';
import { UserMenu } from './user-menu';

interface TopBarProps {
  /** Takes the element in which the page writes its name. */
  slotRef: (element: HTMLElement | null) => void;
  onHelp: () => void;
}

export function TopBar({ slotRef, onHelp }: TopBarProps) {
  const words = useWords();
  return (
    <header className={styles.bar}>
      <div ref={slotRef} className={styles.slot} />
      <div className={styles.tools}>
        <RangePicker />
        <LivePill />
        <span className={styles.icons}>
          <LanguageButton />
          <ThemeButton />
          <button
            type="button"
            className={controls.icon}
            aria-label={words.app.help}
            title={`${words.app.help} (?)`}
            onClick={onHelp}
          >
            ?
          </button>
          <UserMenu />
        </span>
      </div>
    </header>
  );
}
