import { shortContainerId } from '../../domain/format';
import type { Point } from '../../domain/graph';
import type { TopologyNode } from '../../domain/topology';
import styles from './topology.module.css';

interface GroupShapeProps {
  /** `container:NODE:ID` or `host:NODE`. */
  id: string;
  place: Point & { width: number; height: number };
  nodes: readonly TopologyNode[];
}

/** The container, or the host, around its boxes. */
export function GroupShape({ id, place, nodes }: GroupShapeProps) {
  const { x, y, width, height } = place;
  const [kind, host] = id.split(':');
  const containerId = kind === 'container' ? id.slice(id.lastIndexOf(':') + 1) : undefined;
  const name =
    containerId === undefined
      ? host
      : (nodes.find((n) => n.container_id === containerId)?.container ?? shortContainerId(containerId));
  return (
    <g className={styles.group} transform={`translate(${x - width / 2} ${y - height / 2})`}>
      <rect width={width} height={height} rx="6" />
      <text x="10" y="18">
        {name}
      </text>
    </g>
  );
}
