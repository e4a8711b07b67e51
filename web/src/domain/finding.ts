import type { Severity } from './row';
import type { EventsState } from './search';
import { graver, severityRank } from './severity';

/** What lists need of a security event; the shape is that of the API's `SecurityEvent`. */
export interface Finding {
  id: string;
  time_ms: number;
  /** Nanoseconds as text: more than a number holds. */
  time_ns: string;
  node: string;
  rule: string;
  severity: Severity;
  output: string;
  process: string;
  pid: number;
  container?: { id: string; name: string; image: string } | null;
}

/** Newest first; the text of nanoseconds is compared by length, then by digit. */
function newer(a: Finding, b: Finding): number {
  if (a.time_ns.length !== b.time_ns.length) return b.time_ns.length - a.time_ns.length;
  if (a.time_ns !== b.time_ns) return a.time_ns < b.time_ns ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** Pages that were read and events that arrived since, as one list without doubles. */
export function mergeFindings<F extends Finding>(arrived: readonly F[], read: readonly F[]): F[] {
  const byId = new Map<string, F>();
  for (const f of arrived) byId.set(f.id, f);
  for (const f of read) byId.set(f.id, f);
  return [...byId.values()].sort(newer);
}

/** The same test the server makes, for events that arrive by themselves. */
export function matchesFilter(f: Finding, state: EventsState): boolean {
  if (state.severities.length > 0 && !state.severities.includes(f.severity)) return false;
  if (state.rule !== undefined && f.rule !== state.rule) return false;
  if (state.container !== undefined && (f.container?.id ?? 'host') !== state.container) return false;
  if (state.q === '') return true;
  const q = state.q.toLowerCase();
  return [f.rule, f.output, f.process, f.container?.name ?? '', f.container?.id ?? ''].some((text) =>
    text.toLowerCase().includes(q),
  );
}

export interface FindingGroup<F extends Finding> {
  rule: string;
  severity: Severity;
  firstMs: number;
  lastMs: number;
  /** Where it happened: container names, `host` for the host, each once, most recent first. */
  places: string[];
  findings: F[];
}

/** Groups by rule, the gravest first, then the most recent. */
export function groupByRule<F extends Finding>(findings: readonly F[]): FindingGroup<F>[] {
  const groups = new Map<string, FindingGroup<F>>();
  for (const f of findings) {
    const place = f.container ? f.container.name || f.container.id.slice(0, 12) : f.node;
    const group = groups.get(f.rule);
    if (!group) {
      groups.set(f.rule, {
        rule: f.rule,
        severity: f.severity,
        firstMs: f.time_ms,
        lastMs: f.time_ms,
        places: [place],
        findings: [f],
      });
      continue;
    }
    group.severity = graver(group.severity, f.severity);
    group.firstMs = Math.min(group.firstMs, f.time_ms);
    group.lastMs = Math.max(group.lastMs, f.time_ms);
    if (!group.places.includes(place)) group.places.push(place);
    group.findings.push(f);
  }
  return [...groups.values()].sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || b.lastMs - a.lastMs,
  );
}
