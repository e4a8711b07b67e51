import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartSummary, DASHED, loneIndexes, scaleTop, tickSteps, type Unit } from '../domain/chart';
import type { Formatter } from '../domain/format';
import { useWords } from './i18n/words';
import { usePreferences } from './preferences';
import styles from './time-chart.module.css';

export interface ChartLine {
  name: string;
  values: (number | null)[];
}

interface TimeChartProps {
  name: string;
  unit: Unit;
  lines: ChartLine[];
  fromMs: number;
  toMs: number;
  stepMs: number;
  format: Formatter;
  /** Charts with the same key share one cursor. */
  syncKey: string;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
}

const HEIGHT = 104;
const Y_AXIS = 56;
/** A shorter drag is a click. */
const LEAST_DRAG_PX = 6;

/** Lines over time on a canvas; drag zooms, double-click goes back, the arrow keys move the cursor. */
export function TimeChart(props: TimeChartProps) {
  const { name, unit, lines, fromMs, toMs, stepMs, format, syncKey } = props;
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [cursor, setCursor] = useState<number | null>(null);
  const scheme = useScheme();
  const write = writerOf(unit, format);
  const onZoom = useEffectEvent(props.onZoom);
  const onBack = useEffectEvent(props.onBack);

  const data = useMemo<uPlot.AlignedData>(() => {
    const length = Math.max(0, ...lines.map((l) => l.values.length));
    const times = Array.from({ length }, (_, i) => (fromMs + i * stepMs) / 1000);
    return [times, ...lines.map((l) => l.values)];
  }, [lines, fromMs, stepMs]);

  const names = lines.map((l) => l.name).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew only where its look changes; data goes in below
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf({
        element,
        names: names.split(','),
        unit,
        format,
        syncKey,
        onCursor: setCursor,
        onZoom: (from, to) => onZoom(from, to),
        onBack: () => onBack(),
      }),
      data,
      element,
    );
    plot.current = made;
    made.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [scheme, names, unit, format, syncKey]);

  useEffect(() => {
    plot.current?.setData(data, false);
    plot.current?.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
  }, [data, fromMs, toMs]);

  const title = words.charts.names[name] ?? name;
  const times = data[0];
  const summary = lines
    .map((l) => {
      const { last, most } = chartSummary(l.values);
      return words.charts.summary(title, words.charts.series[l.name] ?? l.name, write(last), write(most));
    })
    .join(' ');

  const step = (by: number) => {
    const u = plot.current;
    if (!u || times.length === 0) return;
    const index = Math.max(0, Math.min(times.length - 1, (cursor ?? times.length) + by));
    u.setCursor({ left: u.valToPos(times[index]!, 'x'), top: 10 });
  };

  return (
    <figure className={styles.chart}>
      <figcaption>
        <b>{title}</b>
        {cursor !== null && times[cursor] !== undefined && (
          <span className={styles.at}>{format.time(times[cursor] * 1000)}</span>
        )}
        <span className={styles.values}>
          {lines.map((l, i) => (
            <span key={l.name}>
              {lines.length > 1 && (
                <i className={styles.key} data-line={DASHED.has(l.name) ? 'dashed' : i + 1} />
              )}
              {lines.length > 1 && (words.charts.series[l.name] ?? l.name)}{' '}
              <b>{write(cursor === null ? chartSummary(l.values).last : (l.values[cursor] ?? null))}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div
        ref={box}
        className={styles.plot}
        role="img"
        aria-label={summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the cursor over the values
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
          event.preventDefault();
          step((event.key === 'ArrowLeft' ? -1 : 1) * (event.shiftKey ? 10 : 1));
        }}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      />
    </figure>
  );
}

function writerOf(unit: Unit, format: Formatter): (value: number | null | undefined) => string {
  if (unit === 'bytes') return format.bytes;
  if (unit === 'bytes_per_second') return format.bytesPerSecond;
  if (unit === 'cores') return format.cores;
  return format.count;
}

interface PlotNeeds {
  element: HTMLElement;
  names: string[];
  unit: Unit;
  format: Formatter;
  syncKey: string;
  onCursor: (index: number | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
}

function optionsOf(needs: PlotNeeds): uPlot.Options {
  const { element, names, unit, format } = needs;
  const colour = (token: string) => resolved(element, token);
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font,
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  const write = writerOf(unit, format);
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), format.timeZone),
    cursor: {
      sync: { key: needs.syncKey },
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      // Ours instead of "reset the scales": back to the range before.
      bind: {
        dblclick: () => () => {
          needs.onBack();
          return null;
        },
      },
    },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: true }, y: { range: (u) => [0, scaleTop(linesOfPlot(u, names))] } },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        space: 64,
        grid: { show: false },
        values: (_u, splits, _i, _space, increment) =>
          splits.map((s) =>
            increment >= 86_400
              ? format.dayTime(s * 1000).slice(0, 5)
              : format.time(s * 1000).slice(0, increment < 60 ? 8 : 5),
          ),
      },
      {
        ...axis,
        size: Y_AXIS,
        gap: 6,
        space: 20,
        incrs: tickSteps(unit),
        values: (_u, splits) => splits.map((s) => tickText(write(s))),
      },
    ],
    series: [
      {},
      ...names.map(
        (name, i): uPlot.Series => ({
          label: name,
          stroke: colour(DASHED.has(name) ? '--muted' : `--series-${(i % 6) + 1}`),
          width: DASHED.has(name) ? 1 : 1.5,
          dash: DASHED.has(name) ? [4, 3] : undefined,
          // A value alone between two gaps is no line, but it was measured.
          points: { show: true, size: 3, filter: (u, line) => loneIndexes(u.data[line] ?? []) },
          spanGaps: false,
        }),
      ),
    ],
    hooks: {
      setCursor: [(u) => needs.onCursor((u.cursor.left ?? -1) < 0 ? null : (u.cursor.idx ?? null))],
      setSelect: [
        (u) => {
          if (u.select.width < LEAST_DRAG_PX) return;
          const from = u.posToVal(u.select.left, 'x') * 1000;
          const to = u.posToVal(u.select.left + u.select.width, 'x') * 1000;
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          needs.onZoom(from, to);
        },
      ],
    },
  };
}

/** `1 GiB` for `1.00 GiB/s`: ticks are round, and the caption says that it is per second. */
function tickText(text: string): string {
  return text
    .replace('/s', '')
    .replace(/\.0+(?=\D*$)/, '')
    .replace(/(\.\d*?)0+(?=\D*$)/, '$1')
    .replace(/^0 B$/, '0');
}

function linesOfPlot(u: uPlot, names: string[]): ChartLine[] {
  return names.map((name, i) => ({ name, values: (u.data[i + 1] ?? []) as (number | null)[] }));
}

/** A canvas knows no custom properties, and `light-dark()` resolves only as a used colour. */
function resolved(element: HTMLElement, token: string): string {
  const before = element.style.color;
  element.style.color = `var(${token})`;
  const colour = getComputedStyle(element).color;
  element.style.color = before;
  return colour;
}

/** Changes when the colours on the page do. */
function useScheme(): string {
  const { theme } = usePreferences();
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return theme === 'auto' ? (dark ? 'dark' : 'light') : theme;
}
