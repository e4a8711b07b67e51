import { expect, test } from 'vitest';
import { exploreTable, rowOf } from '../testing/fixtures';
import { isFolded, NOTHING_FOLDED, withFold } from './fold';
import type { Row } from './row';
import { parseScope } from './scope';
import { linesOf, positionsOf, type TreeOptions } from './tree';

const ROWS: Row[] = [
  rowOf({ id: 'host:a', kind: 'host', name: 'a', cpu_cores: 3 }),
  rowOf({
    id: 'container:a:c1',
    parent: 'host:a',
    kind: 'container',
    name: 'web',
    container_id: 'c1',
    cpu_cores: 1,
  }),
  rowOf({
    id: 'process:a:1:0',
    parent: 'container:a:c1',
    kind: 'process',
    name: 'nginx',
    pid: 1,
    container_id: 'c1',
    cpu_cores: 0.2,
  }),
  rowOf({
    id: 'process:a:2:0',
    parent: 'container:a:c1',
    kind: 'process',
    name: 'worker',
    pid: 2,
    container_id: 'c1',
    cpu_cores: 0.8,
  }),
  rowOf({
    id: 'process:a:3:0',
    parent: 'host:a',
    kind: 'process',
    name: 'sshd',
    pid: 3,
    user: 'root',
    cpu_cores: null,
  }),
  rowOf({
    id: 'process:a:4:0',
    parent: 'host:a',
    kind: 'process',
    name: 'cron',
    pid: 4,
    user: 'root',
    cpu_cores: 2,
  }),
];

/** The lines as `name` with two spaces for each level. */
function check(options: Partial<TreeOptions>, expected: string[], rows = ROWS) {
  const lines = linesOf(rows, {
    view: 'tree',
    sort: { column: 'cpu', descending: true },
    q: '',
    isFolded: () => false,
    ...options,
  });
  expect(
    lines.map((l) => `${'  '.repeat(l.depth)}${l.folded ? '+' : ''}${l.context ? '(' : ''}${l.row.name}`),
  ).toEqual(expected);
}

test('siblings are sorted below their parents, unknown last', () => {
  check({}, ['a', '  cron', '  web', '    worker', '    nginx', '  sshd']);
});

test('unknown is last whichever way the rest is sorted', () => {
  check({ sort: { column: 'cpu', descending: false } }, [
    'a',
    '  web',
    '    nginx',
    '    worker',
    '  cron',
    '  sshd',
  ]);
});

test('words are sorted without regard to case', () => {
  check({ sort: { column: 'name', descending: false } }, [
    'a',
    '  cron',
    '  sshd',
    '  web',
    '    nginx',
    '    worker',
  ]);
});

test('the flat view has processes only', () => {
  check({ view: 'flat' }, ['cron', 'worker', 'nginx', 'sshd']);
});

test('a folded row hides what is below it', () => {
  const folds = withFold(NOTHING_FOLDED, ROWS[1]!, true);
  check({ isFolded: (r) => isFolded(folds, r) }, ['a', '  cron', '  +web', '  sshd']);
});

test('folding all containers spares those that were opened', () => {
  const all = { containers: true, flipped: new Set<string>() };
  check({ isFolded: (r) => isFolded(all, r) }, ['a', '  cron', '  +web', '  sshd']);
  const but = withFold(all, ROWS[1]!, false);
  check({ isFolded: (r) => isFolded(but, r) }, ['a', '  cron', '  web', '    worker', '    nginx', '  sshd']);
});

test('folding and unfolding comes to where it began', () => {
  expect(withFold(withFold(NOTHING_FOLDED, ROWS[1]!, true), ROWS[1]!, false)).toEqual(NOTHING_FOLDED);
});

test('a filter keeps matches and what stands above them', () => {
  check({ q: 'NGI' }, ['(a', '  (web', '    nginx']);
});

test('a container’s name finds the processes in it', () => {
  check({ q: 'web' }, ['(a', '  web', '    worker', '    nginx']);
  check({ q: 'web', view: 'flat' }, ['worker', 'nginx']);
});

test.each([
  ['root', ['(a', '  cron', '  sshd']],
  ['4', ['(a', '  cron']],
])('the filter %j looks at user and pid', (q, expected) => {
  check({ q }, expected);
});

test('a scope is a row and all below it', () => {
  check({ scope: parseScope('container_id:c1') }, ['web', '  worker', '  nginx']);
  check({ scope: parseScope('container_id:c1,pid:2') }, ['worker']);
  check({ scope: parseScope('container_id:gone') }, []);
});

test('held rows keep their places and new ones come after them', () => {
  const before = linesOf(ROWS, {
    view: 'flat',
    sort: { column: 'cpu', descending: true },
    q: '',
    isFolded: () => false,
  });
  const changed = [
    ...ROWS.map((r) => (r.name === 'nginx' ? { ...r, cpu_cores: 9 } : r)),
    rowOf({ id: 'process:a:5:0', parent: 'host:a', kind: 'process', name: 'new', pid: 5, cpu_cores: 50 }),
  ];
  check({ view: 'flat', held: positionsOf(before) }, ['cron', 'worker', 'nginx', 'sshd', 'new'], changed);
  check({ view: 'flat' }, ['new', 'nginx', 'cron', 'worker', 'sshd'], changed);
});

test('a row whose parent was not sent stands at the top', () => {
  check({}, ['web', '  worker', '  nginx'], ROWS.slice(1, 4));
});

test('a row that is its own parent is shown once', () => {
  check({}, ['loop'], [rowOf({ id: 'x', parent: 'x', kind: 'process', name: 'loop' })]);
});

test('every row of a table is shown once', () => {
  const { rows } = exploreTable(1_795_406_645_000);
  const lines = linesOf(rows, {
    view: 'tree',
    sort: { column: 'events', descending: true },
    q: '',
    isFolded: () => false,
  });
  expect(new Set(lines.map((l) => l.row.id))).toEqual(new Set(rows.map((r) => r.id)));
  expect(lines).toHaveLength(rows.length);
});
