/** A graph to be drawn: boxes in groups, lines between them; and where a layout put them. */

export interface Point {
  x: number;
  y: number;
}

export interface GraphBox {
  id: string;
  width: number;
  height: number;
  group?: string;
}

export interface GraphLine {
  id: string;
  from: string;
  to: string;
  /** Room for what is written on it. */
  labelWidth: number;
}

export interface Graph {
  boxes: GraphBox[];
  lines: GraphLine[];
}

/** The way of a line: an SVG path, the arrow at its end (degrees), and where its label stands. */
export interface Way {
  path: string;
  end: Point & { angle: number };
  label: Point;
}

/** Centres and sizes; the drawing begins at 0, 0. */
export interface Layout {
  width: number;
  height: number;
  boxes: Record<string, Point & { width: number; height: number }>;
  groups: Record<string, Point & { width: number; height: number }>;
  lines: Record<string, Way>;
}

/** Two graphs of the same shape have the same layout: numbers on lines change, places do not. */
export function shapeOf(graph: Graph): string {
  const boxes = graph.boxes.map((b) => `${b.id}@${b.group ?? ''}`).sort();
  const lines = graph.lines.map((l) => l.id).sort();
  return `${boxes.join('\n')}\n\n${lines.join('\n')}`;
}

/**
 * The same graph with boxes that stood somewhere first, from left to right and top to bottom as they
 * stood: a layout keeps the order it is given wherever it does not matter.
 */
export function inOrderOf(graph: Graph, before: Layout | undefined): Graph {
  const place = (id: string) => before?.boxes[id];
  const boxes = graph.boxes.slice().sort((a, b) => {
    const [p, q] = [place(a.id), place(b.id)];
    if (p && q) return p.x - q.x || p.y - q.y;
    if (p || q) return p ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
  const rank = new Map(boxes.map((b, i) => [b.id, i]));
  const of = (id: string) => rank.get(id) ?? boxes.length;
  const lines = graph.lines
    .slice()
    .sort((a, b) => of(a.from) - of(b.from) || of(a.to) - of(b.to) || (a.id < b.id ? -1 : 1));
  return { boxes, lines };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest box in a direction: what is straight ahead counts more than what is near but aside. */
export function nearest(layout: Layout, id: string, direction: Direction): string | undefined {
  const here = layout.boxes[id];
  if (!here) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [other, { x, y }] of Object.entries(layout.boxes)) {
    if (other === id) continue;
    const [dx, dy] = [x - here.x, y - here.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    const distance = ahead + 3 * aside;
    if (ahead > 1 && distance < least) [best, least] = [other, distance];
  }
  return best;
}

/** A path that passes each point on the level, as layers from left to right want it. */
export function pathOf(points: readonly Point[]): string {
  const round = (v: number) => Math.round(v * 10) / 10;
  const [first, ...rest] = points;
  if (!first || rest.length === 0) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  let from = first;
  for (const to of rest) {
    const middle = round((from.x + to.x) / 2);
    path += `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    from = to;
  }
  return path;
}
