import type { InspectOverview, InspectTile } from '../../api/inspect';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Status } from '../../ui/status';
import { Bars } from './bars';
import styles from './inspect.module.css';
import { drill, type InspectState, type Place } from './inspect-state';
import type { Go } from './use-state';
import { stepsOf } from './window';
import { useInspectWords } from './words';

const CATEGORIES = ['general', 'security', 'file', 'network', 'performance'] as const;

interface TilesProps {
  overview: InspectOverview;
  state: InspectState;
  go: Go;
}

/** Numbers by category. A click compares a tile's course below, a double click or Enter shows what is behind it. */
export function Tiles({ overview, state, go }: TilesProps) {
  const words = useInspectWords();
  return (
    <div className={styles.tiles}>
      {CATEGORIES.map((category) => (
        <section key={category} aria-label={words.categories[category]}>
          <h2>{words.categories[category]}</h2>
          <div>
            {overview.tiles
              .filter((tile) => tile.category === category)
              .map((tile) => (
                <Tile key={tile.name} tile={tile} overview={overview} state={state} go={go} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function Tile({ tile, overview, state, go }: TilesProps & { tile: InspectTile }) {
  const words = useInspectWords();
  const format = useFormat();
  const name = words.tiles[tile.name] ?? tile.name;
  const write = tile.unit === 'bytes' ? format.bytes : format.count;
  const pinned = state.pins.includes(tile.name);
  const [from, to] = stepsOf(overview, state);
  const behind = () => {
    const next = drill(state, tile.view as Place, undefined, tile.filter);
    go({ ...next, sort: tile.sort || undefined });
  };
  const pin = () => {
    const pins = state.pins.filter((other) => other !== tile.name && other !== 'none');
    go({ ...state, pins: pinned ? pins : [...pins, tile.name] }, { replace: true });
  };
  return (
    <div className={styles.tile} data-pinned={pinned || undefined} data-look={tile.noteworthy || undefined}>
      <button
        type="button"
        aria-pressed={pinned}
        title={words.pin(name)}
        disabled={tile.empty}
        onClick={pin}
        onDoubleClick={behind}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          behind();
        }}
      >
        <span className={styles.name}>
          {tile.noteworthy && <Status mark="warn" word="" />}
          {name}
        </span>
        <span className={styles.value}>
          <b title={format.exact(tile.total)}>{write(tile.selected ?? tile.total)}</b>
          {tile.selected != null && tile.selected !== tile.total && (
            <small>{words.ofAll('', write(tile.total)).trim()}</small>
          )}
          {tile.noteworthy && tile.selected == null && <small>{words.worthALook}</small>}
        </span>
        <Bars values={tile.values} width={120} height={32} from={from} to={to} />
      </button>
      {!tile.empty && (
        <button
          type="button"
          className={styles.drill}
          aria-label={words.drill(name)}
          title={`${words.drill(name)} (Enter)`}
          onClick={behind}
        >
          <Icon name="right" size={12} />
        </button>
      )}
    </div>
  );
}
