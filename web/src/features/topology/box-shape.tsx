import { memo } from 'react';
import { middleCut } from '../../domain/format';
import type { Point } from '../../domain/graph';
import { heatOf } from '../../domain/heat';
import { isExternal, MARKS, metricText, metricValue, type TopologyNode } from '../../domain/topology';
import { useFormat } from '../../ui/i18n/words';
import { StatusShape } from '../../ui/status';
import { nameOf, placeOf } from './names';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

const NAME_LETTERS = 18;
const CPU_WIDTH = 64;

interface BoxShapeProps {
  node: TopologyNode;
  place: Point & { width: number; height: number };
  selected: boolean;
  found: boolean;
  /** Reached with Tab. */
  entry: boolean;
  dim: boolean;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
}

export const BoxShape = memo(function BoxShape(props: BoxShapeProps) {
  const { node, place, selected, found, entry, dim, onHover, onSelect, onFocus } = props;
  const words = useTopologyWords();
  const format = useFormat();
  const { width, height } = place;
  const name = nameOf(node, words);
  const where = placeOf(node, words);
  const busy = busyText(node, format);
  const cpu = node.cpu_percent == null ? undefined : `${words.cpu} ${format.percent(node.cpu_percent)} %`;
  const label = [`${words.kinds[node.kind]} ${name}`, where, words.statuses[node.status], busy, cpu];
  const open = () => onSelect(node.id);
  return (
    <g
      className={styles.box}
      role="button"
      tabIndex={entry ? 0 : -1}
      aria-label={label.filter((part) => part).join(', ')}
      aria-pressed={selected}
      data-box={node.id}
      data-kind={node.kind}
      data-status={node.status}
      data-outside={isExternal(node) || undefined}
      data-selected={selected || found || undefined}
      data-dim={dim || undefined}
      transform={`translate(${place.x - width / 2} ${place.y - height / 2})`}
      onPointerEnter={() => onHover(node.id)}
      onPointerLeave={() => onHover(undefined)}
      onClick={open}
      onDoubleClick={() => onFocus(node.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      <title>{[name, where].filter((part) => part).join(' · ')}</title>
      <rect width={width} height={height} rx="4" />
      <g transform="translate(10 11)">
        <StatusShape mark={MARKS[node.status]} />
      </g>
      <text x="26" y="20" className={styles.name}>
        {middleCut(name, NAME_LETTERS)}
      </text>
      <text x="10" y="38" className={styles.note}>
        {busy ?? (isExternal(node) ? words.outside : '')}
      </text>
      {cpu && (
        <g
          className={styles.cpu}
          data-heat={heatOf(node.cpu_percent)}
          transform={`translate(${width - CPU_WIDTH - 5} 27)`}
        >
          <rect width={CPU_WIDTH} height="16" rx="3" />
          <text x={CPU_WIDTH - 5} y="12" textAnchor="end">
            {cpu}
          </text>
        </g>
      )}
    </g>
  );
});

/** Requests that come, else those that go; where no protocol is known, connections. */
function busyText(node: TopologyNode, format: ReturnType<typeof useFormat>): string | undefined {
  for (const metric of ['rps', 'conn'] as const) {
    for (const traffic of [node.inbound, node.outbound]) {
      if ((metricValue(metric, traffic) ?? 0) > 0) return metricText(metric, traffic, format);
    }
  }
  return undefined;
}
