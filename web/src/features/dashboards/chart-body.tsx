import { useMemo } from 'react';
import { SeriesChart } from '../../ui/series-chart';
import { linesOf } from './lines';
import type { BodyProps, PanelPlace } from './place';

export function ChartBody({ panel, place, brought, format }: BodyProps & { place: PanelPlace }) {
  const lines = useMemo(() => linesOf(panel, brought), [panel, brought]);
  return (
    <SeriesChart
      title={panel.title}
      unit={panel.unit}
      lines={lines}
      filled={panel.kind === 'stacked'}
      thresholds={panel.thresholds}
      grid={brought[0]!.grid}
      range={place.moment.range}
      format={format}
      syncKey="dashboard"
      onZoom={place.onZoom}
      onBack={place.onBack}
    />
  );
}
