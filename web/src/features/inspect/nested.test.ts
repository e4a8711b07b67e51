import { expect, test } from 'vitest';
import type { InspectRow } from '../../api/inspect';
import { nested } from './nested';

const row = (select: string, parent: string | null): InspectRow => ({ select, parent, cells: [] });

test('children stand below their parents, strangers at the top, and circles end', () => {
  const rows = [row('b', 'a'), row('a', null), row('c', 'b'), row('x', 'gone'), row('p', 'q'), row('q', 'p')];
  expect(nested(rows).map(({ row, depth }) => `${' '.repeat(depth)}${row.select}`)).toEqual([
    'a',
    ' b',
    '  c',
    'x',
    'p',
    ' q',
  ]);
});
