import type { TopologyMap as Answer } from '../../api/topology';
import type { TopologyMap } from '../../domain/topology';
import { useFormat } from '../../ui/i18n/words';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

interface FootBarProps {
  data: Answer;
  /** What is shown of it. */
  map: TopologyMap;
  busy: boolean;
}

/** How much is shown, how much is not, and of which time. */
export function FootBar({ data, map, busy }: FootBarProps) {
  const words = useTopologyWords();
  const format = useFormat();
  const { folded, observed } = data;
  const together = folded.others + folded.clients;
  const left = folded.filtered + data.nodes.length - map.nodes.length;
  const parts = [words.shown(map.nodes.length, map.edges.length)];
  if (together > 0) parts.push(words.folded(together));
  if (left > 0) parts.push(words.filtered(left));
  if (observed) parts.push(words.observed(format.dayTime(observed.from_ms), format.dayTime(observed.to_ms)));
  parts.push(words.step(format.span(data.step_ms)));
  return (
    <footer className={styles.foot} aria-busy={busy}>
      {parts.join(' · ')}
    </footer>
  );
}
