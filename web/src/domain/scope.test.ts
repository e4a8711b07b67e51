import { expect, test } from 'vitest';
import { rowOf } from '../testing/fixtures';
import {
  dashboardOfScope,
  formatScope,
  isInScope,
  parseScope,
  rowIdOfScope,
  type Scope,
  scopeOfRow,
  scopeOfRowId,
  withValues,
} from './scope';
import { parseSearch, stringifySearch } from './search';

const ID = 'ab'.repeat(32);
const HOST = rowOf({ id: 'host:a', kind: 'host', name: 'a', node: 'a' });
const CONTAINER = rowOf({
  id: `container:a:${ID}`,
  kind: 'container',
  name: 'web',
  node: 'a',
  container_id: ID,
});
const PROCESS = rowOf({
  id: 'process:a:42:1700000000125',
  kind: 'process',
  name: 'nginx: worker',
  node: 'a',
  pid: 42,
  start_ms: 1_700_000_000_125,
  container_id: ID,
});

const scopes: [string, Scope][] = [
  ['nothing', []],
  ['a node', [{ label: 'node', values: ['worker-1'] }]],
  ['a container', scopeOfRow(CONTAINER)],
  ['a process', scopeOfRow(PROCESS)],
  ['two values', [{ label: 'node', values: ['a', 'b'] }]],
  ['awkward values', [{ label: 'comm', values: ['a,b:c%2C"', '', 'シェル'] }]],
];

test.each(scopes)('a scope of %s survives the URL', (_, scope) => {
  const url = stringifySearch({ scope: formatScope(scope) });
  expect(parseScope(parseSearch(url).scope)).toEqual(scope);
});

test('a scope reads well in the URL', () => {
  expect(stringifySearch({ scope: formatScope(scopeOfRow(PROCESS)) })).toBe(
    `?scope=node:a,container_id:${ID},comm:nginx:+worker,pid:42,start:1700000000.12`,
  );
});

test('what is no label with a value is passed over', () => {
  expect(parseScope('x,:y,1a:b,node:a,,a b:c')).toEqual([{ label: 'node', values: ['a'] }]);
  expect(parseScope(undefined)).toEqual([]);
});

test('a label keeps its place when its values change and goes when it has none', () => {
  const scope = parseScope('node:a,pid:1');
  expect(formatScope(withValues(scope, 'node', ['b', 'c']))).toBe('node:b,node:c,pid:1');
  expect(formatScope(withValues(scope, 'node', []))).toBe('pid:1');
  expect(formatScope(withValues(scope, 'comm', ['sh']))).toBe('node:a,pid:1,comm:sh');
});

test('a row is in the scope of its host, its container and itself', () => {
  for (const of of [HOST, CONTAINER, PROCESS]) expect(isInScope(PROCESS, scopeOfRow(of))).toBe(true);
  expect(isInScope(HOST, scopeOfRow(CONTAINER))).toBe(false);
  expect(isInScope(CONTAINER, scopeOfRow(PROCESS))).toBe(false);
  expect(isInScope(PROCESS, parseScope('node:b'))).toBe(false);
});

test.each([
  ['host:a:b', 'node:a:b'],
  [`container:a:${ID}`, `node:a,container_id:${ID}`],
  ['process:a:42:1700000000125', 'node:a,pid:42,start:1700000000.12'],
  ['rubbish', undefined],
])('the row %s that is gone has the scope %s', (id, scope) => {
  expect(formatScope(scopeOfRowId(id))).toBe(scope);
});

test('each kind of row has its dashboard', () => {
  expect([HOST, CONTAINER, PROCESS].map((row) => dashboardOfScope(scopeOfRow(row)))).toEqual([
    'host',
    'container',
    'process',
  ]);
});

test('a label that rows do not have narrows nothing', () => {
  expect(isInScope(HOST, parseScope('namespace:shop'))).toBe(true);
});

test('a scope of one host or container is the row that the API knows', () => {
  expect(rowIdOfScope(scopeOfRow(HOST))).toBe('host:a');
  expect(rowIdOfScope(scopeOfRow(CONTAINER))).toBe(CONTAINER.id);
  expect(rowIdOfScope(parseScope('node:a,node:b'))).toBeUndefined();
  expect(rowIdOfScope(parseScope('comm:sh'))).toBeUndefined();
});

test('a group is a scope of its labels, and its processes are in it', () => {
  const group = rowOf({
    id: 'group:user=root,container=3ac5',
    kind: 'group',
    name: '3ac5',
    node: '',
    group: [
      { label: 'user', value: 'root' },
      { label: 'container', value: '3ac5' },
    ],
  });
  const scope = scopeOfRow(group);
  expect(formatScope(scope)).toBe('user:root,container_id:3ac5');
  const process = rowOf({
    id: 'process:a:1:2',
    kind: 'process',
    name: 'sh',
    user: 'root',
    container_id: '3ac5',
  });
  expect([group, process].map((row) => isInScope(row, scope))).toEqual([true, true]);
  expect(isInScope({ ...process, user: 'www' }, scope)).toBe(false);
});
