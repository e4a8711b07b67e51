import { memo, useMemo } from 'react';
import type { Layout } from '../../domain/graph';
import { type Level, type Metric, type TopologyMap, widthsOf } from '../../domain/topology';
import { BoxShape } from './box-shape';
import { GroupShape } from './group-shape';
import { LineShape } from './line-shape';

interface DrawingProps {
  map: TopologyMap;
  layout: Layout;
  metric: Metric;
  level: Level;
  selected: string | undefined;
  found: string | undefined;
  hovered: string | undefined;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string | undefined) => void;
  onFocus: (id: string) => void;
}

/** Groups, lines, boxes, in this order. Panning and zooming move it as a whole and draw nothing anew. */
export const Drawing = memo(function Drawing(props: DrawingProps) {
  const { map, layout, metric, selected, found, hovered, onHover, onSelect, onFocus } = props;
  const widths = useMemo(() => widthsOf(map.edges, metric), [map.edges, metric]);
  const near = useMemo(() => (hovered === undefined ? undefined : nearOf(map, hovered)), [map, hovered]);
  // One box is reached with Tab, the others from it with arrows.
  const entry = map.nodes.find((n) => n.id === (found ?? selected))?.id ?? map.nodes[0]?.id;
  return (
    <>
      {Object.entries(layout.groups).map(([id, place]) => (
        <GroupShape key={id} id={id} place={place} nodes={map.nodes} />
      ))}
      {map.edges.map((edge) => {
        const line = layout.lines[edge.id];
        return (
          line && (
            <LineShape
              key={edge.id}
              edge={edge}
              line={line}
              metric={metric}
              width={widths.get(edge.id) ?? 1}
              selected={edge.id === selected}
              dim={near !== undefined && !near.has(edge.id)}
              onHover={onHover}
              onSelect={onSelect}
            />
          )
        );
      })}
      {map.nodes.map((node) => {
        const place = layout.boxes[node.id];
        return (
          place && (
            <BoxShape
              key={node.id}
              node={node}
              place={place}
              selected={node.id === selected}
              found={node.id === found}
              entry={node.id === entry}
              dim={near !== undefined && !near.has(node.id)}
              onHover={onHover}
              onSelect={onSelect}
              onFocus={onFocus}
            />
          )
        );
      })}
    </>
  );
});

/** A box, its edges and who is at their other ends; an edge and its ends. */
function nearOf(map: TopologyMap, id: string): ReadonlySet<string> {
  const near = new Set([id]);
  for (const edge of map.edges) {
    if (edge.id !== id && edge.from !== id && edge.to !== id) continue;
    near.add(edge.id).add(edge.from).add(edge.to);
  }
  return near;
}
