import { BackendEdges } from './backend-edges';
import type { HnsEndpoint } from '../model/hns';
import { compareIpText } from '../model/ip';
import { shortGuid } from '../model/ids';
import { toneOf, type ViewContext } from '../inspect/view-context';
import {
  compartmentRef,
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  networkRef,
} from '../snapshot/entity-ref';
import type { GraphRequest, PlainEdge, PlainNode } from './graph-model';
import { eachBox, foldEndpoints, foldLoadBalancers, type Fold } from './folding';
import { layOut, type GraphView } from './layout';
import { isBad, networkKey, pick, serviceName, type Picked } from './pick-objects';

/**
 * The HNS graph: load balancer -> endpoint -> compartment, read left to right like a sentence.
 * Endpoints stand inside their network, remote ones grouped. Nodes and edges only; `layout.ts`
 * places them. Many objects of one kind are folded into groups that say how many.
 */

/** Above this many objects of one kind, healthy ones are folded into groups. */
const FOLD_ABOVE = 40;
/** So few broken ones, or healthy ones among many broken, stand alone. */
const FEW = 12;
/** Networks without endpoints, each in a box of its own. */
const EMPTY_NETWORKS = 12;

/** Builds the graph of a snapshot for a request, placed. Deterministic: equal input, equal picture. */
export function hnsGraph(context: ViewContext, request: GraphRequest): GraphView {
  const { snapshot } = context;
  const picked = pick(context, request);
  const nodes: PlainNode[] = [];
  const place = new Map<string, string>();

  addNetworks(context, picked, nodes);
  addEndpoints(context, request, picked, nodes, place);
  const edges = addLoadBalancers(context, request, picked, nodes, place);
  addCompartments(context, picked, nodes, edges, place);

  const folded = nodes.some((n) => (n.count ?? 0) > 0);
  const hidden =
    snapshot.endpoints.length +
    snapshot.loadBalancers.length -
    picked.endpoints.length -
    picked.loadBalancers.length;
  return layOut(nodes, edges, request.room, {
    counts: countsText(context),
    note: noteOf(folded, hidden),
  });
}

