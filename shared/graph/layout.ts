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

const BOX = { w: 240, h: 42 };
const SMALL = { w: 152, h: 34 };
const GAP = 12;
const PAD = 16;
const HEAD = 26;
const COLUMN_GAP = 120;
const TITLE_HEIGHT = 34;
/** Endpoints of one network stand in as many columns as keep the picture no taller than about this. */
const WANTED_HEIGHT = 900;

/**
 * Places the graph in three columns: load balancers, endpoints inside their network boxes, and
 * compartments beside their endpoints. A computed layout: physics takes 20 s on such graphs.
 */
export function layOut(
  nodes: readonly PlainNode[],
  edges: readonly PlainEdge[],
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

  const lbColumns = columnsFor(balancers.length, BOX.h);
  const lbWidth = balancers.length === 0 ? 0 : lbColumns * (BOX.w + GAP) - GAP;
  const endpointLeft = balancers.length === 0 ? 0 : lbWidth + COLUMN_GAP;
  const middle = placeNetworks(nodes, networks, endpointLeft, put);
  const missingBottom = placeMissing(missing, endpointLeft, middle.bottom, put);
  placeGrid(balancers, 0, TITLE_HEIGHT, lbColumns, put);
  const compartmentLeft = endpointLeft + middle.width + COLUMN_GAP;
  placeCompartments(compartments, edges, placed, compartmentLeft, put);

  const titles: PlainNode[] = [];
  const title = (id: string, label: string, left: number): void => {
    const node: PlainNode = { id, kind: 'column-title', label, tone: 'dim' };
    titles.push(node);
    put(node, left, 0, BOX.w, 20);
  };
  if (balancers.length > 0) title('title:lb', 'LOAD BALANCERS', 0);
  if (networks.length + missing.length > 0)
    title('title:ep', 'NETWORKS AND ENDPOINTS', endpointLeft);
  if (compartments.length > 0) title('title:co', 'COMPARTMENTS', compartmentLeft);

  const all = [...nodes, ...titles].flatMap((n) => placed.get(n.id) ?? []);
  const width = Math.max(0, ...all.map((n) => n.x + n.w / 2));
  const height = Math.max(missingBottom, 0, ...all.map((n) => n.y + n.h / 2));
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

function columnsFor(count: number, height: number): number {
  return Math.max(1, Math.min(6, Math.ceil((count * (height + GAP)) / WANTED_HEIGHT)));
}

/** Fills a grid column by column, keeping the order readable downwards. Gives its height. */
function placeGrid(
  items: readonly PlainNode[],
  left: number,
  top: number,
  columns: number,
  put: Put,
  size = BOX,
): number {
  const rows = Math.ceil(items.length / columns);
  items.forEach((node, i) => {
    const column = Math.floor(i / Math.max(rows, 1));
    const row = i % Math.max(rows, 1);
    put(node, left + column * (size.w + GAP), top + row * (size.h + GAP), size.w, size.h);
  });
  return rows === 0 ? 0 : rows * (size.h + GAP) - GAP;
}

/** Networks below one another, busiest first; inside each the local endpoints, then the remote group. */
function placeNetworks(
  nodes: readonly PlainNode[],
  networks: readonly PlainNode[],
  left: number,
  put: Put,
): { readonly width: number; readonly bottom: number } {
  const childrenOf = (id: string): PlainNode[] =>
    nodes.filter((n) => n.parent === id && n.kind !== 'remote-group');
  const size = (network: PlainNode): number => childrenOf(network.id).length;
  const ordered = [...networks].sort((a, b) => Number(size(b) > 0) - Number(size(a) > 0));
  let top = TITLE_HEIGHT;
  let width = 0;
  for (const network of ordered) {
    const local = childrenOf(network.id);
    const group = nodes.find((n) => n.kind === 'remote-group' && n.parent === network.id);
    const remote = group ? childrenOf(group.id) : [];
    const columns = columnsFor(local.length, BOX.h);
    const remoteColumns = Math.max(
      columns === 1 ? 1 : columns,
      columnsFor(remote.length, SMALL.h) > 1 ? 2 : 1,
    );
    const innerWidth = Math.max(
      columns * (BOX.w + GAP) - GAP,
      remote.length > 0 ? remoteColumns * (SMALL.w + GAP) - GAP + 2 * PAD : 0,
      BOX.w,
    );
    let y = top + HEAD + PAD / 2;
    if (local.length > 0) y += placeGrid(local, left + PAD, y, columns, put) + GAP;
    if (group) {
      const height = placeGrid(remote, left + 2 * PAD, y + HEAD, remoteColumns, put, SMALL);
      put(group, left + PAD, y, innerWidth, height + HEAD + PAD);
      y += height + HEAD + PAD + GAP;
    }
    const empty = local.length === 0 && remote.length === 0;
    const boxHeight = empty ? 48 : y - top + PAD - GAP;
    put(network, left, top, innerWidth + 2 * PAD, boxHeight);
    width = Math.max(width, innerWidth + 2 * PAD);
    top += boxHeight + PAD;
  }
  return { width: width === 0 ? BOX.w : width, bottom: top };
}

function placeMissing(missing: readonly PlainNode[], left: number, top: number, put: Put): number {
  const height = placeGrid(missing, left + PAD, top, columnsFor(missing.length, BOX.h), put);
  return missing.length === 0 ? 0 : top + height;
}

/** Each compartment at the height of its first endpoint, moved down where two would overlap. */
function placeCompartments(
  compartments: readonly PlainNode[],
  edges: readonly PlainEdge[],
  placed: ReadonlyMap<string, PlacedNode>,
  left: number,
  put: Put,
): void {
  const heightOf = (node: PlainNode): number => {
    const edge = edges.find((e) => e.target === node.id);
    return (edge && placed.get(edge.source)?.y) ?? 0;
  };
  const ordered = [...compartments].sort((a, b) => heightOf(a) - heightOf(b));
  const fits = ordered.length * (BOX.h + GAP) <= WANTED_HEIGHT * 1.5;
  if (!fits) {
    placeGrid(ordered, left, TITLE_HEIGHT, columnsFor(ordered.length, BOX.h), put);
    return;
  }
  let next = TITLE_HEIGHT;
  for (const node of ordered) {
    const top = Math.max(next, heightOf(node) - BOX.h / 2);
    put(node, left, top, BOX.w - 60, BOX.h);
    next = top + BOX.h + GAP;
  }
}
