import { useRef, useState } from 'react';
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
  /** A stretch of time was dragged over, or one bar was clicked. */
  onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 60;
/** A single event must still be seen beside hundreds. */
const LEAST_PX = 3;
const LABELS = 5;
const DAY_MS = 86_400_000;

/** Stacked bars, the gravest at the bottom where the eye compares best. Drag zooms. */
export function SeverityBars({ bars, fromMs, toMs, format, onZoom }: SeverityBarsProps) {
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number>();
  const [grip, setGrip] = useState<number>();
  const most = Math.max(1, ...bars.map((b) => totalOf(b.counts)));
  const long = toMs - fromMs > DAY_MS;
  const label = (ms: number) => (long ? format.dayTime(ms).slice(0, 11) : format.time(ms).slice(0, 5));
  const endOf = (i: number) => bars[i + 1]?.from_ms ?? toMs;
  const indexOf = (clientX: number) => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || rect.width === 0) return 0;
    return Math.max(
      0,
      Math.min(bars.length - 1, Math.floor(((clientX - rect.left) / rect.width) * bars.length)),
    );
  };
  const told = (counts: SeverityCount[]) =>
    SEVERITIES.filter((s) => countOf(counts, s) > 0)
      .map((s) => `${format.exact(countOf(counts, s))} ${words.severityInText[s]}`)
      .join(', ') || words.events.none;
  const hovered = at === undefined ? undefined : bars[at];
  const marked = grip === undefined || at === undefined ? at : Math.min(grip, at);
  const markedTo = grip === undefined || at === undefined ? at : Math.max(grip, at);

  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {hovered
          ? words.events.bar(
              `${format.dayTime(hovered.from_ms)} – ${format.time(endOf(at!))}`,
              told(hovered.counts),
            )
          : words.events.chartMost(format.count(most))}
      </figcaption>
      <div
        ref={box}
        className={styles.bars}
        role="img"
        aria-label={`${words.events.chart}. ${words.events.chartMost(format.count(most))}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setGrip(indexOf(event.clientX));
        }}
        onPointerMove={(event) => setAt(indexOf(event.clientX))}
        onPointerLeave={() => setAt(undefined)}
        onPointerCancel={() => setGrip(undefined)}
        onPointerUp={(event) => {
          const last = indexOf(event.clientX);
          const first = grip ?? last;
          setGrip(undefined);
          setAt(undefined);
          const [a, b] = [Math.min(first, last), Math.max(first, last)];
          if (bars.slice(a, b + 1).some((bar) => totalOf(bar.counts) > 0)) onZoom(bars[a]!.from_ms, endOf(b));
        }}
      >
        {bars.map((bar, i) => (
          <span
            key={bar.from_ms}
            className={styles.bar}
            data-marked={(marked !== undefined && i >= marked && i <= markedTo!) || undefined}
          >
            {SEVERITIES.toReversed().map((s) => {
              const count = countOf(bar.counts, s);
              if (count === 0) return null;
              const height = Math.max(LEAST_PX, Math.round((count / most) * HEIGHT));
              return <i key={s} className={styles[s]} style={{ height }} />;
            })}
          </span>
        ))}
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