function countsText(context: ViewContext): string {
  const { networks, endpoints, loadBalancers } = context.snapshot;
  const many = (n: number, word: string): string =>
    `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;
  return [
    many(networks.length, 'network'),
    many(endpoints.length, 'endpoint'),
    many(loadBalancers.length, 'load balancer'),
  ].join(' · ');
}

function noteOf(folded: boolean, hidden: number): string | undefined {
  const parts = [
    folded ? 'Groups hold several objects; open one to see them' : '',
    hidden > 0 ? `${hidden.toLocaleString('en-US')} objects are filtered away` : '',
  ].filter((p) => p !== '');
  return parts.length === 0 ? undefined : parts.join('. ');
}

function addNetworks(context: ViewContext, picked: Picked, nodes: PlainNode[]): void {
  const used = new Set(picked.endpoints.map((endpoint) => networkKey(context, endpoint)));
  const empty = picked.networks.filter(({ id }) => !used.has(id));
  const untold = new Set(empty.slice(EMPTY_NETWORKS));
  if (untold.size > 0) {
    nodes.push({
      id: 'network:others',
      kind: 'network',
      label: `${untold.size} more networks`,
      sublabel: 'without endpoints',
      tone: 'none',
      count: untold.size,
    });
  }
  for (const network of picked.networks) {
    if (untold.has(network)) continue;
    const ref = networkRef(network);
    const subnet = network.subnets.map((s) => s.prefix).join(', ');
    nodes.push({
      id: `network:${network.id}`,
      kind: 'network',
      label: network.name ?? shortGuid(network.id),
      sublabel: [network.type, subnet].filter((p) => p !== undefined && p !== '').join(' '),
      ref,
      tone: toneOf(context, ref) ?? 'none',
    });
  }
  const known = new Set(picked.networks.map((n) => n.id));
  for (const endpoint of picked.endpoints) {
    const key = networkKey(context, endpoint);
    if (known.has(key)) continue;
    known.add(key);
    const name = key === 'unknown' ? 'network not known' : (endpoint.networkName ?? key);
    nodes.push({
      id: `network:${key}`,
      kind: 'network',
      label: name,
      sublabel: 'not in the list of networks',
      tone: 'dim',
    });
  }
}

/** Endpoints in their networks; remote ones in a group of their own. `place` maps endpoint id to the node that stands for it. */
function addEndpoints(
  context: ViewContext,
  request: GraphRequest,
  picked: Picked,
  nodes: PlainNode[],
  place: Map<string, string>,
): void {
  const byNetwork = new Map<string, HnsEndpoint[]>();
  for (const endpoint of picked.endpoints) {
    const key = networkKey(context, endpoint);
    byNetwork.set(key, [...(byNetwork.get(key) ?? []), endpoint]);
  }
  for (const [key, endpoints] of byNetwork) {
    const sorted = [...endpoints].sort((a, b) =>
      compareIpText(a.ipAddresses[0] ?? '', b.ipAddresses[0] ?? ''),
    );
    const local = sorted.filter((e) => e.isRemote !== true);
    const remote = sorted.filter((e) => e.isRemote === true);
    addEndpointBoxes(
      context,
      request,
      local,
      `network:${key}`,
      `endpoints:${key}`,
      'endpoint',
      nodes,
      place,
    );
    if (remote.length === 0) continue;
    const group = `remote:${key}`;
    nodes.push({
      id: group,
      kind: 'remote-group',
      label: 'remote',
      sublabel: `${remote.length} on other nodes`,
      parent: `network:${key}`,
      tone: 'none',
    });
    addEndpointBoxes(
      context,
      request,
      remote,
      group,
      `remotes:${key}`,
      'remote-endpoint',
      nodes,
      place,
    );
  }
}

/**
 * Adds objects of one kind one by one, or, where they are many, in folds: what is broken and what is
 * not in folds of their own. What is selected stands alone.
 */
function addFolding<T>(
  items: readonly T[],
  request: GraphRequest,
  how: {
    readonly prefix: string;
    readonly tone: (item: T) => 'error' | 'warning' | undefined;
    readonly isFocus: (item: T) => boolean;
    readonly fold: (items: readonly T[], prefix: string) => Fold<T>[];
    readonly add: (item: T) => void;
    readonly addFold: (fold: Fold<T>, tone: 'error' | 'warning' | undefined) => void;
  },
): void {
  if (items.length <= (request.foldAbove ?? FOLD_ABOVE)) {
    items.forEach(how.add);
    return;
  }
  const expanded = new Set(request.expanded);
  const rest = items.filter((item) => !how.isFocus(item));
  items.filter(how.isFocus).forEach(how.add);
  for (const tone of ['error', 'warning', undefined] as const) {
    const some = rest.filter((item) => how.tone(item) === tone);
    if (some.length <= FEW) some.forEach(how.add);
    else {
      eachBox(how.fold(some, `${how.prefix}${tone ?? ''}`), expanded, how.add, (fold) =>
        how.addFold(fold, tone),
      );
    }
  }
}

function addEndpointBoxes(
  context: ViewContext,
  request: GraphRequest,
  endpoints: readonly HnsEndpoint[],
  parent: string,
  prefix: string,
  kind: 'endpoint' | 'remote-endpoint',
  nodes: PlainNode[],
  place: Map<string, string>,
): void {
  const healthy = kind === 'endpoint' ? 'ok' : 'none';
  const tone = (endpoint: HnsEndpoint) => toneOf(context, endpointRef(endpoint));
  addFolding(endpoints, request, {
    prefix,
    tone,
    isFocus: ({ id }) => request.focus?.kind === 'endpoint' && request.focus.id === id,
    fold: (some, name) => foldEndpoints(context, some, name),
    add: (endpoint) => {
      const pod = context.snapshot.links.podOf.get(endpoint);
      const id = `endpoint:${endpoint.id}`;
      place.set(endpoint.id, id);
      nodes.push({
        id,
        kind,
        label: endpoint.ipAddresses[0] ?? endpoint.name ?? shortGuid(endpoint.id),
        sublabel: pod?.name ?? endpoint.name ?? shortGuid(endpoint.id),
        parent,
        ref: endpointRef(endpoint),
        tone: tone(endpoint) ?? healthy,
      });
    },
    addFold: (fold, worst) => {
      for (const endpoint of fold.items) place.set(endpoint.id, fold.id);
      nodes.push({
        id: fold.id,
        kind: 'endpoint-group',
        label: fold.label,
        sublabel: fold.sublabel,
        parent,
        tone: worst ?? healthy,
        count: fold.items.length,
      });
    },
  });
}

function addLoadBalancers(
  context: ViewContext,
  request: GraphRequest,
  picked: Picked,
  nodes: PlainNode[],
  place: Map<string, string>,
): PlainEdge[] {
  const sorted = [...picked.loadBalancers].sort(
    (a, b) =>
      compareIpText(a.vips[0] ?? '', b.vips[0] ?? '') ||
      (a.ports[0]?.externalPort ?? 0) - (b.ports[0]?.externalPort ?? 0),
  );
  const edges = new BackendEdges(context, sorted, place, nodes);
  addFolding(sorted, request, {
    prefix: 'load-balancers',
    tone: (lb) =>
      toneOf(context, loadBalancerRef(lb)) ?? (isBad(context, lb) ? 'error' : undefined),
    isFocus: ({ id }) => request.focus?.kind === 'load-balancer' && request.focus.id === id,
    fold: (some, name) => foldLoadBalancers(context, some, name),
    add: (lb) => {
      const ref = loadBalancerRef(lb);
      const id = `lb:${lb.id}`;
      nodes.push({
        id,
        kind: 'load-balancer',
        label: loadBalancerName(lb),
        sublabel: [serviceName(context, lb), shortGuid(lb.id)]
          .filter((p) => p !== undefined)
          .join(' · '),
        ref,
        tone: toneOf(context, ref) ?? 'none',
      });
      edges.add(lb, id);
    },
    addFold: (fold, worst) => {
      nodes.push({
        id: fold.id,
        kind: 'load-balancer-group',
        label: fold.label,
        sublabel: fold.sublabel,
        tone: worst ?? 'none',
        count: fold.items.length,
      });
      for (const lb of fold.items) edges.add(lb, fold.id);
    },
  });
  return edges.all;
}

function addCompartments(
  context: ViewContext,
  picked: Picked,
  nodes: PlainNode[],
  edges: PlainEdge[],
  place: ReadonlyMap<string, string>,
): void {
  const { links } = context.snapshot;
  const added = new Set<string>();
  for (const endpoint of picked.endpoints) {
    const source = place.get(endpoint.id);
    const where = links.adapterOf.get(endpoint);
    const compartmentId =
      where?.compartment.id ??
      endpoint.compartmentId ??
      links.namespaceOf.get(endpoint)?.compartmentId;
    if (
      source === undefined ||
      !source.startsWith('endpoint:') ||
      compartmentId === undefined ||
      endpoint.isRemote === true
    )
      continue;
    const id = `compartment:${compartmentId}`;
    if (!added.has(id)) {
      added.add(id);
      const ref = where ? compartmentRef(where.compartment) : undefined;
      const pause = links.containersOf.get(endpoint)?.find((c) => c.isPause);
      const owner = pause?.id ?? endpoint.sharedContainers[0];
      nodes.push({
        id,
        kind: 'compartment',
        label: `compartment ${compartmentId}`,
        sublabel:
          compartmentId === 1
            ? 'host'
            : owner === undefined
              ? undefined
              : `pause ${owner.slice(0, 8)}`,
        ref,
        tone: (ref && toneOf(context, ref)) ?? 'none',
      });
    }
    edges.push({ id: `${source}>${id}`, source, target: id, tone: 'none' });
  }
}
