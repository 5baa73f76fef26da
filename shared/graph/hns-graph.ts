import type { HnsEndpoint, HnsLoadBalancer } from '../model/hns';
import { compareIpText } from '../model/ip';
import { shortGuid } from '../model/ids';
import { dipCoverage } from '../inspect/load-balancer-coverage';
import { toneOf, type ViewContext } from '../inspect/view-context';
import {
  compartmentRef,
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  networkRef,
} from '../snapshot/entity-ref';
import type { GraphRequest, PlainEdge, PlainNode } from './graph-model';
import { foldEndpoints, foldLoadBalancers, type Fold } from './folding';
import { layOut, type GraphView } from './layout';
import { endpointsKnown, isBad, networkKey, pick, serviceName, type Picked } from './pick-objects';

/**
 * The HNS graph: load balancer -> endpoint -> compartment, read left to right like a sentence.
 * Endpoints stand inside their network, remote ones grouped. Nodes and edges only; `layout.ts`
 * places them. Beyond `MAX_ELEMENTS` objects of one kind are folded into groups that say how many.
 */

/** Above this many objects of one kind, healthy ones are folded into groups. */
const FOLD_ABOVE = 40;
/** And never more than this many in all (canvas drawing stays smooth). */
export const MAX_ELEMENTS = 1500;

