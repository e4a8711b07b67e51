import { UNKNOWN } from '../../domain/format';
import { cellText, MARKS, type TopologyEdge } from '../../domain/topology';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Section } from '../../ui/section';
import { StatusShape } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import { portText } from './names';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

interface EdgeRowsProps {
  title: string;
  edges: readonly TopologyEdge[];
  /** Who is at the other end. */
  peer: (edge: TopologyEdge) => { name: string; place: string };
  onSelect: (id: string) => void;
}

/** Edges of a node, one a row. */
export function EdgeRows({ title, edges, peer, onSelect }: EdgeRowsProps) {
  const words = useTopologyWords();
  const format = useFormat();
  if (edges.length === 0) return null;
  return (
    <Section title={title} note={edges.length}>
      <table className={`${tables.table} ${tables.flush}`}>
        <thead>
          <tr>
            <th scope="col" className={styles.peer}>
              {words.facts.peer}
            </th>
            {(['rps', 'err', 'p95', 'bytes'] as const).map((m) => (
              <th key={m} scope="col" className={tables.number}>
                {words.metrics[m]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => {
            const { name, place } = peer(edge);
            return (
              <tr key={edge.id}>
                <td className={styles.peer} title={place}>
                  <StatusShape mark={edge.status === 'ok' ? 'plain' : MARKS[edge.status]} />{' '}
                  <button type="button" className={controls.link} onClick={() => onSelect(edge.id)}>
                    {name}
                    {portText(edge)}
                  </button>
                </td>
                {(['rps', 'err', 'p95', 'bytes'] as const).map((m) => (
                  <td key={m} className={tables.number}>
                    {cellText(m, edge.traffic, format) ?? UNKNOWN}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
