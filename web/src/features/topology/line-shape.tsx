import { memo } from 'react';
import type { Way } from '../../domain/graph';
import { MARKS, type Metric, metricText, type TopologyEdge } from '../../domain/topology';
import { useFormat } from '../../ui/i18n/words';
import { StatusShape } from '../../ui/status';
import styles from './topology.module.css';

interface LineShapeProps {
  edge: TopologyEdge;
  line: Way;
  metric: Metric;
  width: number;
  selected: boolean;
  dim: boolean;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string) => void;
}

const LETTER_PX = 6.6;

/** An edge: its way with an arrow at the server, and the metric where there is room for it. */
export const LineShape = memo(function LineShape(props: LineShapeProps) {
  const { edge, line, metric, width, selected, dim, onHover, onSelect } = props;
  const format = useFormat();
  const { path, end } = line;
  const text = metricText(metric, edge.traffic, format) ?? '';
  const bad = edge.status === 'critical' || edge.status === 'warning';
  const wide = text.length * LETTER_PX + (bad ? 16 : 4);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard edges are opened from the list and the drawer
    <g
      className={styles.line}
      data-status={edge.status}
      data-selected={selected || undefined}
      data-dim={dim || undefined}
      onPointerEnter={() => onHover(edge.id)}
      onPointerLeave={() => onHover(undefined)}
      onClick={() => onSelect(edge.id)}
    >
      <path className={styles.grip} d={path} />
      <path d={path} strokeWidth={width} />
      <path
        className={styles.arrow}
        d="M0 0L-8 -4V4Z"
        transform={`translate(${end.x} ${end.y}) rotate(${end.angle})`}
      />
      {(text !== '' || bad) && (
        <g transform={`translate(${line.label.x - wide / 2} ${line.label.y - 8})`}>
          <rect width={wide} height="16" rx="3" />
          {bad && (
            <g transform="translate(2 3)">
              <StatusShape mark={MARKS[edge.status]} />
            </g>
          )}
          <text x={bad ? 15 : 2} y="12">
            {text}
          </text>
        </g>
      )}
    </g>
  );
});
