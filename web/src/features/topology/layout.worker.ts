/** Lays graphs out away from the page: a hundred boxes take up to a second. */
import type { Graph, Layout } from '../../domain/graph';
import { layoutOf } from '../../domain/graph-layout';

interface Question {
  number: number;
  graph: Graph;
  before: Layout | undefined;
}

addEventListener('message', (event: MessageEvent<Question>) => {
  const { number, graph, before } = event.data;
  postMessage({ number, layout: layoutOf(graph, before) });
});
