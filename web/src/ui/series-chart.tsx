import { useMemo, useState } from 'react';
import { chartSummary, tickSteps, tickText } from '../domain/chart';
import type { Formatter } from '../domain/format';
import {
  type Grid,
  type PanelLine,
  type PanelUnit,
  stacked,
  strokes,
  type Threshold,
  writerOf,
} from '../domain/panel';
import type { ResolvedRange } from '../domain/time-range';
import { useWords } from './i18n/words';
import styles from './panels.module.css';
import { Plot } from './plot';

interface SeriesChartProps {
  title: string;
  unit: PanelUnit;
  lines: PanelLine[];
  filled: boolean;
  thresholds: readonly Threshold[];
  grid: Grid;
  range: ResolvedRange;
  format: Formatter;
  /** Charts with the same key share one cursor. */
  syncKey: string;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
}

const DECIMAL = tickSteps('cores');
const BINARY = tickSteps('bytes');
const SMALL = [...[-6, -5, -4].flatMap((p) => [1, 2, 5].map((f) => Number(`${f}e${p}`))), ...DECIMAL];
const PERCENT_TOPS = [1, 5, 10, 25, 50, 100];
/** A threshold so far above the values would press them flat. */
const MARK_SHOWN_UP_TO = 2;

/** More have their legend at the side. */
const FEW = 5;

/** Many lines or areas, with a legend that says their values under the cursor. */
export function SeriesChart(props: SeriesChartProps) {
  const { title, unit, lines, filled, thresholds, grid, range, format } = props;
  const words = useWords();
  const [cursor, setCursor] = useState<number | null>(null);
  const [focus, setFocus] = useState<number>();
  const write = writerOf(unit, format);
  const nameOf = (line: PanelLine) =>
    line.others === undefined ? line.name : words.charts.others(format.exact(line.others));

  const drawn = useMemo(() => {
    const isIdle = (l: PanelLine) => !l.values.some((v) => v);
    const named = lines.filter((l) => l.others === undefined);
    const colours = strokes(
      named.filter((l) => !isIdle(l)).map((l) => l.name),
      named.filter(isIdle).map((l) => l.name),
    );
    // Beside single lines a sum of many would press them flat: it stands in the legend alone.
    return (filled ? stacked(lines) : named).map((line) => {
      const stroke = line.others === undefined ? colours.get(line.name) : undefined;
      return {
        name: line.name,
        values: line.values,
        colour: stroke ? `--series-${stroke.colour}` : '--spark',
        dashed: stroke?.dashed ?? false,
      };
    });
  }, [lines, filled]);
  const bounds = useMemo(() => boundsOf(drawn, unit, thresholds), [drawn, unit, thresholds]);
  const marks = useMemo(
    () => thresholds.map((t) => ({ at: t.from, colour: t.heat === 'crit' ? '--mark-crit' : '--mark-warn' })),
    [thresholds],
  );
  const summary = lines
    .map((l) => {
      const { last, most } = chartSummary(l.values);
      return words.charts.summary(title, nameOf(l), write(last), write(most));
    })
    .join(' ');

  return (
    <div className={styles.chart} data-many={lines.length > FEW || undefined}>
      <Plot
        className={styles.plot}
        label={summary}
        lines={drawn}
        filled={filled}
        bounds={bounds}
        marks={marks}
        ticks={ticksOf(unit)}
        tickText={(value) => tickOf(value, PER_SECOND_OF[unit] ?? unit, format)}
        fromMs={range.fromMs}
        toMs={range.toMs}
        firstMs={grid.fromMs}
        stepMs={grid.stepMs}
        format={format}
        syncKey={props.syncKey}
        focus={focus}
        onCursor={setCursor}
        onZoom={props.onZoom}
        onBack={props.onBack}
      />
      <ul
        className={styles.legend}
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where there are many
        tabIndex={0}
      >
        {cursor !== null && <li>{format.time(grid.fromMs + cursor * grid.stepMs)}</li>}
        {lines.map((line, i) => (
          <li
            key={line.name}
            onPointerEnter={() => setFocus(drawn[i] && i)}
            onPointerLeave={() => setFocus(undefined)}
          >
            <i
              className={styles.key}
              data-dashed={drawn[i]?.dashed || undefined}
              style={{ '--key': `var(${drawn[i]?.colour ?? '--page'})` } as React.CSSProperties}
            />
            <b title={nameOf(line)}>{nameOf(line)}</b>
            {write(cursor === null ? chartSummary(line.values).last : line.values[cursor])}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Ticks leave out "per second": the legend says it with every value. */
const PER_SECOND_OF: Partial<Record<PanelUnit, PanelUnit>> = {
  count_per_second: 'count',
  requests_per_second: 'count',
  bytes_per_second: 'bytes',
};

/** Ticks are round, so a small one needs all of its digits. */
function tickOf(value: number, unit: PanelUnit, format: Formatter): string {
  const plain = unit === 'cores' || unit === 'count';
  return plain && Math.abs(value) < 1
    ? String(Number(value.toPrecision(3)))
    : tickText(writerOf(unit, format)(value));
}

function ticksOf(unit: PanelUnit): number[] {
  if (unit === 'bytes' || unit === 'bytes_per_second') return BINARY;
  return unit === 'seconds' ? SMALL : DECIMAL;
}

/** From zero, or below where values are, to a little above the largest and to a threshold that is near. */
function boundsOf(
  lines: readonly { values: readonly (number | null)[] }[],
  unit: PanelUnit,
  thresholds: readonly Threshold[],
): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (const line of lines) {
    for (const value of line.values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (unit === 'percent' && low === 0) {
    const top = PERCENT_TOPS.find((t) => high <= t);
    if (top !== undefined) return [0, top];
  }
  for (const { from } of thresholds) if (from <= high * MARK_SHOWN_UP_TO) high = Math.max(high, from);
  if (high === 0 && low === 0) return [0, 1];
  return [low * 1.08, high * 1.08];
}
