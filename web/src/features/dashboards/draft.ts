import type { DashboardContent, DashboardProblem, Panel, PanelQuery } from '../../api/dashboards';

/** A panel as it is added: complete, and asking for something that is there. */
export function newPanel(title: string): Panel {
  return {
    title,
    description: '',
    kind: 'line',
    unit: 'count',
    width: 6,
    height: 3,
    queries: [newQuery()],
    thresholds: [],
    most_series: null,
  };
}

export function newQuery(): PanelQuery {
  return { promql: 'sum(node_load1)', legend: '', unit: null };
}

export function withPanel(content: DashboardContent, at: number, panel: Panel): DashboardContent {
  return { ...content, panels: content.panels.map((p, i) => (i === at ? panel : p)) };
}

export function withNewPanel(content: DashboardContent, at: number, panel: Panel): DashboardContent {
  return { ...content, panels: content.panels.toSpliced(at, 0, panel) };
}

export function withoutPanel(content: DashboardContent, at: number): DashboardContent {
  return { ...content, panels: content.panels.toSpliced(at, 1) };
}

/** The panel at another place; beyond the ends it stays. */
export function withMovedPanel(content: DashboardContent, from: number, to: number): DashboardContent {
  const panel = content.panels[from];
  if (!panel || to < 0 || to >= content.panels.length) return content;
  return { ...content, panels: content.panels.toSpliced(from, 1).toSpliced(to, 0, panel) };
}

/** What is said of a place: `panels[2].queries[0].promql`. */
export function problemOf(problems: readonly DashboardProblem[], place: string): string | undefined {
  return problems.find((p) => p.place === place)?.message;
}

/** How many problems are at or below a place. */
export function problemsBelow(problems: readonly DashboardProblem[], place: string): number {
  return problems.filter((p) => p.place === place || p.place.startsWith(`${place}.`)).length;
}

const NAME_BEFORE = /[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const MOST_SUGGESTED = 8;
const LEAST_TYPED = 2;

export interface Suggestions {
  /** Where the name that is being written begins. */
  from: number;
  names: string[];
}

/** Names that go on from what is written before the cursor: those that begin so, then those that contain it. */
export function suggestions(text: string, cursor: number, names: readonly string[]): Suggestions | undefined {
  const written = NAME_BEFORE.exec(text.slice(0, cursor))?.[0] ?? '';
  const from = cursor - written.length;
  // `$container` is a place and no metric; within a name nothing is to be completed.
  if (written.length < LEAST_TYPED || text[from - 1] === '$' || /[a-zA-Z0-9_:]/.test(text[cursor] ?? '')) {
    return undefined;
  }
  const begin = names.filter((n) => n.startsWith(written) && n !== written);
  const contain = names.filter((n) => !n.startsWith(written) && n.includes(written));
  const found = [...begin, ...contain].slice(0, MOST_SUGGESTED);
  return found.length > 0 && !names.includes(written) ? { from, names: found } : undefined;
}
