import { shortContainerId } from '../../domain/format';
import type { TopologyEdge, TopologyNode } from '../../domain/topology';
import type { TopologyWords } from './words';

/** What people call a box. */
export function nameOf(node: TopologyNode, words: TopologyWords): string {
  if (node.kind === 'clients') return words.clients(node.stands_for);
  if (node.kind === 'others') return words.others(node.stands_for);
  return node.name;
}

/** Where a box is, in grey beside its name. */
export function placeOf(node: TopologyNode, words: TopologyWords): string {
  if (node.kind === 'external' || node.kind === 'clients') return words.outside;
  const container = node.container ?? (node.container_id ? shortContainerId(node.container_id) : undefined);
  return [node.kind === 'process' ? container : undefined, node.kind === 'host' ? undefined : node.node]
    .filter((part) => part)
    .join(' · ');
}

/** The name of a box that is not on the map, from its id. */
export function nameOfId(id: string): string {
  const last = id.split(/[:,=/]/).at(-1) ?? id;
  return /^[0-9a-f]{24,}$/.test(last) ? shortContainerId(last) : last;
}

export function portText(edge: TopologyEdge): string {
  return edge.port == null ? '' : `:${edge.port}`;
}
