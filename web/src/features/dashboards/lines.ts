import type { Panel } from '../../api/dashboards';
import { DEFAULT_MOST_SERIES, largest, type PanelLine, seriesName } from '../../domain/panel';
import type { Brought } from './use-panel';

/** The lines of a panel: named, no name twice, the largest first where one query brought them all. */
export function linesOf(panel: Panel, brought: readonly Brought[]): PanelLine[] {
  const names = new Set<string>();
  const lines = brought.flatMap((b, i) =>
    (b.range ?? []).map((series): PanelLine => {
      let name = seriesName(panel.queries[i]!.legend, series.labels) || panel.title;
      if (names.has(name)) name = `${name} ${seriesName('', series.labels)}`.trim();
      for (let n = 2; names.has(name); n += 1) name = `${name} (${n})`;
      names.add(name);
      return { name, values: series.values };
    }),
  );
  const drawn = largest(lines, panel.most_series ?? DEFAULT_MOST_SERIES);
  return panel.queries.length > 1 || drawn.length < lines.length ? drawn : bySize(drawn);
}

function bySize(lines: PanelLine[]): PanelLine[] {
  const sum = (line: PanelLine) => line.values.reduce<number>((s, v) => s + (v ?? 0), 0);
  return [...lines].sort((a, b) => sum(b) - sum(a) || (a.name < b.name ? -1 : 1));
}
