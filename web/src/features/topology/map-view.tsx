import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { type Direction, type Graph, nearest } from '../../domain/graph';
import { groupOf, metricText, type TopologyMap } from '../../domain/topology';
import type { TopologyState } from '../../domain/topology-state';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Failed, Skeleton } from '../../ui/states';
import { Drawing } from './drawing';
import { HoverCard } from './hover-card';
import { Legend } from './legend';
import styles from './topology.module.css';
import { useLayout } from './use-layout';
import { useViewport } from './use-viewport';
import { useTopologyWords } from './words';

const BOX = { width: 184, height: 48 };
/** Wide enough for text of 12 px. */
const LETTER_PX = 7;
const DRAG_PX = 3;

const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

interface MapViewProps {
  map: TopologyMap;
  state: TopologyState;
  /** The box that the reader looks for. */
  found: string | undefined;
  hovered: string | undefined;
  onHover: (id: string | undefined) => void;
  onSelect: (id: string | undefined) => void;
  onFocus: (id: string) => void;
}

/** The map: drawn by a layout from a worker, dragged, zoomed, and walked with arrow keys. */
export function MapView({ map, state, found, hovered, onHover, onSelect, onFocus }: MapViewProps) {
  const words = useTopologyWords();
  const svg = useRef<SVGSVGElement>(null);
  const graph = useGraph(map, state);
  const { layout, failed } = useLayout(graph);
  const { view, fit, pan, reveal, zoomIn, zoomOut } = useViewport(svg, layout);
  const drag = useDrag(pan);
  const lookAt = useEffectEvent((id: string) => {
    const place = layout?.boxes[id];
    if (place) reveal(place);
  });
  useEffect(() => {
    if (found !== undefined) lookAt(found);
  }, [found]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const own = { '+': zoomIn, '=': zoomIn, '-': zoomOut, '0': fit }[event.key];
    const direction = ARROWS[event.key];
    if (own) own();
    else if (direction && layout) {
      const here = (event.target as Element).closest<SVGElement>('[data-box]')?.dataset.box;
      const next = here === undefined ? Object.keys(layout.boxes)[0] : nearest(layout, here, direction);
      if (next === undefined) return;
      svg.current?.querySelector<SVGElement>(`[data-box="${CSS.escape(next)}"]`)?.focus();
      lookAt(next);
    } else return;
    event.preventDefault();
  };

  /** The card stands where what it tells of does not. */
  const sideOf = (id: string | undefined) => {
    const x = id === undefined ? undefined : (layout?.boxes[id]?.x ?? layout?.lines[id]?.label.x);
    const middle = (svg.current?.clientWidth ?? 0) / 2;
    return x !== undefined && x * view.k + view.x > middle ? 'left' : 'right';
  };

  const problem = failed && <Failed error={failed} />;
  return (
    <div className={styles.canvas}>
      {problem}
      {!layout && !failed && <Skeleton rows={8} inset />}
      <svg
        ref={svg}
        className={styles.map}
        role="group"
        aria-label={words.mapLabel(map.nodes.length, map.edges.length)}
        aria-description={words.mapHelp}
        onKeyDown={onKeyDown}
        {...drag}
      >
        {layout && (
          <g transform={`translate(${view.x} ${view.y}) scale(${view.k})`}>
            <Drawing
              map={map}
              layout={layout}
              metric={state.metric}
              level={state.level}
              selected={state.selected}
              found={found}
              hovered={hovered}
              onHover={onHover}
              onSelect={onSelect}
              onFocus={onFocus}
            />
          </g>
        )}
      </svg>
      <HoverCard map={map} id={hovered} side={sideOf(hovered)} />
      <Legend metric={words.metrics[state.metric]} />
      <div className={styles.zoom}>
        <button
          type="button"
          className={controls.icon}
          aria-label={words.zoomOut}
          title={`${words.zoomOut} (-)`}
          onClick={zoomOut}
        >
          −
        </button>
        <span>{Math.round(view.k * 100)} %</span>
        <button
          type="button"
          className={controls.icon}
          aria-label={words.zoomIn}
          title={`${words.zoomIn} (+)`}
          onClick={zoomIn}
        >
          +
        </button>
        <button
          type="button"
          className={controls.icon}
          aria-label={words.fit}
          title={`${words.fit} (0)`}
          onClick={fit}
        >
          <Icon name="target" size={14} />
        </button>
      </div>
    </div>
  );
}

function useGraph(map: TopologyMap, { level, metric }: TopologyState): Graph {
  const format = useFormat();
  return useMemo(() => {
    const hosts = new Set(map.nodes.map((n) => n.node).filter((n) => n != null)).size;
    return {
      boxes: map.nodes.map((n) => ({ id: n.id, ...BOX, group: groupOf(n, level, hosts) })),
      lines: map.edges.map(({ id, from, to, traffic }) => ({
        id,
        from,
        to,
        labelWidth: Math.max(40, (metricText(metric, traffic, format)?.length ?? 0) * LETTER_PX),
      })),
    };
  }, [map, level, metric, format]);
}

/** Moves the drawing with the pointer; a press that does not move is a click and not ours. */
function useDrag(pan: (dx: number, dy: number) => void) {
  const grip = useRef<{ x: number; y: number; moved: boolean }>(undefined);
  const end = () => {
    grip.current = undefined;
  };
  return {
    onPointerDown: (event: React.PointerEvent<SVGSVGElement>) => {
      if (event.button === 0) grip.current = { x: event.clientX, y: event.clientY, moved: false };
    },
    onPointerMove: (event: React.PointerEvent<SVGSVGElement>) => {
      const it = grip.current;
      if (!it) return;
      const [dx, dy] = [event.clientX - it.x, event.clientY - it.y];
      if (!it.moved && Math.hypot(dx, dy) < DRAG_PX) return;
      // Only now: a captured pointer would take the click from the box under it.
      if (!it.moved) event.currentTarget.setPointerCapture(event.pointerId);
      grip.current = { x: event.clientX, y: event.clientY, moved: true };
      pan(dx, dy);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
