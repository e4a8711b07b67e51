import type { Panel } from '../../api/dashboards';
import { chartSummary } from '../../domain/chart';
import type { Formatter } from '../../domain/format';
import { heatAt, writerOf } from '../../domain/panel';
import { useWords } from '../../ui/i18n/words';
import { StatTile } from '../../ui/stat-tile';
import type { Brought } from './use-panel';
import { useDashboardWords } from './words';

interface StatBodyProps {
  panel: Panel;
  brought: Brought;
  format: Formatter;
}

const SPARK_POINTS = 36;
/** A value further from the end than this is no longer that of now. */
const FRESH_POINTS = 5;

/** The largest of what came, which for most is the only one. */
export function StatBody({ panel, brought, format }: StatBodyProps) {
  const words = useDashboardWords();
  const { charts } = useWords();
  const write = writerOf(panel.unit, format);
  if (brought.instant) {
    const values = brought.instant.map((s) => s.value).filter((v): v is number => v !== null);
    const value = values.length === 0 ? null : Math.max(...values);
    return <StatTile value={write(value)} heat={heatAt(value, panel.thresholds)} />;
  }
  const current = (values: (number | null)[]) => chartSummary(values.slice(-FRESH_POINTS)).last;
  const series = [...(brought.range ?? [])].sort(
    (a, b) =>
      (current(b.values) ?? Number.NEGATIVE_INFINITY) - (current(a.values) ?? Number.NEGATIVE_INFINITY),
  );
  const { values } = series[0]!;
  const value = current(values);
  const first = values.findIndex((v) => v !== null);
  const age = (values.length - 1 - first) * brought.grid.stepMs;
  return (
    <StatTile
      value={write(value)}
      heat={heatAt(value, panel.thresholds)}
      note={
        series.length > 1
          ? charts.others(format.exact(series.length - 1))
          : first >= 0 && age > 0 && words.was(format.span(age), write(values[first]))
      }
      spark={thinned(values)}
    />
  );
}

/** As many means as a small line can show. */
function thinned(values: (number | null)[]): (number | null)[] {
  const size = Math.max(1, values.length / SPARK_POINTS);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const part = values.slice(
      Math.floor(i * size),
      Math.max(Math.floor((i + 1) * size), Math.floor(i * size) + 1),
    );
    const known = part.filter((v): v is number => v !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  });
}
