import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useRef } from 'react';
import { historyQuery } from '../../api/queries';
import { isUnit, lateStart } from '../../domain/chart';
import { encodeRange } from '../../domain/search';
import { absolute, endsNow, formatBound, PRESETS, parseDuration } from '../../domain/time-range';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useLive } from '../../ui/live';
import { useRange, useSetUrl, useUrl } from '../../ui/search';
import { Failed, Skeleton } from '../../ui/states';
import { TimeChart } from '../../ui/time-chart';
import styles from './history-charts.module.css';

const LIVE_EVERY_MS = 10_000;
const POINTS = 300;
/** Order on the page, whatever order they travel in. */
const ORDER = ['cpu', 'memory', 'disk', 'network', 'threads', 'fds'];
/** A drag over less than this asks for more than there is: data comes every few seconds. */
const SHORTEST_ZOOM_MS = 20_000;

/** Charts of one row over the range of the page. */
export function HistoryCharts({ id }: { id: string }) {
  const words = useWords();
  const format = useFormat();
  const range = useRange();
  const setUrl = useSetUrl();
  const router = useRouter();
  const { held } = useLive();
  const live = useUrl().live !== 'off' && endsNow(range) && !held;
  const zooms = useRef(0);
  const history = useQuery(
    historyQuery(
      { row: id, from: formatBound(range.from), to: formatBound(range.to), points: POINTS },
      live && LIVE_EVERY_MS,
    ),
  );

  const zoom = (fromMs: number, toMs: number) => {
    const missing = Math.max(0, SHORTEST_ZOOM_MS - (toMs - fromMs)) / 2;
    zooms.current += 1;
    setUrl(encodeRange(absolute(fromMs - missing, toMs + missing)));
  };
  const back = () => {
    if (zooms.current === 0) return;
    zooms.current -= 1;
    router.history.back();
  };

  if (history.error && !history.data) {
    return <Failed error={history.error} onRetry={() => void history.refetch()} />;
  }
  if (!history.data) return <Skeleton rows={8} />;
  const { charts, from_ms, to_ms, step_ms } = history.data;
  const drawn = charts
    .filter((c) => c.series.some((s) => s.values.some((v) => v !== null)))
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  const missing = charts.filter((c) => !drawn.includes(c));
  const start = endsNow(range)
    ? lateStart(
        drawn.flatMap((c) => c.series),
        from_ms,
        to_ms,
        step_ms,
      )
    : undefined;
  const short = start === undefined ? undefined : shortestPreset(to_ms - start);

  return (
    <section className={styles.charts} aria-busy={history.isFetching}>
      <header>
        <h3>{words.drawer.charts}</h3>
        <span>{words.drawer.step(format.span(step_ms))}</span>
      </header>
      {drawn.length === 0 && (
        <p className={styles.none}>
          <b>{words.drawer.noHistory}</b> {id.startsWith('process:') && words.drawer.noHistoryHint}
        </p>
      )}
      {start !== undefined && short !== undefined && short < to_ms - from_ms - 2 * step_ms && (
        <p className={styles.none}>
          {words.drawer.lateStart(format.span(Math.max(step_ms, to_ms - start)))}{' '}
          <button
            type="button"
            className={controls.link}
            onClick={() =>
              setUrl(encodeRange({ from: { kind: 'now', agoMs: short }, to: { kind: 'now', agoMs: 0 } }))
            }
          >
            {words.drawer.showLast(format.span(short))}
          </button>
        </p>
      )}
      <div className={styles.grid}>
        {drawn.map((c) => (
          <TimeChart
            key={c.name}
            name={c.name}
            unit={isUnit(c.unit) ? c.unit : 'count'}
            lines={c.series}
            fromMs={from_ms}
            toMs={to_ms}
            stepMs={step_ms}
            format={format}
            syncKey="drawer"
            onZoom={zoom}
            onBack={back}
          />
        ))}
      </div>
      {drawn.length > 0 && missing.length > 0 && (
        <p className={styles.missing}>
          {words.drawer.notCollected}: {missing.map((c) => words.charts.names[c.name] ?? c.name).join(', ')}
        </p>
      )}
    </section>
  );
}

/** The shortest range on offer that holds all of it. */
function shortestPreset(ms: number): number | undefined {
  return PRESETS.map((p) => parseDuration(p)!).find((preset) => preset >= ms);
}
