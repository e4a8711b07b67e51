import { useState } from 'react';
import { heatAt, labelText, type TableRow, tableLabels, tableRows, writerOf } from '../../domain/panel';
import { useWords } from '../../ui/i18n/words';
import panels from '../../ui/panels.module.css';
import tables from '../../ui/tables.module.css';
import styles from './dashboards.module.css';
import { Narrow } from './narrow';
import type { BodyProps, PanelPlace } from './place';

const MOST_ROWS = 50;

interface Sorting {
  /** A label, or the number of a query. */
  column: string | number;
  descending: boolean;
}

/** One row for each set of labels, one column for each query; a click on a heading sorts. */
export function TableBody({ panel, place, brought, format }: BodyProps & { place: PanelPlace }) {
  const words = useWords();
  const [sorting, setSorting] = useState<Sorting>({ column: 0, descending: true });
  const rows = tableRows(brought.map((b) => b.instant ?? [])).sort(comparing(sorting));
  const labels = tableLabels(rows, panel.queries[0]?.promql);
  const narrows = place.selectors.some((s) => s.labels.some((l) => l.label === labels[0]));
  const shown = rows.slice(0, panel.most_series ?? MOST_ROWS);
  const columns = panel.queries.map((query, i) => {
    const unit = query.unit ?? panel.unit;
    return {
      title: query.legend || `#${i + 1}`,
      write: writerOf(unit, format),
      // Steps of colour are a share of a limit; sizes beside it have none.
      thresholds: unit === panel.unit || unit === 'percent' ? panel.thresholds : [],
      coloured: unit === 'percent' || panel.queries.every((q) => (q.unit ?? panel.unit) !== 'percent'),
    };
  });
  const heading = (column: string | number, title: string, className?: string) => (
    <th
      key={column}
      className={className}
      aria-sort={sorting.column !== column ? undefined : sorting.descending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        onClick={() =>
          setSorting({
            column,
            descending: sorting.column === column ? !sorting.descending : typeof column === 'number',
          })
        }
      >
        {title}
        {sorting.column === column && (sorting.descending ? ' ▾' : ' ▴')}
      </button>
    </th>
  );
  return (
    <div className={styles.scroll}>
      <table className={`${tables.table} ${tables.flush}`}>
        <thead>
          <tr>
            {labels.map((label) => heading(label, words.scope.names[label] ?? label))}
            {columns.map((column, i) => heading(i, column.title, tables.number))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.key}>
              {labels.map((label, i) => {
                const text = labelText(label, row.labels[label] ?? '', format);
                return (
                  <td key={label} title={row.labels[label]}>
                    {i === 0 && narrows ? (
                      <Narrow labels={row.labels} place={place}>
                        {text || '–'}
                      </Narrow>
                    ) : (
                      text || '–'
                    )}
                  </td>
                );
              })}
              {columns.map((column, i) => {
                const heat = column.coloured ? heatAt(row.values[i], column.thresholds) : 'none';
                return (
                  <td key={column.title} className={tables.number}>
                    <span className={panels.heat} data-heat={heat}>
                      {heat === 'crit' && '▲ '}
                      {column.write(row.values[i])}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <p className={styles.none}>{words.charts.others(format.exact(rows.length - shown.length))}</p>
      )}
    </div>
  );
}

/** What is not known comes last whichever way the rest is sorted. */
function comparing({ column, descending }: Sorting): (a: TableRow, b: TableRow) => number {
  const sign = descending ? -1 : 1;
  const value = (row: TableRow) => (typeof column === 'number' ? row.values[column] : row.labels[column]);
  return (a, b) => {
    const left = value(a);
    const right = value(b);
    if (left == null || right == null) return left == null ? (right == null ? 0 : 1) : -1;
    return left < right ? -sign : left > right ? sign : a.key < b.key ? -1 : 1;
  };
}
