import { toneOf, type ViewContext } from '../inspect/view-context';
import type { EntityRef } from '../model/finding';
import type { HnsEndpoint, HnsLoadBalancer, HnsNetwork } from '../model/hns';
import { endpointRef, loadBalancerName, loadBalancerRef, serviceRef } from '../snapshot/entity-ref';
import type { GraphRequest } from './graph-model';

/** The objects a request shows. */
export interface Picked {
  readonly networks: readonly HnsNetwork[];
  readonly endpoints: readonly HnsEndpoint[];
  readonly loadBalancers: readonly HnsLoadBalancer[];
}

/** Key of an endpoint's network: its id, or its name where the network is not listed. */
export const networkKey = (context: ViewContext, endpoint: HnsEndpoint): string =>
  context.snapshot.links.networkOf.get(endpoint)?.id ??
  endpoint.networkName?.toLowerCase() ??
  'unknown';

/** Which objects the request shows. */
export function pick(context: ViewContext, request: GraphRequest): Picked {
  const { snapshot } = context;
  const words = request.filter
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  const named = (texts: readonly (string | undefined)[]): boolean => {
    const all = texts.join(' ').toLowerCase();
    return words.every((w) => all.includes(w));
  };
  const byText = words.length > 0;
  let loadBalancers = snapshot.loadBalancers.filter(
    (lb) =>
      !byText ||
      named([lb.id, loadBalancerName(lb), serviceName(context, lb), ...backendIps(context, lb)]),
  );
  let endpoints = snapshot.endpoints.filter(
    (e) =>
      !byText ||
      named([e.id, e.name, ...e.ipAddresses, e.mac, context.snapshot.links.podOf.get(e)?.name]) ||
      loadBalancers.some((lb) => lb.endpointIds.includes(e.id)),
  );
  if (request.show === 'problems') {
    loadBalancers = loadBalancers.filter((lb) => isBad(context, lb));
    const used = new Set(loadBalancers.flatMap((lb) => lb.endpointIds));
    endpoints = endpoints.filter(
      (e) => toneOf(context, endpointRef(e)) !== undefined || used.has(e.id),
    );
  } else if (request.show === 'selected' && request.focus) {
    const near = neighbourhood(context, request.focus);
    loadBalancers = loadBalancers.filter((lb) => near.has(lb.id));
    endpoints = endpoints.filter((e) => near.has(e.id));
  }
  if (request.locality === 'local') endpoints = endpoints.filter((e) => e.isRemote !== true);
  const keys = new Set(endpoints.map((e) => networkKey(context, e)));
  const all = request.show === 'all' && !byText;
  const networks = snapshot.networks.filter(
    (n) => all || keys.has(n.id) || request.focus?.id === n.id,
  );
  return { networks, endpoints, loadBalancers };
}

/** The service of a load balancer, as `namespace/name`. */
export function serviceName(context: ViewContext, lb: HnsLoadBalancer): string | undefined {
  const service = context.snapshot.links.serviceOf.get(lb);
  return service && serviceRef(service.service).name;
}

function backendIps(context: ViewContext, lb: HnsLoadBalancer): string[] {
  return lb.endpointIds.flatMap(
    (id) => context.snapshot.links.endpointById.get(id)?.ipAddresses ?? [],
  );
}

/** Does something speak against the load balancer: a finding, or a backend that does not exist? */
export function isBad(context: ViewContext, lb: HnsLoadBalancer): boolean {
  return (
    toneOf(context, loadBalancerRef(lb)) !== undefined ||
    (endpointsKnown(context) &&
      lb.endpointIds.some((id) => !context.snapshot.links.endpointById.has(id)))
  );
}

/** Ids one step around the selected object: endpoints of a load balancer, load balancers of an endpoint. */
function neighbourhood(context: ViewContext, focus: EntityRef): ReadonlySet<string> {
  const { links, endpoints } = context.snapshot;
  const near = new Set<string>([focus.id]);
  const lb = links.loadBalancerById.get(focus.id);
  if (lb) for (const id of lb.endpointIds) near.add(id);
  for (const other of links.loadBalancersOf.get(focus.id) ?? []) near.add(other.id);
  for (const endpoint of endpoints) {
    const inNetwork = focus.kind === 'network' && links.networkOf.get(endpoint)?.id === focus.id;
    const place = links.adapterOf.get(endpoint);
    const inCompartment =
      focus.kind === 'compartment' &&
      place !== undefined &&
      String(place.compartment.id) === focus.id;
    if (inNetwork || inCompartment) near.add(endpoint.id);
  }
  return near;
}

/** Did the bundle list the endpoints? Else a DIP that resolves to nothing is unknown, not missing. */
export function endpointsKnown(context: ViewContext): boolean {
  return context.snapshot.evidence.get('hns-endpoints')?.state === 'present';
}
