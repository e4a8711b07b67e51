import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Layout, Point } from '../../domain/graph';

/** What of the drawing is seen: `k` screen pixels for one of the drawing, moved by `x` and `y`. */
export interface Viewport extends Point {
  k: number;
}

const LEAST = 0.15;
const MOST = 2.5;
const STEP = 1.25;

function clamp(k: number): number {
  return Math.max(LEAST, Math.min(MOST, k));
}

function fitting(layout: Layout, width: number, height: number): Viewport {
  // Never larger than it is drawn: text of 12 px stays that.
  const k = clamp(Math.min(1, width / layout.width, height / layout.height));
  return {
    k,
    x: Math.max(0, (width - layout.width * k) / 2),
    y: Math.max(0, (height - layout.height * k) / 2),
  };
}

/** Pan by dragging, zoom by wheel and buttons. Until the reader moves it, the whole drawing is shown. */
export function useViewport(svg: RefObject<SVGSVGElement | null>, layout: Layout | undefined) {
  const [view, setView] = useState<Viewport>({ x: 0, y: 0, k: 1 });
  const moved = useRef(false);

  const size = useCallback(() => {
    const box = svg.current?.getBoundingClientRect();
    return { width: box?.width ?? 0, height: box?.height ?? 0 };
  }, [svg]);

  const fit = useCallback(() => {
    const { width, height } = size();
    moved.current = false;
    if (layout && width > 0) setView(fitting(layout, width, height));
  }, [layout, size]);

  useLayoutEffect(() => {
    if (!moved.current) fit();
  }, [fit]);

  useEffect(() => {
    const it = svg.current;
    if (!it) return;
    const observer = new ResizeObserver(() => {
      if (!moved.current) fit();
    });
    observer.observe(it);
    return () => observer.disconnect();
  }, [svg, fit]);

  const zoom = useCallback(
    (factor: number, at?: Point) => {
      const { width, height } = size();
      const { x, y } = at ?? { x: width / 2, y: height / 2 };
      moved.current = true;
      setView((v) => {
        const k = clamp(v.k * factor);
        return { k, x: x - ((x - v.x) * k) / v.k, y: y - ((y - v.y) * k) / v.k };
      });
    },
    [size],
  );

  useEffect(() => {
    const it = svg.current;
    if (!it) return;
    // React's own listener is passive and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = it.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0015), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    it.addEventListener('wheel', onWheel, { passive: false });
    return () => it.removeEventListener('wheel', onWheel);
  }, [svg, zoom]);

  const pan = useCallback((dx: number, dy: number) => {
    moved.current = true;
    setView((v) => ({ ...v, x: v.x + dx, y: v.y + dy }));
  }, []);

  /** Brings a place into view if it is outside. */
  const reveal = useCallback(
    (place: Point) => {
      const { width, height } = size();
      setView((v) => {
        const [x, y] = [place.x * v.k + v.x, place.y * v.k + v.y];
        if (x > 80 && y > 30 && x < width - 80 && y < height - 30) return v;
        moved.current = true;
        return { ...v, x: width / 2 - place.x * v.k, y: height / 2 - place.y * v.k };
      });
    },
    [size],
  );

  return { view, fit, pan, reveal, zoomIn: () => zoom(STEP), zoomOut: () => zoom(1 / STEP) };
}
