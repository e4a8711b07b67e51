/** The state of the map's page, as its URL has it. */

import { formatScope, parseScope, type Scope } from './scope';
import type { Search } from './search';
import { LEVELS, type Level, METRICS, type Metric } from './topology';

export const DEPTHS = [1, 2, 3] as const;

export interface TopologyState {
  view: 'map' | 'list';
  level: Level;
  metric: Metric;
  problemsOnly: boolean;
  /** Addresses that nobody observes are left out. */
  hideExternals: boolean;
  /** A node's id. */
  focus?: string;
  depth: number;
  /** A node's or an edge's id: what the drawer shows. */
  selected?: string;
  /** The name that is looked for. */
  q: string;
  scope: Scope;
}

export function decodeTopology(search: Search): TopologyState {
  const depth = Number(search.depth);
  return {
    view: search.view === 'list' ? 'list' : 'map',
    level: LEVELS.find((l) => l === search.by) ?? 'process',
    metric: METRICS.find((m) => m === search.metric) ?? 'rps',
    problemsOnly: search.only === 'problems',
    hideExternals: search.ext === 'off',
    focus: search.focus || undefined,
    depth: DEPTHS.find((d) => d === depth) ?? 1,
    selected: search.sel || undefined,
    q: search.q ?? '',
    scope: parseScope(search.scope),
  };
}

export function encodeTopology(state: TopologyState): Search {
  return {
    view: state.view === 'map' ? undefined : state.view,
    by: state.level === 'process' ? undefined : state.level,
    metric: state.metric === 'rps' ? undefined : state.metric,
    only: state.problemsOnly ? 'problems' : undefined,
    ext: state.hideExternals ? 'off' : undefined,
    focus: state.focus,
    depth: state.depth === 1 ? undefined : String(state.depth),
    sel: state.selected,
    q: state.q || undefined,
    scope: formatScope(state.scope),
  };
}

/** Labels that links have; what else a scope names is passed over here. */
export const LINK_LABELS: ReadonlySet<string> = new Set([
  'node',
  'container_id',
  'container',
  'comm',
  'cluster',
  'namespace',
  'workload',
  'pod',
  'region',
  'zone',
]);
