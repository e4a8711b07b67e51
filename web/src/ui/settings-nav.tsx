import { Link } from '@tanstack/react-router';
import controls from './controls.module.css';
import { useWords } from './i18n/words';
import { keepCommon } from './search';

/** The pages of the settings, at the head of each. */
export function SettingsNav() {
  const words = useWords();
  const pages = [
    ['/settings/channels', words.app.channels],
    ['/settings/access', words.app.access],
    ['/settings/about', words.app.about],
  ] as const;
  return (
    <nav className={controls.segments} aria-label={words.app.settings}>
      {pages.map(([to, label]) => (
        <Link key={to} to={to} search={keepCommon()} activeOptions={{ includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