/** Builds the graph of a snapshot for a request, placed. Deterministic: equal input, equal picture. */
export function hnsGraph(context: ViewContext, request: GraphRequest): GraphView {
  const { snapshot } = context;
  const picked = pick(context, request);
  const nodes: PlainNode[] = [];
  const edges: PlainEdge[] = [];
  const place = new Map<string, string>();

  addNetworks(context, picked, nodes);
  addEndpoints(context, request, picked, nodes, place);
  addLoadBalancers(context, request, picked, nodes, edges, place);
  addCompartments(context, picked, nodes, edges, place);

  const limited =
    nodes.length + edges.length > MAX_ELEMENTS
      ? edges.slice(0, Math.max(0, MAX_ELEMENTS - nodes.length))
      : edges;
  const folded = nodes.some((n) => (n.count ?? 0) > 0);
  const hidden =
    snapshot.endpoints.length +
    snapshot.loadBalancers.length -
    picked.endpoints.length -
    picked.loadBalancers.length;
  return layOut(nodes, limited, {
    counts: countsText(context),
    note: noteOf(folded, hidden, edges.length - limited.length),
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

function noteOf(folded: boolean, hidden: number, edgesLeftOut: number): string | undefined {
  const parts = [
    folded ? 'Groups hold several objects; open one to see them' : '',
    hidden > 0 ? `${hidden.toLocaleString('en-US')} objects are filtered away` : '',
    edgesLeftOut > 0 ? `${edgesLeftOut.toLocaleString('en-US')} links are not drawn` : '',
  ].filter((p) => p !== '');
  return parts.length === 0 ? undefined : parts.join('. ');
}

function addNetworks(context: ViewContext, picked: Picked, nodes: PlainNode[]): void {
  for (const network of picked.networks) {
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
    foldOrAdd(
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
    foldOrAdd(context, request, remote, group, `remotes:${key}`, 'remote-endpoint', nodes, place);
  }
}

/** Adds endpoints one by one, or, when they are many, in folds; what is broken or selected stands alone. */
function foldOrAdd(
  context: ViewContext,
  request: GraphRequest,
  endpoints: readonly HnsEndpoint[],
  parent: string,
  prefix: string,
  kind: 'endpoint' | 'remote-endpoint',
  nodes: PlainNode[],
  place: Map<string, string>,
): void {
  const add = (endpoint: HnsEndpoint): void => {
    const ref = endpointRef(endpoint);
    const pod = context.snapshot.links.podOf.get(endpoint);
    const id = `endpoint:${endpoint.id}`;
    place.set(endpoint.id, id);
    nodes.push({
      id,
      kind,
      label: endpoint.ipAddresses[0] ?? endpoint.name ?? shortGuid(endpoint.id),
      sublabel: pod?.name ?? endpoint.name ?? shortGuid(endpoint.id),
      parent,
      ref,
      tone: toneOf(context, ref) ?? (kind === 'endpoint' ? 'ok' : 'none'),
    });
  };
  if (endpoints.length <= FOLD_ABOVE) {
    endpoints.forEach(add);
    return;
  }
  const alone = (e: HnsEndpoint): boolean =>
    toneOf(context, endpointRef(e)) !== undefined ||
    (request.focus?.kind === 'endpoint' && request.focus.id === e.id);
  endpoints.filter(alone).forEach(add);
  const rest = endpoints.filter((e) => !alone(e));
  for (const fold of foldEndpoints(context, rest, prefix)) {
    if (fold.items.length === 1 || request.expanded.includes(fold.id)) {
      fold.items.forEach(add);
      continue;
    }
    for (const endpoint of fold.items) place.set(endpoint.id, fold.id);
    nodes.push({
      id: fold.id,
      kind: 'endpoint-group',
      label: fold.label,
      sublabel: fold.sublabel,
      parent,
      tone: kind === 'endpoint' ? 'ok' : 'none',
      count: fold.items.length,
    });
  }
}

function addLoadBalancers(
  context: ViewContext,
  request: GraphRequest,
  picked: Picked,
  nodes: PlainNode[],
  edges: PlainEdge[],
  place: Map<string, string>,
): void {
  const sorted = [...picked.loadBalancers].sort(
    (a, b) =>
      compareIpText(a.vips[0] ?? '', b.vips[0] ?? '') ||
      (a.ports[0]?.externalPort ?? 0) - (b.ports[0]?.externalPort ?? 0),
  );
  const add = (lb: HnsLoadBalancer): void => {
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
    addBackends(context, request, lb, id, nodes, edges, place);
  };
  if (sorted.length <= FOLD_ABOVE) {
    sorted.forEach(add);
    return;
  }
  const alone = (lb: HnsLoadBalancer): boolean =>
    isBad(context, lb) || (request.focus?.kind === 'load-balancer' && request.focus.id === lb.id);
  sorted.filter(alone).forEach(add);
  const rest = sorted.filter((lb) => !alone(lb));
  for (const fold of foldLoadBalancers(context, rest)) {
    if (fold.items.length === 1 || request.expanded.includes(fold.id)) fold.items.forEach(add);
    else addFolded(fold, nodes, edges, place);
  }
}

function addBackends(
  context: ViewContext,
  request: GraphRequest,
  lb: HnsLoadBalancer,
  source: string,
  nodes: PlainNode[],
  edges: PlainEdge[],
  place: Map<string, string>,
): void {
  const broken = brokenBackends(context, lb);
  for (const endpointId of lb.endpointIds) {
    const endpoint = context.snapshot.links.endpointById.get(endpointId);
    let target = place.get(endpointId);
    if (target === undefined) {
      const filtered = endpoint !== undefined;
      if (filtered && request.locality === 'local') continue;
      if (filtered && request.show !== 'all') continue;
      if (filtered) continue;
      target = `missing:${endpointId}`;
      const known = endpointsKnown(context);
      nodes.push({
        id: target,
        kind: 'missing-endpoint',
        label: shortGuid(endpointId),
        sublabel: known ? 'endpoint does not exist' : 'endpoint not in the files',
        tone: known ? 'error' : 'dim',
      });
      place.set(endpointId, target);
    }
    const gone = endpoint === undefined && endpointsKnown(context);
    const noRule = endpoint === undefined ? undefined : broken.get(endpointId);
    edges.push({
      id: `${source}>${endpointId}`,
      source,
      target,
      tone: gone || noRule !== undefined ? 'error' : endpoint ? 'none' : 'dim',
      label: gone ? 'gone' : noRule,
    });
  }
}

/**
 * Backends whose DIP is absent from this load balancer's VFP rules on some pod port, with how many.
 * Only where a finding speaks of the load balancer: the graph shows what the rules judged.
 */
function brokenBackends(context: ViewContext, lb: HnsLoadBalancer): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  if (toneOf(context, loadBalancerRef(lb)) === undefined) return broken;
  for (const id of lb.endpointIds) {
    const ip = context.snapshot.links.endpointById.get(id)?.ipAddresses[0];
    const vfp = ip === undefined ? undefined : dipCoverage(context, lb, ip);
    if (!vfp || vfp.present >= vfp.ports) continue;
    broken.set(
      id,
      vfp.present === 0 ? 'no rule' : `no rule on ${vfp.ports - vfp.present} of ${vfp.ports}`,
    );
  }
  return broken;
}

/** A box of load balancers with one edge to each box that holds its backends. */
function addFolded(
  fold: Fold<HnsLoadBalancer>,
  nodes: PlainNode[],
  edges: PlainEdge[],
  place: ReadonlyMap<string, string>,
): void {
  nodes.push({
    id: fold.id,
    kind: 'load-balancer-group',
    label: fold.label,
    sublabel: fold.sublabel,
    tone: 'none',
    count: fold.items.length,
  });
  const targets = new Set(
    fold.items.flatMap((lb) => lb.endpointIds.flatMap((id) => place.get(id) ?? [])),
  );
  for (const target of targets) {
    edges.push({ id: `${fold.id}>${target}`, source: fold.id, target, tone: 'none' });
  }
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
