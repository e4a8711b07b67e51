/** Where boxes and lines of a graph stand: layers from left to right, groups as boxes around theirs. */
import { Graph as Dagre, layout as dagre } from '@dagrejs/dagre';
import { type Graph, inOrderOf, type Layout, type Point, pathOf, type Way } from './graph';

const BETWEEN_LAYERS = 56;
const BETWEEN_BOXES = 28;
const LABEL_HEIGHT = 16;
/** Around the whole. */
const MARGIN = 24;
/** A group's title stands above its boxes. */
const TITLE = 20;
const PADDING = 10;
/** Lines keep away from the corners of boxes. */
const CORNER = 12;
/** How far a line to oneself hangs below its box. */
const LOOP = 22;

/** The layout of a graph. With the one before, what did not change stays near where it was. */
export function layoutOf(graph: Graph, before?: Layout): Layout {
  const { boxes, lines } = inOrderOf(graph, before);
  const drawing = new Dagre({ directed: true, multigraph: true, compound: true });
  drawing.setGraph({
    rankdir: 'LR',
    ranksep: BETWEEN_LAYERS,
    nodesep: BETWEEN_BOXES,
    edgesep: 12,
    marginx: MARGIN,
    marginy: MARGIN + TITLE,
  });
  const known = new Set(boxes.map((b) => b.id));
  for (const { id, width, height, group } of boxes) {
    drawing.setNode(id, { width, height });
    if (group === undefined) continue;
    const parent = `group ${group}`;
    if (!drawing.hasNode(parent)) drawing.setNode(parent, {});
    drawing.setParent(id, parent);
  }
  for (const { id, from, to, labelWidth } of lines) {
    if (!known.has(from) || !known.has(to)) continue;
    drawing.setEdge(from, to, { width: labelWidth, height: LABEL_HEIGHT, labelpos: 'c' }, id);
  }
  dagre(drawing, { constraints: asBefore(boxes, before) });
  return readLayout(drawing, boxes);
}

/** Boxes of a layer that stood one above the other stay so: dagre turns what is equally good as it likes. */
function asBefore(boxes: Graph['boxes'], before: Layout | undefined): { left: string; right: string }[] {
  const layers = new Map<number, string[]>();
  for (const { id } of boxes) {
    const place = before?.boxes[id];
    if (place) layers.set(place.x, [...(layers.get(place.x) ?? []), id]);
  }
  return [...layers.values()].flatMap((ids) => ids.slice(1).map((id, i) => ({ left: ids[i]!, right: id })));
}

function readLayout(drawing: Dagre, boxes: Graph['boxes']): Layout {
  const layout: Layout = { width: 0, height: 0, boxes: {}, groups: {}, lines: {} };
  const reach = (x: number, y: number) => {
    layout.width = Math.max(layout.width, x + MARGIN);
    layout.height = Math.max(layout.height, y + MARGIN);
  };
  for (const { id, width, height, group } of boxes) {
    const { x = 0, y = 0 } = drawing.node(id) as Partial<Point>;
    layout.boxes[id] = { x, y, width, height };
    reach(x + width / 2, y + height / 2);
    if (group !== undefined) layout.groups[group] = { x: 0, y: 0, width: 0, height: 0 };
  }
  // dagre makes groups as wide as their layers; what is drawn is just around the boxes.
  for (const group of Object.keys(layout.groups)) {
    const within = boxes.filter((b) => b.group === group).map((b) => layout.boxes[b.id]!);
    const left = Math.min(...within.map((b) => b.x - b.width / 2)) - PADDING;
    const right = Math.max(...within.map((b) => b.x + b.width / 2)) + PADDING;
    const top = Math.min(...within.map((b) => b.y - b.height / 2)) - PADDING - TITLE;
    const bottom = Math.max(...within.map((b) => b.y + b.height / 2)) + PADDING;
    layout.groups[group] = {
      x: (left + right) / 2,
      y: (top + bottom) / 2,
      width: right - left,
      height: bottom - top,
    };
    reach(right, bottom);
  }
  for (const edge of drawing.edges()) {
    const line = drawing.edge(edge) as { points?: Point[]; x?: number; y?: number };
    const [from, to] = [layout.boxes[edge.v], layout.boxes[edge.w]];
    if (!from || !to) continue;
    const bends = (line.points ?? []).slice(1, -1);
    const label = line.x === undefined || line.y === undefined ? undefined : { x: line.x, y: line.y };
    layout.lines[edge.name ?? ''] = edge.v === edge.w ? loop(from) : way(from, to, bends, label);
    for (const { x, y } of bends) reach(x, y);
  }
  return layout;
}

type Box = Layout['boxes'][string];

/** From the side of one box to that of the other which face each other, at the height from which it comes. */
function way(from: Box, to: Box, bends: Point[], label: Point | undefined): Way {
  const forward = to.x >= from.x ? 1 : -1;
  const height = (box: Box, next: Point) => {
    const reach = box.height / 2 - CORNER;
    return box.y + Math.max(-reach, Math.min(reach, (next.y - box.y) / 4));
  };
  const first = { x: from.x + (forward * from.width) / 2, y: height(from, bends[0] ?? to) };
  const last = { x: to.x - (forward * to.width) / 2, y: height(to, bends.at(-1) ?? from) };
  const between = bends.filter(({ x }) => forward * (x - first.x) > 4 && forward * (last.x - x) > 4);
  const middle = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
  return {
    path: pathOf([first, ...between, last]),
    end: { ...last, angle: forward > 0 ? 0 : 180 },
    label: between.length > 0 && label ? label : middle,
  };
}

/** Out of the lower edge of a box and back into it. */
function loop({ x, y, width, height }: Box): Way {
  const [left, right, top, bottom] = [x - width / 4, x + width / 4, y + height / 2, y + height / 2 + LOOP];
  return {
    path: `M${right} ${top}V${bottom - 8}Q${right} ${bottom} ${right - 8} ${bottom}H${left + 8}Q${left} ${bottom} ${left} ${bottom - 8}V${top}`,
    end: { x: left, y: top, angle: -90 },
    label: { x, y: bottom },
  };
}
