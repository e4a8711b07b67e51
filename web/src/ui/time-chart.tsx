import { useMemo, useState } from 'react';
import { chartSummary, DASHED, scaleTop, tickSteps, tickText, type Unit } from '../domain/chart';
import type { Formatter } from '../domain/format';
import { useWords } from './i18n/words';
import { Plot } from './plot';
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

const TICKS: Record<Unit, number[]> = {
  cores: tickSteps('cores'),
  bytes: tickSteps('bytes'),
  bytes_per_second: tickSteps('bytes_per_second'),
  count: tickSteps('count'),
};

/** A chart with its name and values above; the reader's words for both. */
export function TimeChart(props: TimeChartProps) {
  const { name, unit, lines, fromMs, toMs, stepMs, format, syncKey, onZoom, onBack } = props;
  const words = useWords();
  const [cursor, setCursor] = useState<number | null>(null);
  const write = writerOf(unit, format);
  const title = words.charts.names[name] ?? name;
  const drawn = useMemo(
    () =>
      lines.map((line, i) => {
        const dashed = DASHED.has(line.name);
        return { ...line, colour: dashed ? '--muted' : `--series-${(i % 6) + 1}`, dashed, thin: dashed };
      }),
    [lines],
  );
  const bounds = useMemo(() => [0, scaleTop(lines)] as const, [lines]);
  const summary = lines
    .map((l) => {
      const { last, most } = chartSummary(l.values);
      return words.charts.summary(title, words.charts.series[l.name] ?? l.name, write(last), write(most));
    })
    .join(' ');

  return (
    <figure className={styles.chart}>
      <figcaption>
        <b>{title}</b>
        {cursor !== null && <span className={styles.at}>{format.time(fromMs + cursor * stepMs)}</span>}
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
      <Plot
        label={summary}
        lines={drawn}
        bounds={bounds}
        ticks={TICKS[unit]}
        tickText={(value) => tickText(write(value))}
        fromMs={fromMs}
        toMs={toMs}
        firstMs={fromMs}
        stepMs={stepMs}
        format={format}
        syncKey={syncKey}
        onCursor={setCursor}
        onZoom={onZoom}
        onBack={onBack}
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
