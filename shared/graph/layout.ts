import type { PlainEdge, PlainNode } from './graph-model';

export interface PlacedNode extends PlainNode {
  /** Centre, px at 100 %. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface GraphView {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlainEdge[];
  readonly width: number;
  readonly height: number;
  readonly counts: string;
  readonly note?: string | undefined;
}

const HEIGHT = 42;
const GAP = 12;
const PAD = 16;
const HEAD = 26;
const TITLE_HEIGHT = 34;
/** Widths of the columns and of the room between them where there is much of it, and where little. */
const WIDE = { balancer: 240, endpoint: 240, compartment: 180, linksIn: 130, linksOut: 110 };
/** The word on a broken link still fits between the boxes. */
const NARROW = { balancer: 186, endpoint: 174, compartment: 126, linksIn: 104, linksOut: 48 };
type Widths = Readonly<typeof WIDE>;

/** Widths between narrow and wide that make the picture as wide as `room`. */
function widthsFor(room: number | undefined): Widths {
  if (room === undefined) return WIDE;
  const total = (w: Widths): number =>
    w.balancer + w.linksIn + w.endpoint + 2 * PAD + w.linksOut + w.compartment;
  const share = Math.max(0, Math.min(1, (room - total(NARROW)) / (total(WIDE) - total(NARROW))));
  const between = (key: keyof Widths): number =>
    Math.floor(NARROW[key] + (WIDE[key] - NARROW[key]) * share);
  return {
    balancer: between('balancer'),
    endpoint: between('endpoint'),
    compartment: between('compartment'),
    linksIn: between('linksIn'),
    linksOut: between('linksOut'),
  };
}

/**
 * Places the graph in three columns: load balancers, endpoints inside their network boxes, and
 * compartments beside their endpoints. One column each, so that no link passes behind a box as if
 * it led on from there. A computed layout: physics takes 20 s on such graphs.
 */
export function layOut(
  nodes: readonly PlainNode[],
  edges: readonly PlainEdge[],
  room: number | undefined,
  about: { readonly counts: string; readonly note?: string | undefined },
): GraphView {
  const placed = new Map<string, PlacedNode>();
  const put = (node: PlainNode, left: number, top: number, w: number, h: number): void => {
    placed.set(node.id, { ...node, x: left + w / 2, y: top + h / 2, w, h });
  };
  const balancers = nodes.filter(
    (n) => n.kind === 'load-balancer' || n.kind === 'load-balancer-group',
  );
  const networks = nodes.filter((n) => n.kind === 'network');
  const missing = nodes.filter((n) => n.kind === 'missing-endpoint');
  const compartments = nodes.filter((n) => n.kind === 'compartment');

  const widths = widthsFor(room);
  const endpointLeft = balancers.length === 0 ? 0 : widths.balancer + widths.linksIn;
  const bottom = placeNetworks(nodes, networks, endpointLeft, widths.endpoint, put);
  const missingHeight = placeColumn(missing, endpointLeft + PAD, bottom, widths.endpoint, put);
  placeColumn(balancers, 0, TITLE_HEIGHT, widths.balancer, put);
  const compartmentLeft = endpointLeft + widths.endpoint + 2 * PAD + widths.linksOut;
  placeCompartments(compartments, edges, placed, compartmentLeft, widths.compartment, put);

  const titles: PlainNode[] = [];
  const title = (id: string, label: string, left: number): void => {
    const node: PlainNode = { id, kind: 'column-title', label, tone: 'dim' };
    titles.push(node);
    put(node, left, 0, widths.compartment, 20);
  };
  if (balancers.length > 0) title('title:lb', 'LOAD BALANCERS', 0);
  if (networks.length + missing.length > 0)
    title('title:ep', 'NETWORKS AND ENDPOINTS', endpointLeft);
  if (compartments.length > 0) title('title:co', 'COMPARTMENTS', compartmentLeft);

  const all = [...nodes, ...titles].flatMap((n) => placed.get(n.id) ?? []);
  const width = Math.max(0, ...all.map((n) => n.x + n.w / 2));
  const height = Math.max(bottom + missingHeight, 0, ...all.map((n) => n.y + n.h / 2));
  const drawn = new Set(all.map((n) => n.id));
  return {
    nodes: all,
    edges: edges.filter((e) => drawn.has(e.source) && drawn.has(e.target)),
    width,
    height,
    counts: about.counts,
    note: about.note,
  };
}

type Put = (node: PlainNode, left: number, top: number, w: number, h: number) => void;

/** Below one another. Gives how high that is. */
function placeColumn(
  items: readonly PlainNode[],
  left: number,
  top: number,
  width: number,
  put: Put,
): number {
  items.forEach((node, at) => put(node, left, top + at * (HEIGHT + GAP), width, HEIGHT));
  return items.length === 0 ? 0 : items.length * (HEIGHT + GAP) - GAP;
}

/** Networks below one another, those with endpoints first; inside each the local ones, then the remote group. */
function placeNetworks(
  nodes: readonly PlainNode[],
  networks: readonly PlainNode[],
  left: number,
  width: number,
  put: Put,
): number {
  const childrenOf = (id: string): PlainNode[] =>
    nodes.filter((n) => n.parent === id && n.kind !== 'remote-group');
  const groupOf = (id: string): PlainNode | undefined =>
    nodes.find((n) => n.kind === 'remote-group' && n.parent === id);
  const isUsed = ({ id }: PlainNode): boolean =>
    childrenOf(id).length > 0 || groupOf(id) !== undefined;
  const ordered = [...networks].sort((a, b) => Number(isUsed(b)) - Number(isUsed(a)));
  let top = TITLE_HEIGHT;
  for (const network of ordered) {
    const group = groupOf(network.id);
    let y = top + HEAD + PAD / 2;
    const local = placeColumn(childrenOf(network.id), left + PAD, y, width, put);
    if (local > 0) y += local + GAP;
    if (group) {
      const inner = width - 2 * PAD;
      const height = placeColumn(childrenOf(group.id), left + 2 * PAD, y + HEAD, inner, put);
      put(group, left + PAD, y, width, height + HEAD + PAD);
      y += height + HEAD + PAD + GAP;
    }
    const boxHeight = isUsed(network) ? y - top + PAD - GAP : 40;
    put(network, left, top, width + 2 * PAD, boxHeight);
    top += boxHeight + PAD;
  }
  return top;
}

/** Each compartment at the height of its first endpoint, moved down where two would overlap. */
function placeCompartments(
  compartments: readonly PlainNode[],
  edges: readonly PlainEdge[],
  placed: ReadonlyMap<string, PlacedNode>,
  left: number,
  width: number,
  put: Put,
): void {
  const heights = new Map<string, number>();
  for (const { source, target } of edges) {
    const y = placed.get(source)?.y;
    if (y !== undefined && !heights.has(target)) heights.set(target, y);
  }
  const heightOf = (node: PlainNode): number => heights.get(node.id) ?? 0;
  let next = TITLE_HEIGHT;
  for (const node of [...compartments].sort((a, b) => heightOf(a) - heightOf(b))) {
    const top = Math.max(next, heightOf(node) - HEIGHT / 2);
    put(node, left, top, width, HEIGHT);
    next = top + HEIGHT + GAP;
  }
}
