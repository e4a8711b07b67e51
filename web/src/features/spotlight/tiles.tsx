import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Spotlight } from '../../api/spotlight';
import { useFormat } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import { Status } from '../../ui/status';
import styles from './spotlight.module.css';
import { useSpotlightWords } from './words';

export function Tiles({ tiles }: { tiles: Spotlight['tiles'] }) {
  const words = useSpotlightWords().tiles;
  const format = useFormat();
  const missing = tiles.agents_known - tiles.agents_reporting;
  const all = words.reporting(tiles.agents_reporting, tiles.agents_known);
  return (
    <ul className={styles.tiles} aria-label={words.label}>
      <Tile
        to="/settings/about"
        name={words.agents}
        value={String(tiles.agents_reporting)}
        of={String(tiles.agents_known)}
      >
        {missing > 0 ? (
          <Status mark="crit" word={words.notReporting(missing)} />
        ) : (
          <Status mark="ok" word={all} />
        )}
      </Tile>
      <Tile to="/explore" name={words.watched} value={String(tiles.hosts)}>
        {words.containers(tiles.containers)}
      </Tile>
      <Tile to="/alerts" name={words.alerts} value={String(tiles.alerts_firing)}>
        {tiles.alerts_firing === 0 ? (
          words.noAlerts
        ) : (
          <Status
            mark={tiles.alerts_critical > 0 ? 'crit' : 'warn'}
            word={words.grave(tiles.alerts_critical)}
          />
        )}
      </Tile>
      <Tile
        to="/security/events"
        search={{ from: 'now-24h' }}
        name={words.events}
        value={format.count(tiles.events_total)}
      >
        {tiles.events.slice(0, 3).map((it) => (
          <SeverityText key={it.severity} severity={it.severity} count={format.count(it.count)} />
        ))}
        <span>
          {tiles.events_before === null ? words.noBefore : words.before(format.count(tiles.events_before))}
        </span>
      </Tile>
      <Tile to="/topology" name={words.integrations} value={String(tiles.integrations_monitored)}>
        {words.found(tiles.integrations_found)}
      </Tile>
    </ul>
  );
}

interface TileProps {
  to: string;
  search?: Record<string, string>;
  name: string;
  value: string;
  of?: string;
  children: ReactNode;
}

function Tile({ to, search, name, value, of, children }: TileProps) {
  return (
    <li>
      <Link to={to} search={keepCommon(search)}>
        {name}
      </Link>
      <b>
        {value}
        {of && <small> / {of}</small>}
      </b>
      <span className={styles.below}>{children}</span>
    </li>
  );
}
