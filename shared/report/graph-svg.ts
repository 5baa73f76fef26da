import type { GraphView, PlacedNode } from '../graph/layout';
import { markup, type Markup } from './markup';

const MARGIN = 8;
/** Average widths in px of the report's 12 and 11 px text; names longer than their box are cut in the middle. */
const CHARACTER = 6.4;
const HEAD = 18;

/** The graph as inline SVG, for reading and paper: no scripts, colours from the report's style sheet. */
export function graphSvg(graph: GraphView): Markup {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const parents = new Set(graph.nodes.flatMap((node) => node.parent ?? []));
  const width = Math.ceil(graph.width + 2 * MARGIN);
  const height = Math.ceil(graph.height + 2 * MARGIN);
  const edges = graph.edges.flatMap((edge) => {
    const from = byId.get(edge.source);
    const to = byId.get(edge.target);
    if (from === undefined || to === undefined) return [];
    const x1 = from.x + from.w / 2;
    const x2 = to.x - to.w / 2;
    const middle = (x1 + x2) / 2;
    const label =
      edge.label === undefined
        ? undefined
        : markup`<text class="${edge.tone}" x="${round(middle)}" y="${round((from.y + to.y) / 2 - 4)}" text-anchor="middle">${edge.label}</text>`;
    return [
      markup`<path class="${edge.tone}" d="M${round(x1)} ${round(from.y)}C${round(middle)} ${round(from.y)} ${round(middle)} ${round(to.y)} ${round(x2)} ${round(to.y)}"/>${label}`,
    ];
  });
  // Boxes that hold others first, then lines, then what lies on both.
  const outer = graph.nodes.filter((node) => parents.has(node.id)).map((node) => box(node, true));
  const inner = graph.nodes.filter((node) => !parents.has(node.id)).map((node) => box(node, false));
  return markup`<svg viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" role="img" aria-label="HNS objects: ${graph.counts}">${outer}${edges}${inner}</svg>`;
}

const round = (n: number): number => Math.round(n * 10) / 10;

function box(node: PlacedNode, holdsOthers: boolean): Markup {
  const left = round(node.x - node.w / 2);
  const top = round(node.y - node.h / 2);
  if (node.kind === 'column-title')
    return markup`<text class="title" x="${left}" y="${top + 13}">${node.label}</text>`;
  const room = Math.max(4, Math.floor((node.w - 16) / CHARACTER));
  const single = node.sublabel === undefined || node.h < 2 * HEAD;
  const first = holdsOthers ? top + 17 : single ? round(node.y + 4) : round(node.y - 3);
  const sub =
    node.sublabel === undefined || (single && !holdsOthers)
      ? undefined
      : markup`<text class="sub" x="${left + (holdsOthers ? 8 + Math.min(node.label.length, room) * (CHARACTER + 0.6) + 12 : 8)}" y="${holdsOthers ? top + 17 : round(node.y + 12)}">${middleCut(node.sublabel, room)}</text>`;
  const title = `${node.label}${node.sublabel === undefined ? '' : `, ${node.sublabel}`}`;
  return markup`<g class="${holdsOthers ? 'group ' : ''}${node.tone}"><title>${title}</title><rect x="${left}" y="${top}" width="${round(node.w)}" height="${round(node.h)}" rx="4"/><text x="${left + 8}" y="${first}">${middleCut(node.label, room)}</text>${sub}</g>`;
}

function middleCut(text: string, room: number): string {
  if (text.length <= room) return text;
  const keep = Math.max(1, Math.floor((room - 1) / 2));
  return `${text.slice(0, keep)}…${text.slice(-keep)}`;
}
