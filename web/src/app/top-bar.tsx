import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { Icon, type IconName } from '../ui/icons';
import { setPreference, type Theme, usePreferences } from '../ui/preferences';
import { useSetUrl, useUrl } from '../ui/search';
import { LivePill } from './live-pill';
import { RangePicker } from './range-picker';
import styles from './top-bar.module.css';

const NEXT_THEME: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEME_ICON: Record<Theme, IconName> = { auto: 'auto', light: 'sun', dark: 'moon' };

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
        </span>
      </div>
    </header>
  );
}

function ThemeButton() {
  const words = useWords();
  const { theme } = usePreferences();
  const url = useUrl();
  const setUrl = useSetUrl();
  const label = words.app.theme(words.app.themes[theme]);
  return (
    <button
      type="button"
      className={controls.icon}
      aria-label={label}
      title={label}
      onClick={() => {
        setPreference('theme', NEXT_THEME[theme]);
        if (url.theme) setUrl({ theme: undefined }, { replace: true });
      }}
    >
      <Icon name={THEME_ICON[theme]} />
    </button>
  );
}

function LanguageButton() {
  const words = useWords();
  const { language } = usePreferences();
  const url = useUrl();
  const setUrl = useSetUrl();
  const other = language === 'en' ? 'ja' : 'en';
  return (
    <button
      type="button"
      className={controls.icon}
      lang={other}
      aria-label={words.app.language}
      title={words.app.language}
      onClick={() => {
        setPreference('language', other);
        if (url.lang) setUrl({ lang: undefined }, { replace: true });
      }}
    >
      {language === 'en' ? 'あ' : 'EN'}
    </button>
  );
}
