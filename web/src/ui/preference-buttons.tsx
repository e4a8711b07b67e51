import controls from './controls.module.css';
import { useWords } from './i18n/words';
import { Icon, type IconName } from './icons';
import { setPreference, type Theme, usePreferences } from './preferences';
import { useSetUrl, useUrl } from './search';

const NEXT_THEME: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEME_ICON: Record<Theme, IconName> = { auto: 'auto', light: 'sun', dark: 'moon' };

export function ThemeButton() {
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

export function LanguageButton() {
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
