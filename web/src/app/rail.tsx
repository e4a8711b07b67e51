import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { alertsQuery } from '../api/alerts';
import { eventCountsQuery } from '../api/queries';
import { gravest } from '../domain/severity';
import { useWords } from '../ui/i18n/words';
import { Icon, type IconName, Logo } from '../ui/icons';
import { setPreference, usePreferences } from '../ui/preferences';
import { keepCommon } from '../ui/search';
import { SeverityShape, SeverityText } from '../ui/severity';
import styles from './rail.module.css';

const COUNTS_EVERY_MS = 15_000;
/** More would leave no room for the name; the tip has the number. */
const MOST_TOLD = 999;

/** The pages that exist. */
export function Rail() {
  const words = useWords();
  const { railFolded } = usePreferences();
  const toggle = railFolded ? words.app.unfoldRail : words.app.foldRail;
  return (
    <nav className={styles.rail} aria-label={words.app.pages} data-folded={railFolded || undefined}>
      <Link to="/spotlight" search={keepCommon()} className={styles.brand} aria-label="Lanner">
        <Logo />
        <span className={styles.word}>Lanner</span>
      </Link>
      <ul>
        <Item to="/spotlight" icon="spotlight" label={words.app.spotlight} />
        <Item to="/explore" icon="explore" label={words.app.explore} />
        <Item to="/topology" icon="topology" label={words.app.topology} />
        <Item to="/dashboards" icon="dashboards" label={words.app.dashboards} />
        <Item to="/alerts" icon="alerts" label={words.app.alerts}>
          <FiringCount />
        </Item>
      </ul>
      <h2 className={styles.heading}>{words.app.security}</h2>
      <ul>
        <Item to="/security/events" icon="shield" label={words.app.events}>
          <GraveCount />
        </Item>
        <Item to="/captures" icon="captures" label={words.app.captures} />
      </ul>
      <div className={styles.foot}>
        <ul>
          <Item to="/settings/about" icon="settings" label={words.app.settings} />
        </ul>
        <button
          type="button"
          className={styles.fold}
          aria-label={toggle}
          title={toggle}
          onClick={() => setPreference('railFolded', !railFolded)}
        >
          <Icon name="rail" />
        </button>
      </div>
    </nav>
  );
}

interface ItemProps {
  to: LinkProps['to'];
  icon: IconName;
  label: string;
  children?: React.ReactNode;
}

function Item({ to, icon, label, children }: ItemProps) {
  return (
    <li>
      <Link
        to={to}
        search={keepCommon()}
        className={styles.item}
        title={label}
        activeOptions={{ includeSearch: false }}
      >
        <Icon name={icon} />
        <span className={styles.word}>{label}</span>
        {children}
      </Link>
    </li>
  );
}

/** What fires and is not silenced: the gravest of it. */
function FiringCount() {
  const words = useWords();
  const { data } = useQuery(alertsQuery);
  const loud = data?.alerts.filter((a) => a.state === 'firing' && a.silenced_by === null) ?? [];
  const worst = loud[0]?.severity;
  if (!data || !worst) return null;
  const count = loud.filter((a) => a.severity === worst).length;
  return (
    <span className={styles.count} title={words.app.alertsFiring(data.firing)}>
      <span className={styles.wide}>
        <SeverityText severity={worst} count={String(count)} />
      </span>
      <span className={`${styles.dot} ${styles[worst]}`} aria-hidden="true">
        <SeverityShape severity={worst} size={8} />
      </span>
    </span>
  );
}

/** The gravest of the last 24 h, where it is grave enough to be told on every page. */
function GraveCount() {
  const words = useWords();
  const { data } = useQuery(eventCountsQuery({ from: 'now-24h', limit: 1 }, COUNTS_EVERY_MS));
  const worst = data && gravest(data.counts);
  if (!worst || (worst.severity !== 'critical' && worst.severity !== 'high')) return null;
  const told = words.app.severeIn24h(worst.count, words.severityInText[worst.severity]);
  return (
    <span className={styles.count} title={told}>
      <span className={styles.wide}>
        <SeverityText
          severity={worst.severity}
          count={worst.count > MOST_TOLD ? `${MOST_TOLD}+` : String(worst.count)}
        />
      </span>
      <span className={`${styles.dot} ${styles[worst.severity]}`} aria-hidden="true">
        <SeverityShape severity={worst.severity} size={8} />
      </span>
    </span>
  );
}
