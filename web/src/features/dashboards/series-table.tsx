import { chartSummary } from '../../domain/chart';
import { writerOf } from '../../domain/panel';
import { useWords } from '../../ui/i18n/words';
import tables from '../../ui/tables.module.css';
import styles from './dashboards.module.css';
import { linesOf } from './lines';
import type { BodyProps } from './place';
import { useDashboardWords } from './words';

/** What a chart shows, in numbers. */
export function SeriesTable({ panel, brought, format }: BodyProps) {
  const words = useDashboardWords();
  const { charts } = useWords();
  const write = writerOf(panel.unit, format);
  const number = `${tables.number}`;
  return (
    <div className={styles.scroll}>
      <table className={`${tables.table} ${tables.flush}`}>
        <thead>
          <tr>
            <th>{words.series}</th>
            {[words.last, words.mean, words.least, words.most].map((name) => (
              <th key={name} className={number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {linesOf(panel, brought).map((line) => {
            const known = line.values.filter((v): v is number => v !== null);
            const { last, most } = chartSummary(line.values);
            const mean = known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
            const least = known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b));
            return (
              <tr key={line.name}>
                <td>{line.others === undefined ? line.name : charts.others(format.exact(line.others))}</td>
                {[last, mean, least, most].map((value, i) => (
                  <td key={i} className={number}>
                    {write(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
