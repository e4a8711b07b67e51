import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { loneIndexes } from '../domain/chart';
import type { Formatter } from '../domain/format';
import { usePreferences } from './preferences';
import styles from './time-chart.module.css';

export interface PlotLine {
  name: string;
  /** What is drawn; of a stack the sum of itself and all below. */
  values: (number | null)[];
  /** A token of the page: `--series-1`. */
  colour: string;
  dashed?: boolean;
  thin?: boolean;
}

interface PlotProps {
  /** What it shows in words, for those who do not see it. */
  label: string;
  lines: PlotLine[];
  /** Areas between a line and the one before. */
  filled?: boolean;
  /** Ends of the value scale. */
  bounds: readonly [number, number];
  /** Values with a line across, and their colours. */
  marks?: readonly { at: number; colour: string }[];
  /** Distances between ticks that may be chosen. */
  ticks: number[];
  tickText: (value: number) => string;
  fromMs: number;
  toMs: number;
  /** Of the first value. */
  firstMs: number;
  stepMs: number;
  format: Formatter;
  /** Charts with the same key share one cursor. */
  syncKey: string;
  /** The line that is looked at: the others go pale. */
  focus?: number;
  className?: string;
  onCursor: (index: number | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
}

const NO_MARKS: NonNullable<PlotProps['marks']> = [];
const Y_AXIS = 56;
/** Ranges of so many seconds have ticks between minutes. */
const SECONDS_SHOWN_BELOW = 240;
/** A shorter drag is a click. */
const LEAST_DRAG_PX = 6;

/** Lines over time on a canvas; drag zooms, double-click goes back, the arrow keys move the cursor. */
export function Plot(props: PlotProps) {
  const { lines, bounds, marks = NO_MARKS, fromMs, toMs, firstMs, stepMs, filled = false, focus } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const cursor = useRef<number | null>(null);
  const scale = useRef({ bounds, marks });
  const scheme = useScheme();
  const onZoom = useEffectEvent(props.onZoom);
  const onBack = useEffectEvent(props.onBack);
  const onCursor = useEffectEvent(props.onCursor);
  const tickText = useEffectEvent(props.tickText);

  const data = useMemo<uPlot.AlignedData>(() => {
    const length = Math.max(0, ...lines.map((l) => l.values.length));
    const times = Array.from({ length }, (_, i) => (firstMs + i * stepMs) / 1000);
    return [times, ...lines.map((l) => l.values)];
  }, [lines, firstMs, stepMs]);

  const look = JSON.stringify([filled, lines.map((l) => [l.name, l.colour, l.dashed, l.thin])]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew only where its look changes; data goes in below
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf({
        element,
        lines,
        filled,
        scale,
        ticks: props.ticks,
        tickText: (value) => tickText(value),
        format: props.format,
        syncKey: props.syncKey,
        onCursor: (index) => {
          cursor.current = index;
          onCursor(index);
        },
        onZoom: (from, to) => onZoom(from, to),
        onBack: () => onBack(),
      }),
      data,
      element,
    );
    plot.current = made;
    made.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [scheme, look, props.ticks, props.format, props.syncKey]);

  useEffect(() => {
    scale.current = { bounds, marks };
    plot.current?.setData(data, false);
    plot.current?.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
  }, [data, fromMs, toMs, bounds, marks]);

  useEffect(() => {
    plot.current?.setSeries(focus === undefined ? null : focus + 1, { focus: true });
  }, [focus]);

  const step = (by: number) => {
    const u = plot.current;
    const times = data[0];
    if (!u || times.length === 0) return;
    const index = Math.max(0, Math.min(times.length - 1, (cursor.current ?? times.length) + by));
    u.setCursor({ left: u.valToPos(times[index]!, 'x'), top: 10 });
  };

  return (
    <div
      ref={box}
      className={`${styles.plot} ${props.className ?? ''}`}
      role="img"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the cursor over the values
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        step((event.key === 'ArrowLeft' ? -1 : 1) * (event.shiftKey ? 10 : 1));
      }}
      onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
    />
  );
}

interface PlotNeeds {
  element: HTMLElement;
  lines: PlotLine[];
  filled: boolean;
  scale: React.RefObject<{ bounds: readonly [number, number]; marks: NonNullable<PlotProps['marks']> }>;
  ticks: number[];
  tickText: (value: number) => string;
  format: Formatter;
  syncKey: string;
  onCursor: (index: number | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
}

function optionsOf(needs: PlotNeeds): uPlot.Options {
  const { element, lines, filled, scale, format } = needs;
  const colour = (token: string) => resolved(element, `var(${token})`);
  const pale = (token: string) => resolved(element, `color-mix(in srgb, var(${token}) 34%, transparent)`);
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font,
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [6, 14, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), format.timeZone),
    focus: { alpha: 0.2 },
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
    scales: { x: { time: true }, y: { range: () => [...scale.current.bounds] } },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        // Labels with seconds are wider.
        space: (_u, _axis, min, max) => (max - min < SECONDS_SHOWN_BELOW ? 64 : 44),
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
        incrs: needs.ticks,
        values: (_u, splits) => splits.map((s) => needs.tickText(s)),
      },
    ],
    bands: filled
      ? lines.slice(1).map((_, i) => ({ series: [i + 2, i + 1] as [number, number] }))
      : undefined,
    series: [
      {},
      ...lines.map(
        (line): uPlot.Series => ({
          label: line.name,
          stroke: colour(line.colour),
          width: line.thin || filled ? 1 : 1.5,
          dash: line.dashed ? [4, 3] : undefined,
          fill: filled ? pale(line.colour) : undefined,
          // A value alone between two gaps is no line, but it was measured.
          points: { show: true, size: 3, filter: (u, at) => loneIndexes(u.data[at] ?? []) },
          spanGaps: false,
        }),
      ),
    ],
    hooks: {
      draw: [
        (u) => {
          for (const mark of scale.current.marks) drawMark(u, mark.at, colour(mark.colour));
        },
      ],
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

/** A line across at a value, where the scale has it. */
function drawMark(u: uPlot, at: number, colour: string) {
  const { min, max } = u.scales.y!;
  if (min == null || max == null || at < min || at > max) return;
  const y = Math.round(u.valToPos(at, 'y', true)) + 0.5;
  u.ctx.save();
  u.ctx.strokeStyle = colour;
  u.ctx.lineWidth = 1;
  u.ctx.setLineDash([6, 4]);
  u.ctx.beginPath();
  u.ctx.moveTo(u.bbox.left, y);
  u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
  u.ctx.stroke();
  u.ctx.restore();
}

/** A canvas knows no custom properties, and `light-dark()` resolves only as a used colour. */
function resolved(element: HTMLElement, value: string): string {
  const before = element.style.color;
  element.style.color = value;
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
