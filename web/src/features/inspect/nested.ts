/** Rows below those that they name as theirs. */
import type { InspectRow } from '../../api/inspect';

export interface Nested {
  row: InspectRow;
  depth: number;
}

/** A tree of rows in order; a row whose parent is not among them stands at the top. Circles are cut. */
export function nested(rows: InspectRow[]): Nested[] {
  const known = new Set(rows.map((row) => row.select));
  const below = new Map<string, InspectRow[]>();
  const tops: InspectRow[] = [];
  for (const row of rows) {
    if (row.parent !== null && row.parent !== row.select && known.has(row.parent)) {
      const siblings = below.get(row.parent);
      if (siblings) siblings.push(row);
      else below.set(row.parent, [row]);
    } else {
      tops.push(row);
    }
  }
  const placed: Nested[] = [];
  const done = new Set<InspectRow>();
  const place = (row: InspectRow, depth: number) => {
    if (done.has(row)) return;
    done.add(row);
    placed.push({ row, depth });
    for (const child of below.get(row.select) ?? []) place(child, depth + 1);
  };
  for (const row of tops) place(row, 0);
  for (const row of rows) place(row, 0);
  return placed;
}
