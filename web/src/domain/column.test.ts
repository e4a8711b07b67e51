import { expect, test } from 'vitest';
import { COLUMNS, columnsOfView, columnsShown } from './column';

const ids = (view: 'tree' | 'flat', width: number) => columnsShown(view, [], width).map((c) => c.id);

test('a wide page shows every column of its view', () => {
  expect(ids('tree', 3000)).toEqual(columnsOfView('tree').map((c) => c.id));
  expect(ids('flat', 3000)).toContain('container');
  expect(ids('tree', 3000)).not.toContain('container');
});

test('at 1440 pixels threads, descriptors, disk and network are all seen', () => {
  // The window less the rail, the edges of a row and a scroll bar.
  const width = 1440 - 208 - 24 - 12;
  for (const view of ['tree', 'flat'] as const) {
    expect(ids(view, width)).toEqual(
      expect.arrayContaining([
        'cpu',
        'memory',
        'disk_read',
        'disk_write',
        'net_rx',
        'net_tx',
        'threads',
        'fds',
        'events',
      ]),
    );
  }
});

test.each([320, 500, 752, 1037, 1196])('what is shown fits into %i pixels, the name always', (width) => {
  const shown = columnsShown('tree', [], width);
  expect(shown[0]!.id).toBe('name');
  expect(shown.reduce((sum, c) => sum + c.width, 0)).toBeLessThanOrEqual(Math.max(width, shown[0]!.width));
});

test('chosen columns are kept whatever the width, in the order of the table', () => {
  expect(columnsShown('tree', ['fds', 'cpu'], 100).map((c) => c.id)).toEqual(['name', 'cpu', 'fds']);
});

test('no column stands in the table twice', () => {
  expect(new Set(COLUMNS.map((c) => c.id)).size).toBe(COLUMNS.length);
});
