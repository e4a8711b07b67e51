import { DEFAULT_MOST_SERIES, heatAt, seriesName, writerOf } from '../../domain/panel';
import { TopBars } from '../../ui/top-bars';
import { Narrow } from './narrow';
import type { BodyProps, PanelPlace } from './place';

export function TopBody({ panel, place, brought, format }: BodyProps & { place: PanelPlace }) {
  const write = writerOf(panel.unit, format);
  const all = brought.flatMap((b, i) =>
    (b.instant ?? []).flatMap((series) =>
      series.value === null
        ? []
        : [
            {
              name: seriesName(panel.queries[i]!.legend, series.labels) || panel.title,
              labels: series.labels,
              value: series.value,
            },
          ],
    ),
  );
  const largest = all.sort((a, b) => b.value - a.value).slice(0, panel.most_series ?? DEFAULT_MOST_SERIES);
  return (
    <TopBars
      bars={largest.map(({ name, labels, value }) => ({
        key: JSON.stringify(labels) + name,
        name: (
          <Narrow labels={labels} place={place}>
            {name}
          </Narrow>
        ),
        title: name,
        value,
        text: write(value),
        heat: heatAt(value, panel.thresholds),
      }))}
    />
  );
}
