/** What an alert is about, from its labels. */
import { shortContainerId } from '../../domain/format';
import type { Scope } from '../../domain/scope';

export type LabelSet = Readonly<Record<string, string>>;

/** Labels that name a thing, the nearest first. */
const NAMES = ['container', 'name', 'pod', 'comm', 'mountpoint', 'device', 'agent'];
const PLACES = ['node', 'instance'];

/** `web` and where it is; both empty where nothing tells. */
export function subjectOf(labels: LabelSet): { name: string; place: string } {
  const first = (names: string[]) => names.map((n) => labels[n]).find((v) => v !== undefined && v !== '');
  const thing = first(NAMES);
  const place = first(PLACES) ?? '';
  const name = [labels.rule, thing && short(thing)].filter(Boolean).join(', ');
  if (name !== '') return { name, place };
  if (place !== '') return { name: place, place: '' };
  return { name: Object.values(labels).slice(0, 2).join(', '), place: '' };
}

/** The same as a scope of other pages: only labels that those know. */
export function scopeOf(labels: LabelSet): Scope {
  const container = labels.container_id ?? (isId(labels.name) ? labels.name : undefined);
  const pairs: [string, string | undefined][] = [
    ['node', labels.node],
    ['namespace', labels.namespace],
    ['pod', labels.pod],
    ['container_id', container],
    ['container', container === undefined ? labels.container : undefined],
    ['comm', labels.comm],
  ];
  return pairs.flatMap(([label, value]) => (value ? [{ label, values: [value] }] : []));
}

/** Whether labels lie in a scope. What alerts never have is passed over. */
export function isInScope(labels: LabelSet, scope: Scope): boolean {
  const known = ['node', 'namespace', 'pod', 'container', 'container_id', 'comm'];
  return scope.every(({ label, values }) => {
    const has = label === 'container_id' ? (labels.container_id ?? labels.name) : labels[label];
    return !known.includes(label) || (has !== undefined && values.includes(has));
  });
}

function short(name: string): string {
  return isId(name) ? shortContainerId(name) : name;
}

function isId(name: string | undefined): boolean {
  return name !== undefined && /^[0-9a-f]{64}$/.test(name);
}
