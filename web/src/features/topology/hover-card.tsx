import type { TopologyMap } from '../../domain/topology';
import facts from '../../ui/facts.module.css';
import { useFormat } from '../../ui/i18n/words';
import { figuresOf } from './figures';
import { nameOf, placeOf, portText } from './names';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

/** What is under the pointer, in full. */
export function HoverCard({
  map,
  id,
  side,
}: {
  map: TopologyMap;
  id: string | undefined;
  side: 'left' | 'right';
}) {
  const words = useTopologyWords();
  const format = useFormat();
  const name = (box: string) => {
    const node = map.nodes.find((n) => n.id === box);
    return node ? nameOf(node, words) : box;
  };
  const edge = map.edges.find((e) => e.id === id);
  const node = map.nodes.find((n) => n.id === id);
  if (!edge && !node) return null;
  const title = edge ? `${name(edge.from)} → ${name(edge.to)}${portText(edge)}` : nameOf(node!, words);
  const note = edge ? edge.protocol : placeOf(node!, words);
  const traffic = edge ? edge.traffic : node!.inbound;
  return (
    <div className={styles.card} data-side={side}>
      <b>{title}</b> <span>{note}</span>
      <dl className={facts.facts}>
        {figuresOf(traffic, words, format).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
