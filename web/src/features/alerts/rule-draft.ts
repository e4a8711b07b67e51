/** A rule as it is typed: texts, until they are a rule. */
import type { AlertRuleSpec } from '../../api/alerts';
import type { Severity } from '../../domain/row';

export type Kind = AlertRuleSpec['condition']['type'];
type Metric = Extract<AlertRuleSpec['condition'], { type: 'metric' }>;

export interface Draft {
  name: string;
  description: string;
  enabled: boolean;
  severity: Severity;
  kind: Kind;
  expr: string;
  comparison: Metric['comparison'];
  threshold: string;
  warning: string;
  unit: Metric['unit'];
  rules: string;
  minSeverity: Severity;
  container: string;
  quiet: string;
  silent: string;
  node: string;
  hold: string;
  keep: string;
  repeat: string;
  /** `undefined` is all. */
  channels: string[] | undefined;
}

export type Wrong = 'name' | 'expr' | 'threshold' | 'warning' | 'duration';

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m`, `1h30m`, `90s`; `undefined` where it is none. */
export function parseDuration(text: string): number | undefined {
  const tight = text.replaceAll(/\s/g, '');
  if (tight === '0') return 0;
  if (!/^(\d{1,6}[smhd])+$/.test(tight)) return undefined;
  return [...tight.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * UNITS_MS[unit!]!,
    0,
  );
}

/** In the largest unit that it is a whole number of. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  const unit = ['d', 'h', 'm'].find((u) => ms % UNITS_MS[u]! === 0) ?? 's';
  return `${Math.round(ms / UNITS_MS[unit]!)}${unit}`;
}

export const NEW_DRAFT: Draft = {
  name: '',
  description: '',
  enabled: true,
  severity: 'high',
  kind: 'metric',
  expr: '',
  comparison: 'above',
  threshold: '',
  warning: '',
  unit: 'none',
  rules: '',
  minSeverity: 'medium',
  container: '',
  quiet: '15m',
  silent: '30s',
  node: '',
  hold: '5m',
  keep: '1m',
  repeat: '4h',
  channels: undefined,
};

export function draftOf(spec: AlertRuleSpec): Draft {
  const { condition } = spec;
  return {
    ...NEW_DRAFT,
    name: spec.name,
    description: spec.description,
    enabled: spec.enabled,
    severity: spec.severity,
    kind: condition.type,
    ...(condition.type === 'metric' && {
      expr: condition.expr,
      comparison: condition.comparison,
      threshold: String(condition.threshold),
      warning: condition.warning == null ? '' : String(condition.warning),
      unit: condition.unit,
    }),
    ...(condition.type === 'security_event' && {
      rules: condition.rules.join('\n'),
      minSeverity: condition.min_severity,
      container: condition.container,
      quiet: formatDuration(condition.quiet_ms),
    }),
    ...(condition.type === 'agent_down' && {
      silent: formatDuration(condition.silent_ms),
      node: condition.node,
    }),
    hold: formatDuration(spec.for_ms),
    keep: formatDuration(spec.keep_firing_ms),
    repeat: spec.repeat_ms === null ? '' : formatDuration(spec.repeat_ms),
    channels: spec.channels ?? undefined,
  };
}

/** The rule, or what is not typed yet. */
export function specOf(
  draft: Draft,
): { spec: AlertRuleSpec; wrong?: undefined } | { wrong: Wrong[]; spec?: undefined } {
  const wrong: Wrong[] = [];
  const number = (text: string, name: Wrong) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) wrong.push(name);
    return value;
  };
  const duration = (text: string) => {
    const ms = parseDuration(text);
    if (ms === undefined && !wrong.includes('duration')) wrong.push('duration');
    return ms ?? 0;
  };
  if (draft.name.trim() === '') wrong.push('name');
  let condition: AlertRuleSpec['condition'];
  if (draft.kind === 'metric') {
    if (draft.expr.trim() === '') wrong.push('expr');
    condition = {
      type: 'metric',
      expr: draft.expr,
      comparison: draft.comparison,
      threshold: number(draft.threshold, 'threshold'),
      warning: draft.warning.trim() === '' ? null : number(draft.warning, 'warning'),
      unit: draft.unit,
    };
  } else if (draft.kind === 'security_event') {
    condition = {
      type: 'security_event',
      rules: draft.rules.split('\n').flatMap((line) => line.trim() || []),
      min_severity: draft.minSeverity,
      container: draft.container.trim(),
      quiet_ms: duration(draft.quiet),
    };
  } else {
    condition = { type: 'agent_down', silent_ms: duration(draft.silent), node: draft.node.trim() };
  }
  const isMetric = draft.kind === 'metric';
  const spec: AlertRuleSpec = {
    name: draft.name.trim(),
    description: draft.description.trim(),
    enabled: draft.enabled,
    severity: draft.severity,
    condition,
    for_ms: isMetric ? duration(draft.hold) : 0,
    keep_firing_ms: isMetric ? duration(draft.keep) : 0,
    repeat_ms: draft.repeat.trim() === '' ? null : duration(draft.repeat),
    channels: draft.channels ?? null,
  };
  return wrong.length > 0 ? { wrong } : { spec };
}

export interface MetricForm {
  metric: string;
  /** Labels to select, as `label:value,...` of a scope gives them. */
  selectors: readonly { label: string; values: string[] }[];
  fold: 'value' | 'rate' | 'increase';
  over: 'none' | 'sum' | 'avg' | 'max' | 'min';
  by: string;
}

/** The form as PromQL. */
export function promqlOf(form: MetricForm): string {
  const selectors = form.selectors.map(({ label, values }) =>
    values.length === 1
      ? `${label}=${quoted(values[0]!)}`
      : `${label}=~${quoted(values.map(escaped).join('|'))}`,
  );
  const selected = selectors.length > 0 ? `${form.metric}{${selectors.join(',')}}` : form.metric;
  const folded =
    form.fold === 'rate'
      ? `rate(${selected}[2m])`
      : form.fold === 'increase'
        ? `increase(${selected}[5m])`
        : selected;
  if (form.over === 'none') return folded;
  const by = form.by.split(',').flatMap((label) => label.trim() || []);
  return by.length > 0 ? `${form.over} by (${by.join(', ')}) (${folded})` : `${form.over}(${folded})`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
