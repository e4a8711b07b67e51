/**
 * What a map of who talks to whom is made of. The shape is that of `TopologyMap` in the API; `null` or
 * absent is "not known", never zero.
 */
import { bytesText, type Formatter, three } from './format';
import { secondsText, writerOf } from './panel';
import type { StatusMark } from './status';

export type NodeKind = 'host' | 'container' | 'process' | 'group' | 'external' | 'clients' | 'others';
export type TopologyStatus = 'unknown' | 'ok' | 'warning' | 'critical';
export type Level = 'process' | 'container' | 'host';
export type Metric = 'rps' | 'p95' | 'bytes' | 'err' | 'conn';

export const LEVELS: readonly Level[] = ['process', 'container', 'host'];
export const METRICS: readonly Metric[] = ['rps', 'p95', 'err', 'bytes', 'conn'];

type Maybe = number | null | undefined;

export interface Traffic {
  connections_per_second?: Maybe;
  failed_connections_per_second?: Maybe;
  active_connections?: Maybe;
  sent_bytes_per_second?: Maybe;
  received_bytes_per_second?: Maybe;
  rtt_ms?: Maybe;
  requests_per_second?: Maybe;
  requests?: Maybe;
  statuses: readonly { status: string; requests: number }[];
  error_ratio?: Maybe;
  client_error_ratio?: Maybe;
  mean_ms?: Maybe;
  p50_ms?: Maybe;
  p95_ms?: Maybe;
}

export interface TopologyNode {
  id: string;
  kind: NodeKind;
  name: string;
  labels: readonly { label: string; value: string }[];
  node?: string | null;
  container_id?: string | null;
  container?: string | null;
  image?: string | null;
  processes?: Maybe;
  stands_for: number;
  listens: readonly number[];
  addresses: readonly string[];
  cpu_cores?: Maybe;
  cpu_percent?: Maybe;
  inbound: Traffic;
  outbound: Traffic;
  status: TopologyStatus;
}

export interface TopologyEdge {
  id: string;
  from: string;
  to: string;
  port?: Maybe;
  protocol?: string | null;
  traffic: Traffic;
  client?: Traffic | null;
  server?: Traffic | null;
  status: TopologyStatus;
}

export interface TopologyMap {
  nodes: readonly TopologyNode[];
  edges: readonly TopologyEdge[];
}

export const MARKS: Readonly<Record<TopologyStatus, StatusMark>> = {
  unknown: 'nodata',
  ok: 'ok',
  warning: 'warn',
  critical: 'crit',
};

/** The value of a metric on an edge; `undefined` where it is not known. */
export function metricValue(metric: Metric, traffic: Traffic): number | undefined {
  const value = {
    rps: traffic.requests_per_second,
    p95: traffic.p95_ms,
    bytes: bytesOf(traffic),
    err: errorsOf(traffic),
    conn: traffic.connections_per_second,
  }[metric];
  return value ?? undefined;
}

/** Bytes a second, both ways. */
function bytesOf({ sent_bytes_per_second: sent, received_bytes_per_second: received }: Traffic): Maybe {
  return sent == null && received == null ? undefined : (sent ?? 0) + (received ?? 0);
}

/** The part that went wrong: of requests, else of attempts to connect. */
export function errorsOf(traffic: Traffic): number | undefined {
  if (traffic.error_ratio != null) return traffic.error_ratio;
  const failed = traffic.failed_connections_per_second;
  const tried = (failed ?? 0) + (traffic.connections_per_second ?? 0);
  return failed == null || tried === 0 ? undefined : failed / tried;
}

/** A metric's value as it stands on an edge; nothing where it is not known. */
export function metricText(metric: Metric, traffic: Traffic, format: Formatter): string | undefined {
  const value = metricValue(metric, traffic);
  if (value === undefined) return undefined;
  switch (metric) {
    case 'rps':
      if (isTiny(value)) return '<0.01 req/s';
      return writerOf('requests_per_second', format)(value);
    case 'p95':
      return secondsText(value / 1000, format);
    case 'bytes':
      return `${bytesText(value)}/s`;
    case 'err':
      return ratioText(value);
    case 'conn':
      return isTiny(value) ? '<0.01/s' : `${three(value)}/s`;
  }
}

/** In a column whose heading says what it is a second. */
export function cellText(metric: Metric, traffic: Traffic, format: Formatter): string | undefined {
  const text = metricText(metric, traffic, format);
  return metric === 'rps' || metric === 'conn' ? text?.replace(/ ?(req)?\/s$/, '') : text;
}

/** What three digits would write as 0.00. */
function isTiny(value: number): boolean {
  return value > 0 && value < 0.005;
}

/** A ratio as per cent with three digits: errors of 0.02 % are not none. */
export function ratioText(ratio: number): string {
  return `${three(ratio * 100)} %`;
}

/** How wide edges are drawn, 1 to 4 px, by the logarithm of the metric among those shown. */
export function widthsOf(edges: readonly TopologyEdge[], metric: Metric): ReadonlyMap<string, number> {
  const values = edges.map((e) => metricValue(metric, e.traffic) ?? 0);
  const known = values.filter((v) => v > 0).map(Math.log);
  const least = Math.min(...known);
  const most = Math.max(...known);
  const width = (value: number) => {
    if (value <= 0) return 1;
    return most - least < 1e-9 ? 1.5 : 1 + (3 * (Math.log(value) - least)) / (most - least);
  };
  return new Map(edges.map((e, i) => [e.id, width(values[i]!)]));
}

/** The map without addresses that nobody observes. */
export function withoutExternals<M extends TopologyMap>(map: M): M {
  const outside = new Set(map.nodes.filter((n) => isExternal(n)).map((n) => n.id));
  const edges = map.edges.filter((e) => !outside.has(e.from) && !outside.has(e.to));
  const used = new Set(edges.flatMap((e) => [e.from, e.to]));
  return { ...map, edges, nodes: map.nodes.filter((n) => used.has(n.id)) };
}

export function isExternal(node: TopologyNode): boolean {
  return node.kind === 'external' || node.kind === 'clients';
}

/** The box that a node is drawn in: its container; where there are several hosts, its host. */
export function groupOf(node: TopologyNode, level: Level, hosts: number): string | undefined {
  if (node.node == null) return undefined;
  if (level === 'process' && node.container_id) return `container:${node.node}:${node.container_id}`;
  return level !== 'host' && hosts > 1 ? `host:${node.node}` : undefined;
}

/** Edges that come to a node and that go from it, the busiest first. */
export function edgesOf(map: TopologyMap, id: string): { callers: TopologyEdge[]; calls: TopologyEdge[] } {
  const busiest = (a: TopologyEdge, b: TopologyEdge) =>
    (b.traffic.requests_per_second ?? b.traffic.connections_per_second ?? 0) -
    (a.traffic.requests_per_second ?? a.traffic.connections_per_second ?? 0);
  return {
    callers: map.edges.filter((e) => e.to === id).sort(busiest),
    calls: map.edges.filter((e) => e.from === id && e.to !== id).sort(busiest),
  };
}

/** The first node whose name, container or address begins with or contains this. */
export function findNode(map: TopologyMap, text: string): TopologyNode | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const words = (n: TopologyNode) =>
    [n.name, n.container ?? '', ...n.addresses, ...n.listens.map((p) => `:${p}`)].map((w) => w.toLowerCase());
  return (
    map.nodes.find((n) => words(n).some((w) => w.startsWith(wanted))) ??
    map.nodes.find((n) => words(n).some((w) => w.includes(wanted)))
  );
}
