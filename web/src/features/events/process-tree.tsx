import { Link } from '@tanstack/react-router';
import type { SecurityEventDetail } from '../../api/queries';
import { UNKNOWN } from '../../domain/format';
import { useFormat, useWords } from '../../ui/i18n/words';
import { keepCommon } from '../../ui/search';
import { Section } from '../../ui/section';
import { SeverityText } from '../../ui/severity';
import tables from '../../ui/tables.module.css';
import styles from './process-tree.module.css';

const DAY_MS = 86_400_000;
/** Deeper trees keep this indent, so that command lines stay readable. */
const MOST_INDENT = 12;

/** Ancestors first, the process that did it last; the container's edge is drawn where it is crossed. */
export function ProcessTree({ event }: { event: SecurityEventDetail }) {
  const words = useWords();
  const format = useFormat();
  const { columns } = words.event;
  const inside = event.container !== null;
  const tree = event.process_tree;
  const cut = tree[0] !== undefined && tree[0].pid !== 1;
  const note = [words.event.treeNote(Math.max(0, tree.length - 1)), ...(cut ? [words.event.treeCut] : [])];
  const started = (ms: number | null) => {
    if (ms === null) return UNKNOWN;
    return event.time_ms - ms > DAY_MS ? format.dayTime(ms) : format.timeMs(ms);
  };
  return (
    <Section title={words.event.tree} note={note.join(' · ')}>
      <table className={`${tables.table} ${tables.flush} ${styles.tree}`}>
        <thead>
          <tr>
            <th>{columns.command}</th>
            <th className={styles.severity}>
              <span className={styles.hidden}>{words.events.columns.severity}</span>
            </th>
            <th className={`${styles.pid} ${tables.number}`}>{columns.pid}</th>
            {inside && <th className={`${styles.vpid} ${tables.number}`}>{columns.vpid}</th>}
            <th className={styles.user}>{columns.user}</th>
            <th className={`${styles.started} ${tables.number}`}>{columns.started}</th>
          </tr>
        </thead>
        <tbody>
          {tree.map((node, depth) => {
            const subject = depth === tree.length - 1;
            const entered =
              node.container_id !== '' && (tree[depth - 1]?.container_id ?? '') !== node.container_id;
            return (
              <tr
                key={`${node.pid}:${node.start_ms}`}
                data-subject={subject || undefined}
                data-entered={entered || undefined}
              >
                <td title={node.cmdline || node.exe || node.comm}>
                  <span className={styles.command}>
                    {depth > 0 && (
                      <span className={styles.branch} aria-hidden="true">
                        {`${' '.repeat(Math.min(depth - 1, MOST_INDENT) * 2)}└ `}
                      </span>
                    )}
                    <Link to="/explore" search={keepCommon({ sel: node.row })}>
                      {node.cmdline || node.exe || node.comm}
                    </Link>
                  </span>
                </td>
                <td className={styles.severity}>{subject && <SeverityText severity={event.severity} />}</td>
                <td className={tables.number}>{node.pid}</td>
                {inside && (
                  <td className={`${tables.number} ${styles.vpid}`}>
                    {node.container_id === '' ? '' : (node.vpid ?? UNKNOWN)}
                  </td>
                )}
                <td className={styles.user}>{node.user || UNKNOWN}</td>
                <td
                  className={`${tables.number} ${styles.started}`}
                  title={node.start_ms === null ? undefined : format.dateTimeMs(node.start_ms)}
                >
                  {started(node.start_ms)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
