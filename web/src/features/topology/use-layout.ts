import { useEffect, useMemo, useRef, useState } from 'react';
import { type Graph, type Layout, shapeOf } from '../../domain/graph';

interface Answer {
  number: number;
  layout: Layout;
}

/**
 * Where the graph's boxes stand. As long as its shape is the same nothing moves; when it changes, the
 * layout before stays until there is the next one.
 */
export function useLayout(graph: Graph | undefined): {
  layout: Layout | undefined;
  failed: Error | undefined;
} {
  const [layout, setLayout] = useState<Layout>();
  const [failed, setFailed] = useState<Error>();
  const before = useRef<Layout>(undefined);
  const worker = useRef<Worker>(undefined);
  const asked = useRef(0);
  const shape = useMemo(() => (graph ? shapeOf(graph) : undefined), [graph]);

  useEffect(() => {
    const own = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
    own.onmessage = ({ data }: MessageEvent<Answer>) => {
      // An answer to an older question is of a graph that is no longer shown.
      if (data.number !== asked.current) return;
      before.current = data.layout;
      setLayout(data.layout);
      setFailed(undefined);
    };
    own.onerror = (event) => setFailed(new Error(event.message || 'layout'));
    worker.current = own;
    return () => own.terminate();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: numbers on a graph change, its shape decides
  useEffect(() => {
    if (!graph) return;
    asked.current += 1;
    worker.current?.postMessage({ number: asked.current, graph, before: before.current });
  }, [shape]);

  return { layout, failed };
}
