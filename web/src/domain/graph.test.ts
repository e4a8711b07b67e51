import { expect, test } from 'vitest';
import { type Graph, type Layout, nearest, pathOf, shapeOf } from './graph';
import { layoutOf } from './graph-layout';

function graph(edges: string[], groups: Record<string, string> = {}): Graph {
  const lines = edges.map((e) => {
    const [from, to] = e.split('>') as [string, string];
    return { id: e, from, to, labelWidth: 40 };
  });
  const ids = [...new Set(lines.flatMap((l) => [l.from, l.to]))];
  return { boxes: ids.map((id) => ({ id, width: 160, height: 44, group: groups[id] })), lines };
}

const CHAIN = graph(['web>api', 'api>db', 'api>cache']);

/** Whether two boxes have a point in common. */
function overlap(a: Layout['boxes'][string], b: Layout['boxes'][string]): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

test('clients stand left of their servers and no box covers another', () => {
  const layout = layoutOf(CHAIN);
  const x = (id: string) => layout.boxes[id]!.x;
  expect(x('web')).toBeLessThan(x('api'));
  expect(x('api')).toBeLessThan(x('db'));
  expect(x('db')).toBe(x('cache'));
  const boxes = Object.values(layout.boxes);
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
  for (const box of boxes) {
    expect(box.x + box.width / 2).toBeLessThanOrEqual(layout.width);
    expect(box.y + box.height / 2).toBeLessThanOrEqual(layout.height);
  }
});

test('a group is around its boxes and around no other', () => {
  const layout = layoutOf(graph(['a>b', 'a>c', 'd>b', 'c>e'], { b: 'g', c: 'g' }));
  const group = layout.groups.g!;
  const inside = (id: string) => overlap(layout.boxes[id]!, group);
  expect(['a', 'b', 'c', 'd', 'e'].map(inside)).toEqual([false, true, true, false, false]);
});

test('lines have a way and a place for their label, to oneself and several between two boxes, too', () => {
  const twice = graph(['a>b', 'a>a']);
  twice.lines.push({ id: 'a>b again', from: 'a', to: 'b', labelWidth: 40 });
  const { lines } = layoutOf(twice);
  expect(Object.keys(lines).sort()).toEqual(['a>a', 'a>b', 'a>b again']);
  for (const { path, end, label } of Object.values(lines)) {
    expect(path).toMatch(/^M[-\d. ]+[CV]/);
    expect([end.x, end.y, label.x, label.y].every(Number.isFinite)).toBe(true);
  }
  expect(lines['a>b']!.label).not.toEqual(lines['a>b again']!.label);
});

test('the order in which boxes come changes nothing', () => {
  const shuffled: Graph = { boxes: CHAIN.boxes.toReversed(), lines: CHAIN.lines.toReversed() };
  expect(layoutOf(shuffled)).toEqual(layoutOf(CHAIN));
  expect(shapeOf(shuffled)).toBe(shapeOf(CHAIN));
});

test('what was above stays above when a box comes in', () => {
  const before = layoutOf(CHAIN);
  const order = (layout: Layout) => Math.sign(layout.boxes.db!.y - layout.boxes.cache!.y);
  const more = graph(['web>api', 'api>db', 'api>cache', 'api>aaa']);
  const grouped = graph(['web>api', 'api>db', 'api>cache', 'api>aaa'], { db: 'g', cache: 'g' });
  expect(order(layoutOf(grouped, before))).toBe(order(before));
  expect(order(layoutOf(more, before))).toBe(order(before));
  expect(shapeOf(more)).not.toBe(shapeOf(CHAIN));
});

test('a line whose end is missing is left out', () => {
  const broken: Graph = { ...CHAIN, boxes: CHAIN.boxes.slice(1) };
  expect(Object.keys(layoutOf(broken).lines)).toEqual(['api>cache', 'api>db']);
  expect(layoutOf({ boxes: [], lines: [] }).boxes).toEqual({});
});

test('arrow keys go to what is straight ahead', () => {
  const layout = layoutOf(CHAIN);
  expect(nearest(layout, 'web', 'right')).toBe('api');
  expect(nearest(layout, 'api', 'left')).toBe('web');
  const upper = layout.boxes.db!.y < layout.boxes.cache!.y ? 'db' : 'cache';
  const lower = upper === 'db' ? 'cache' : 'db';
  expect(nearest(layout, upper, 'down')).toBe(lower);
  expect(nearest(layout, upper, 'up')).toBeUndefined();
  expect(nearest(layout, 'gone', 'up')).toBeUndefined();
});

test('lines go from the right of a client to the left of its server, back where there is a circle', () => {
  const layout = layoutOf(graph(['a>b', 'b>c', 'c>a']));
  const { a, c } = layout.boxes;
  const back = layout.lines['c>a']!;
  expect([back.end.x, back.end.angle]).toEqual([a!.x + a!.width / 2, 180]);
  expect(back.path.startsWith(`M${c!.x - c!.width / 2} `)).toBe(true);
  expect(layout.lines['a>b']!.end).toMatchObject({
    x: layout.boxes.b!.x - layout.boxes.b!.width / 2,
    angle: 0,
  });
});

test('a path begins and ends where its line does', () => {
  const p = (x: number, y: number) => ({ x, y });
  expect(pathOf([])).toBe('');
  expect(pathOf([p(0, 0), p(10, 4)])).toBe('M0 0C5 0 5 4 10 4');
  expect(pathOf([p(0, 0), p(10, 5), p(20, 0)])).toBe('M0 0C5 0 5 5 10 5C15 5 15 0 20 0');
});

test('a hundred boxes are laid out', () => {
  const edges = Array.from({ length: 200 }, (_, i) => `n${i % 100}>n${(i * 7 + 3) % 100}`);
  const layout = layoutOf(graph([...new Set(edges)]));
  expect(Object.keys(layout.boxes)).toHaveLength(100);
});
