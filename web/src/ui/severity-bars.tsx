import type { Formatter } from '../domain/format';
import type { SeverityCount } from '../domain/row';
import { countOf, SEVERITIES, totalOf } from '../domain/severity';
import { useWords } from './i18n/words';
import styles from './severity-bars.module.css';

export interface Bar {
  from_ms: number;
  counts: SeverityCount[];
}

interface SeverityBarsProps {
  bars: Bar[];
  fromMs: number;
  toMs: number;
  format: Formatter;
  /** A bar was chosen: its stretch of time. */
  onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 64;
/** A single event must still be seen beside hundreds. */
const LEAST_PX = 3;
const LABELS = 5;

/** Stacked bars, the gravest at the bottom where the eye compares best. */
export function SeverityBars({ bars, fromMs, toMs, format, onZoom }: SeverityBarsProps) {
  const words = useWords();
  const most = Math.max(1, ...bars.map((b) => totalOf(b.counts)));
  const long = toMs - fromMs > 86_400_000;
  const label = (ms: number) => (long ? format.dayTime(ms).slice(0, 11) : format.time(ms).slice(0, 5));
  const told = (b: Bar) =>
    words.events.bar(
      format.dayTime(b.from_ms),
      SEVERITIES.filter((s) => countOf(b.counts, s) > 0)
        .map((s) => `${countOf(b.counts, s)} ${words.severityInText[s]}`)
        .join(', ') || words.events.none,
    );
  const endOf = (i: number) => bars[i + 1]?.from_ms ?? toMs;

  return (
    <figure className={styles.figure}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, no form */}
      <div className={styles.bars} role="group" aria-label={words.events.chart}>
        <span className={styles.scale} aria-hidden="true">
          {format.count(most)}
        </span>
        {bars.map((bar, i) => {
          const total = totalOf(bar.counts);
          if (total === 0) return <span key={bar.from_ms} className={styles.gap} />;
          return (
            <button
              key={bar.from_ms}
              type="button"
              className={styles.bar}
              title={told(bar)}
              aria-label={told(bar)}
              onClick={() => onZoom(bar.from_ms, endOf(i))}
            >
              {SEVERITIES.toReversed().map((s) => {
                const count = countOf(bar.counts, s);
                if (count === 0) return null;
                const height = Math.max(LEAST_PX, Math.round((count / most) * HEIGHT));
                return <i key={s} className={styles[s]} style={{ height }} />;
              })}
            </button>
          );
        })}
      </div>
      <div className={styles.labels} aria-hidden="true">
        {Array.from({ length: LABELS }, (_, i) => {
          const ms = fromMs + ((toMs - fromMs) * i) / (LABELS - 1);
          return <span key={ms}>{label(ms)}</span>;
        })}
      </div>
    </figure>
  );
}
