import type { GraphPage } from '../../shared/ipc/graph-schemas';

/** A link of the graph, between nodes by their ids. */
interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly tone: 'error' | 'warning' | 'none' | 'dim';
  readonly label: string | undefined;
}

/** The graph as the views draw it. */
export interface GraphView extends Omit<GraphPage, 'edges'> {
  readonly edges: readonly GraphEdge[];
}

/** Links of a page name their ends by places in its list of nodes; the views want ids. */
export function graphViewOf(page: GraphPage): GraphView {
  const idAt = (at: number): string => page.nodes[at]?.id ?? '';
  return {
    ...page,
    edges: page.edges.map(({ source, target, tone, label }) => ({
      id: `${idAt(source)}>${idAt(target)}`,
      source: idAt(source),
      target: idAt(target),
      tone: tone ?? 'none',
      label,
    })),
  };
}
