import { hnsGraph } from '../../../shared/graph/hns-graph';
import type { GraphRequest } from '../../../shared/graph/graph-model';
import type { GraphView } from '../../../shared/graph/layout';
import type { ViewContext } from '../../../shared/inspect/view-context';
import type { GraphPage } from '../../../shared/ipc/graph-schemas';
import { PAGE_BYTES } from './handler';

/** Where a graph does not fit a page, objects are folded from fewer on. */
const FOLD_ABOVE = [undefined, 20, 6] as const;

/**
 * The graph as far as one page holds it. Of the groups that were opened the last stay open; then
 * more is folded; at last healthy links are left out. What was done is said in the note.
 */
export function graphPage(context: ViewContext, request: GraphRequest): GraphPage {
  const opened = request.expanded.length;
  const withLast = (groups: number, foldAbove?: number): GraphPage =>
    pageOf(
      hnsGraph(context, {
        ...request,
        foldAbove,
        expanded: lastOpened(request.expanded, groups),
      }),
    );
  let page = withLast(opened);
  if (fits(page)) return page;
  for (const foldAbove of FOLD_ABOVE) {
    page = withLast(0, foldAbove);
    if (!fits(page)) continue;
    // The most groups that fit, by halves.
    let [fit, tooMany] = [0, opened];
    while (tooMany - fit > 1) {
      const middle = Math.floor((fit + tooMany) / 2);
      const next = withLast(middle, foldAbove);
      if (fits(next)) [fit, page] = [middle, next];
      else tooMany = middle;
    }
    if (opened > fit) {
      const many = opened - fit;
      return noted(
        page,
        `${many} group${many === 1 ? '' : 's'} opened before closed again: the picture was too large`,
      );
    }
    return page;
  }
  return withFewerLinks(page);
}

/** The groups opened last, with those that they came out of. */
function lastOpened(expanded: readonly string[], groups: number): readonly string[] {
  const last = expanded.slice(expanded.length - groups);
  return expanded.filter((id) => last.some((each) => each === id || each.startsWith(`${id}:`)));
}

function pageOf(view: GraphView): GraphPage {
  const place = new Map(view.nodes.map(({ id }, at) => [id, at]));
  return {
    nodes: view.nodes.map(({ parent: _parent, ...node }) => ({
      ...node,
      x: Math.round(node.x),
      y: Math.round(node.y),
    })),
    edges: view.edges.map(({ source, target, tone, label }) => ({
      source: place.get(source) ?? 0,
      target: place.get(target) ?? 0,
      ...(tone === 'none' ? {} : { tone }),
      ...(label === undefined ? {} : { label }),
    })),
    width: view.width,
    height: view.height,
    counts: view.counts,
    ...(view.note === undefined ? {} : { note: view.note }),
  };
}

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
const fits = (page: GraphPage): boolean => sizeOf(page) <= PAGE_BYTES;

const noted = (page: GraphPage, note: string): GraphPage => ({
  ...page,
  note: page.note === undefined ? note : `${note}. ${page.note}`,
});

/** Broken links first, then as many of the others as there is room for. */
function withFewerLinks(page: GraphPage): GraphPage {
  let room = PAGE_BYTES - sizeOf({ ...page, edges: [] }) - 200;
  const edges: GraphPage['edges'] = [];
  const rank = ({ tone }: GraphPage['edges'][number]): number => (tone === undefined ? 1 : 0);
  for (const edge of [...page.edges].sort((a, b) => rank(a) - rank(b))) {
    room -= sizeOf(edge) + 1;
    if (room < 0) break;
    edges.push(edge);
  }
  const left = (page.edges.length - edges.length).toLocaleString('en-US');
  return noted({ ...page, edges }, `${left} links are not drawn`);
}
