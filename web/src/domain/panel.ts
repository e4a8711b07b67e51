/** What a panel makes of the series it gets: names, colours, the largest of many, rows of a table. */
import { type Formatter, shortContainerId, spanText, three, UNKNOWN } from './format';
import type { Heat } from './heat';
import type { ResolvedRange } from './time-range';

export type PanelUnit =
  | 'count'
  | 'count_per_second'
  | 'requests_per_second'
  | 'bytes'
  | 'bytes_per_second'
  | 'cores'
  | 'percent'
  | 'seconds'
  | 'timestamp';

export const PANEL_UNITS: readonly PanelUnit[] = [
  'count',
  'count_per_second',
  'requests_per_second',
  'bytes',
  'bytes_per_second',
  'cores',
  'percent',
  'seconds',
  'timestamp',
];

export type PanelKind = 'line' | 'stacked' | 'stat' | 'table' | 'top';

export const PANEL_KINDS: readonly PanelKind[] = ['line', 'stacked', 'stat', 'top', 'table'];

export interface Threshold {
  from: number;
  heat: Exclude<Heat, 'none'>;
}

export type LabelSet = Readonly<Record<string, string>>;

/** Moments at which a panel is asked: the first, the last, and between two, in milliseconds. */
export interface Grid {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

const MOST_POINTS = 300;
const STEPS_S = [5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
/** Series have a value every 10 s; `rate` wants a few of them. */
const SHORTEST_WINDOW_S = 60;

/** At most 300 moments at round times, so that a refetch asks for the same ones again. */
export function gridOf({ fromMs, toMs }: ResolvedRange): Grid {
  const wanted = (toMs - fromMs) / 1000 / MOST_POINTS;
  const stepMs = (STEPS_S.find((s) => s >= wanted) ?? Math.ceil(wanted / 86_400) * 86_400) * 1000;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  // A range shorter than a step still has a moment.
  return { fromMs: Math.min(first, toMs), toMs: Math.max(first, Math.floor(toMs / stepMs) * stepMs), stepMs };
}

/** What `$window` and `$range` are, as PromQL writes durations. */
export function durationsOf(grid: Grid, range: ResolvedRange): { window: string; range: string } {
  const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1000))}s`;
  return {
    window: seconds(Math.max(grid.stepMs, SHORTEST_WINDOW_S * 1000)),
    range: seconds(range.toMs - range.fromMs),
  };
}

/** Whether a panel is of one moment (the end of the range) or of all of it. */
export function isInstant(kind: PanelKind, promql: string): boolean {
  return kind === 'table' || kind === 'top' || (kind === 'stat' && promql.includes('$range'));
}

const LONG_HEX = /^[0-9a-f]{24,}$/;

/** A label's value as people read it: container ids short, the start of a process as a time. */
export function labelText(label: string, value: string, format?: Formatter): string {
  if (LONG_HEX.test(value)) return shortContainerId(value);
  if (label === 'start' && format && /^\d+\.\d\d$/.test(value)) return format.dayTime(Number(value) * 1000);
  return value;
}

/** `{{label}}` filled in; without a template all labels that are no target's. */
export function seriesName(template: string, labels: LabelSet): string {
  if (template.trim() !== '') {
    const filled = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) =>
      labelText(name, labels[name] ?? ''),
    );
    const name = filled.replace(/\s+/g, ' ').trim();
    if (name !== '') return name;
  }
  const own = Object.entries(labels).filter(
    ([name]) => name !== '__name__' && name !== 'job' && name !== 'instance',
  );
  if (own.length > 0) return own.map(([name, value]) => `${name}=${labelText(name, value)}`).join(' ');
  return labels.__name__ ?? '';
}

export interface PanelLine {
  name: string;
  values: (number | null)[];
  /** The sum of what is not drawn by itself. */
  others?: number;
}

/** The largest of the whole range; where there are more than may be drawn, the rest as one line of its sums. */
export function largest(lines: PanelLine[], most: number): PanelLine[] {
  if (lines.length <= most) return lines;
  const kept = Math.max(1, most === DEFAULT_MOST_SERIES ? most - 2 : most - 1);
  const bySum = [...lines].sort((a, b) => sum(b.values) - sum(a.values));
  const rest = bySum.slice(kept);
  const values = rest[0]!.values.map((_, i) => sumKnown(rest.map((l) => l.values[i] ?? null)));
  return [...bySum.slice(0, kept), { name: '', values, others: rest.length }];
}

/** More than 12 lines are 10 and the others. */
export const DEFAULT_MOST_SERIES = 12;

function sum(values: readonly (number | null)[]): number {
  return sumKnown(values) ?? Number.NEGATIVE_INFINITY;
}

export function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** A colour of the six, 7 to 12 dashed; `undefined` for the others, which are grey. */
export interface Stroke {
  colour: number;
  dashed: boolean;
}

const COLOURS = 6;

/**
 * Each name has a colour of its own that is the same on every chart; where two of a chart would have
 * the same, the second by name takes the next that is free. Those of `idle`, which nobody sees, choose
 * last.
 */
export function strokes(names: readonly string[], idle: readonly string[] = []): Map<string, Stroke> {
  const taken = new Set<number>();
  const found = new Map<string, Stroke>();
  for (const name of new Set([...[...names].sort(), ...[...idle].sort()])) {
    const first = hash(name) % COLOURS;
    let slot = first;
    for (let tried = 0; taken.has(slot) && tried < 2 * COLOURS; tried += 1) {
      const turn = Math.floor((tried + 1) / COLOURS);
      slot = ((first + tried + 1) % COLOURS) + turn * COLOURS;
    }
    taken.add(slot);
    found.set(name, { colour: (slot % COLOURS) + 1, dashed: slot >= COLOURS });
  }
  return found;
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Values on top of each other: each line holds the sum of itself and all below. */
export function stacked(lines: readonly PanelLine[]): PanelLine[] {
  const below: (number | null)[] = [];
  return lines.map((line) => ({
    ...line,
    values: line.values.map((value, i) => {
      const under = below[i] ?? null;
      const sum = value === null ? under : (under ?? 0) + Math.max(0, value);
      below[i] = sum;
      return sum;
    }),
  }));
}

export function heatAt(value: number | null | undefined, thresholds: readonly Threshold[]): Heat {
  if (value == null || Number.isNaN(value)) return 'none';
  return thresholds.findLast((t) => value >= t.from)?.heat ?? 'none';
}

export interface InstantValue {
  labels: LabelSet;
  value: number | null;
}

export interface TableRow {
  key: string;
  labels: LabelSet;
  /** One for each query; `null` where it had none for these labels. */
  values: (number | null)[];
}

/** Answers of several queries side by side: one row for each set of labels. */
export function tableRows(answers: readonly (readonly InstantValue[])[]): TableRow[] {
  const rows = new Map<string, TableRow>();
  answers.forEach((answer, column) => {
    for (const { labels, value } of answer) {
      const own = Object.entries(labels).filter(([name]) => name !== '__name__');
      const key = JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
      let row = rows.get(key);
      if (!row) {
        row = { key, labels: Object.fromEntries(own), values: answers.map(() => null) };
        rows.set(key, row);
      }
      row.values[column] = value;
    }
  });
  return [...rows.values()];
}

/** Labels of the rows, those that tell them apart; all where there is one row. In the order in which the query names them. */
export function tableLabels(rows: readonly TableRow[], promql = ''): string[] {
  const named =
    /\bby\s*\(([^)]*)\)/
      .exec(promql)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const there = new Set(rows.flatMap((row) => Object.keys(row.labels)));
  const names = [...new Set([...named, ...there])].filter((name) => there.has(name));
  const differ = names.filter((name) => new Set(rows.map((row) => row.labels[name])).size > 1);
  const filled = (name: string) => rows.some((row) => (row.labels[name] ?? '') !== '');
  const shown = (rows.length > 1 ? differ : names).filter(filled);
  return shown.length > 0 ? shown : names.filter(filled).slice(0, 1);
}

export function writerOf(unit: PanelUnit, format: Formatter): (value: number | null | undefined) => string {
  const known = (write: (v: number) => string) => (value: number | null | undefined) =>
    value == null || Number.isNaN(value) ? UNKNOWN : write(value);
  switch (unit) {
    case 'count':
      return format.count;
    case 'count_per_second':
      return known((v) => `${format.count(v)}/s`);
    case 'requests_per_second':
      return known((v) => `${format.count(v)} req/s`);
    case 'bytes':
      return format.bytes;
    case 'bytes_per_second':
      return format.bytesPerSecond;
    case 'cores':
      return format.cores;
    case 'percent':
      return known((v) => `${format.percent(v)} %`);
    case 'seconds':
      return known((v) => secondsText(v, format));
    case 'timestamp':
      return known((v) => format.dateTime(v * 1000));
  }
}

/** `84 ms`, `1.20 s`, `3 h 12 min`: three digits below a minute, two units above. */
export function secondsText(value: number, format: Pick<Formatter, 'language'>): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${three(value * 1e6)} µs`;
  if (size < 1) return `${three(value * 1e3)} ms`;
  if (size < 60) return `${three(value)} s`;
  return (value < 0 ? '-' : '') + spanText(size * 1000, format.language);
}
