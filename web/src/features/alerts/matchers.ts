/** Silences' conditions in the URL and in forms: `node=worker-1`, `container=~web.*`. */
import type { Alert, SilenceSpec } from '../../api/alerts';

export type Matcher = SilenceSpec['matchers'][number];

/** Longest first: `=~` begins as `=` does. */
export const OPS = ['=~', '!~', '!=', '='] as const;

/** A value may hold anything: conditions are JSON in the URL. */
export function parseMatchers(text: string | undefined): Matcher[] {
  if (!text) return [];
  try {
    const read: unknown = JSON.parse(text);
    if (!Array.isArray(read)) return [];
    return read.slice(0, 20).flatMap((one) => {
      const [label, op, value] = Array.isArray(one) ? one : [];
      const isOne = typeof label === 'string' && OPS.some((o) => o === op) && typeof value === 'string';
      return isOne ? [{ label, op: op as string, value }] : [];
    });
  } catch {
    return [];
  }
}

export function formatMatchers(matchers: readonly Matcher[]): string {
  return JSON.stringify(matchers.map((m) => [m.label, m.op, m.value]));
}

/** Conditions that an alert, and next to none beside it, meets. */
export function matchText(alert: Pick<Alert, 'rule_id' | 'labels'>): string {
  const named = [
    'node',
    'pod',
    'container',
    'name',
    'container_id',
    'device',
    'agent',
    'rule',
    'comm',
    'cause',
  ];
  const labels = named.filter((label) => alert.labels[label]);
  return formatMatchers([
    { label: 'rule_id', op: '=', value: alert.rule_id },
    ...labels.map((label) => ({ label, op: '=', value: alert.labels[label]! })),
  ]);
}
