import { expect, test } from 'vitest';
import { createFormatter } from './format';
import {
  cellText,
  edgesOf,
  errorsOf,
  findNode,
  groupOf,
  metricText,
  type TopologyEdge,
  type TopologyMap,
  type TopologyNode,
  type Traffic,
  widthsOf,
  withoutExternals,
} from './topology';
import { decodeTopology, encodeTopology, type TopologyState } from './topology-state';

const ENGLISH = createFormatter('en', 'UTC');
const NOTHING: Traffic = { statuses: [] };

function node(id: string, more: Partial<TopologyNode> = {}): TopologyNode {
  return {
    id,
    kind: 'process',
    name: id,
    labels: [],
    node: 'a',
    stands_for: 1,
    listens: [],
    addresses: [],
    inbound: NOTHING,
    outbound: NOTHING,
    status: 'ok',
    ...more,
  };
}

function edge(from: string, to: string, traffic: Partial<Traffic> = {}): TopologyEdge {
  return { id: `${from}>${to}`, from, to, port: 80, traffic: { statuses: [], ...traffic }, status: 'ok' };
}

const MAP: TopologyMap = {
  nodes: [
    node('curl'),
    node('nginx', { container: 'web', container_id: 'c1', listens: [8080], addresses: ['172.17.0.2'] }),
    node('external:192.0.2.1', { kind: 'external', name: '192.0.2.1', node: null }),
  ],
  edges: [
    edge('curl', 'nginx', { requests_per_second: 12.5, error_ratio: 0.02, p95_ms: 84.12 }),
    edge('external:192.0.2.1', 'nginx', { connections_per_second: 100 }),
    edge('nginx', 'nginx', { connections_per_second: 1 }),
  ],
};

test.each([
  ['rps', { requests_per_second: 1234 }, '1.23k req/s'],
  ['p95', { p95_ms: 84.12 }, '84.1 ms'],
  ['bytes', { sent_bytes_per_second: 1024 }, '1.00 KiB/s'],
  ['err', { error_ratio: 0.0002 }, '0.02 %'],
  ['err', { connections_per_second: 3, failed_connections_per_second: 1 }, '25.0 %'],
  ['conn', { connections_per_second: 0.125 }, '0.13/s'],
  ['rps', { requests_per_second: 0.003 }, '<0.01 req/s'],
  ['conn', { connections_per_second: 0.004 }, '<0.01/s'],
  ['rps', {}, undefined],
  ['bytes', {}, undefined],
  ['err', { connections_per_second: 3 }, undefined],
] as const)('%s of %j is written %s', (metric, traffic, text) => {
  expect(metricText(metric, { statuses: [], ...traffic }, ENGLISH)).toBe(text);
});

test.each([
  ['rps', { requests_per_second: 1234 }, '1.23k'],
  ['conn', { connections_per_second: 0.004 }, '<0.01'],
  ['bytes', { sent_bytes_per_second: 1024 }, '1.00 KiB/s'],
  ['rps', {}, undefined],
] as const)('in a column, %s of %j is written %s', (metric, traffic, text) => {
  expect(cellText(metric, { statuses: [], ...traffic }, ENGLISH)).toBe(text);
});

test('no attempt has no part that failed', () => {
  expect(
    errorsOf({ statuses: [], connections_per_second: 0, failed_connections_per_second: 0 }),
  ).toBeUndefined();
});

test('an edge is the wider the more goes over it, and thin where that is not known', () => {
  const edges = [1, 10, 100].map((v) => edge('a', String(v), { requests_per_second: v }));
  const widths = widthsOf([...edges, edge('a', 'b')], 'rps');
  expect([...widths.values()].map((w) => Math.round(w * 10) / 10)).toEqual([1, 2.5, 4, 1]);
  expect([...widthsOf([edge('a', 'b', { requests_per_second: 5 })], 'rps').values()]).toEqual([1.5]);
});

test('without externals what only they used is gone, too', () => {
  const inside = withoutExternals(MAP);
  expect(inside.nodes.map((n) => n.id)).toEqual(['curl', 'nginx']);
  expect(inside.edges.map((e) => e.id)).toEqual(['curl>nginx', 'nginx>nginx']);
});

test('a process stands in its container, and on its host where there are several', () => {
  const [curl, nginx, external] = MAP.nodes as [TopologyNode, TopologyNode, TopologyNode];
  expect(groupOf(nginx, 'process', 1)).toBe('container:a:c1');
  expect([groupOf(curl, 'process', 1), groupOf(curl, 'process', 2)]).toEqual([undefined, 'host:a']);
  expect([groupOf(nginx, 'container', 2), groupOf(nginx, 'host', 2)]).toEqual(['host:a', undefined]);
  expect(groupOf(external, 'process', 2)).toBeUndefined();
});

test('callers and calls come with the busiest first', () => {
  const { callers, calls } = edgesOf(MAP, 'nginx');
  expect(callers.map((e) => e.from)).toEqual(['external:192.0.2.1', 'curl', 'nginx']);
  expect(calls).toEqual([]);
});

test.each([
  ['ngi', 'nginx'],
  ['WEB', 'nginx'],
  ['172.17', 'nginx'],
  [':8080', 'nginx'],
  ['rl', 'curl'],
  ['nobody', undefined],
  [' ', undefined],
])('%j finds %s', (text, id) => {
  expect(findNode(MAP, text)?.id).toBe(id);
});

const DEFAULT: TopologyState = {
  view: 'map',
  level: 'process',
  metric: 'rps',
  problemsOnly: false,
  hideExternals: false,
  focus: undefined,
  depth: 1,
  selected: undefined,
  q: '',
  scope: [],
};

test.each([
  DEFAULT,
  { ...DEFAULT, view: 'list', level: 'container', metric: 'p95', problemsOnly: true, hideExternals: true },
  { ...DEFAULT, focus: 'group:node=a,comm=x%2Cy', depth: 3, selected: 'external:::1>host:a>80', q: 'web' },
  { ...DEFAULT, scope: [{ label: 'comm', values: ['a', 'b'] }] },
] as TopologyState[])('the state of the page goes through its URL: %#', (state) => {
  expect(decodeTopology(encodeTopology(state))).toEqual(state);
});

test('what a URL says wrongly is as if it said nothing', () => {
  expect(decodeTopology({ by: 'pod', metric: 'x', depth: '99', view: 'tree' })).toEqual(DEFAULT);
  expect(Object.values(encodeTopology(DEFAULT)).every((v) => v === undefined)).toBe(true);
});
