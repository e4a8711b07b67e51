/**
 * What a page is narrowed to: labels with values, in an order. In the URL
 * `scope=node:worker-1,container_id:3ac5`; a label that stands there twice has one of both values.
 * Every page speaks the same labels; one that a page cannot use is shown and passed over.
 */
import type { Row } from './row';

export interface ScopeLabel {
  label: string;
  /** At least one; any of them. */
  values: string[];
}

export type Scope = readonly ScopeLabel[];

export const NO_SCOPE: Scope = [];

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** What a URL may narrow by; more is no scope but an attack on the reader's patience. */
const MOST_PAIRS = 32;

export function parseScope(text: string | undefined): Scope {
  let scope: Scope = NO_SCOPE;
  for (const pair of (text ?? '').split(',').slice(0, MOST_PAIRS)) {
    const colon = pair.indexOf(':');
    const label = pair.slice(0, colon);
    if (colon < 0 || !LABEL.test(label)) continue;
    const value = unescaped(pair.slice(colon + 1));
    const values = valuesOf(scope, label);
    if (!values.includes(value)) scope = withValues(scope, label, [...values, value]);
  }
  return scope;
}

/** `undefined` where nothing is narrowed. */
export function formatScope(scope: Scope): string | undefined {
  const pairs = scope.flatMap((s) => s.values.map((value) => `${s.label}:${escaped(value)}`));
  return pairs.length > 0 ? pairs.join(',') : undefined;
}

export function valuesOf(scope: Scope, label: string): string[] {
  return scope.find((s) => s.label === label)?.values ?? [];
}

/** The scope with other values of one label, which keeps its place; none take it away. */
export function withValues(scope: Scope, label: string, values: string[]): Scope {
  if (values.length === 0) return scope.filter((s) => s.label !== label);
  if (scope.some((s) => s.label === label)) {
    return scope.map((s) => (s.label === label ? { label, values } : s));
  }
  return [...scope, { label, values }];
}

/** A row of Explore as a scope: what its series and its own page are narrowed by. */
export function scopeOfRow(row: Row): Scope {
  const labels = labelsOfRow(row);
  const named = row.kind === 'group' ? Object.keys(labels) : ['node', 'container_id', 'comm', 'pid', 'start'];
  return named.flatMap((label) => {
    const value = labels[label];
    return value === undefined ? [] : [{ label, values: [value] }];
  });
}

/** The same from a row's id alone, for one that is gone; empty where it is no id. */
export function scopeOfRowId(id: string): Scope {
  // A node's name may hold colons, the rest not.
  const match = /^(?:host:(.+)|container:(.+):([^:]+)|process:(.+):(\d+):(\d+))$/.exec(id);
  if (!match) return NO_SCOPE;
  const [, host, containerNode, container, processNode, pid, start] = match;
  const pairs: [string, string | undefined][] = [
    ['node', host ?? containerNode ?? processNode],
    ['container_id', container],
    ['pid', pid],
    ['start', start && startLabel(Number(start))],
  ];
  return pairs.flatMap(([label, value]) => (value === undefined ? [] : [{ label, values: [value] }]));
}

/** The shipped dashboard that shows what a scope names. */
export function dashboardOfScope(scope: Scope): string {
  const has = (label: string) => valuesOf(scope, label).length > 0;
  if (has('pid') || has('comm')) return 'process';
  return has('container_id') || has('container') || has('pod') ? 'container' : 'host';
}

/** Labels by which Explore's rows can be told apart. */
export const ROW_LABELS: ReadonlySet<string> = new Set([
  'node',
  'container_id',
  'comm',
  'pid',
  'start',
  'user',
  'exe',
]);

/** Whether a row, or the container and host it is on, has what the scope asks for. */
export function isInScope(row: Row, scope: Scope): boolean {
  const labels = labelsOfRow(row);
  return scope.every(
    ({ label, values }) =>
      !ROW_LABELS.has(label) || (labels[label] !== undefined && values.includes(labels[label])),
  );
}

function labelsOfRow(row: Row): Record<string, string | undefined> {
  if (row.kind === 'group') {
    const pairs = row.group.map(({ label, value }) => [
      label === 'container' ? 'container_id' : label,
      value,
    ]);
    return Object.fromEntries(pairs);
  }
  const process = row.kind === 'process';
  return {
    node: row.node,
    container_id: row.container_id || undefined,
    comm: process ? row.name : undefined,
    user: process ? (row.user ?? undefined) : undefined,
    exe: process ? row.exe || undefined : undefined,
    pid: process && row.pid != null ? String(row.pid) : undefined,
    start: process && row.start_ms != null ? startLabel(row.start_ms) : undefined,
  };
}

/** As the series of processes have it: Unix seconds with two decimals, cut and not rounded. */
function startLabel(ms: number): string {
  const ticks = Math.floor(ms / 10);
  return `${Math.floor(ticks / 100)}.${String(ticks % 100).padStart(2, '0')}`;
}

/** The row whose subtree a scope is, where there is one; the API of Explore takes no more. */
export function rowIdOfScope(scope: Scope): string | undefined {
  const one = (label: string) => {
    const values = valuesOf(scope, label);
    return values.length === 1 ? values[0] : undefined;
  };
  const node = one('node');
  if (node === undefined) return undefined;
  const container = one('container_id');
  return container === undefined ? `host:${node}` : `container:${node}:${container}`;
}

/** `%` and `,` are the only letters that mean something between values. */
function escaped(value: string): string {
  return value.replace(/[%,]/g, (c) => (c === '%' ? '%25' : '%2C'));
}

function unescaped(text: string): string {
  return text.replace(/%(25|2C)/gi, (_, hex) => (hex === '25' ? '%' : ','));
}
