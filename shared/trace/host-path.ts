import type { HnsEndpoint } from '../model/hns';
import { cidrHas, familyOf, inCidr, parseCidr, parseIp, type Ip } from '../model/ip';
import type { Route } from '../model/tcpip';
import { endpointRef, routeRef } from '../snapshot/entity-ref';
import { cloudOfPods } from '../rules/inter-node/pod-fabric';
import type { AssumptionId } from './assumptions';
import { ended, type Disposition } from './disposition';
import type { NodeView } from './node-view';
import type { PacketHeader } from './packet';
import type { StepPlace } from './steps';
import { passing, type Walking } from './walking';

const metricOf = (route: Route): number =>
  route.metricSum ?? (route.routeMetric ?? 0) + (route.interfaceMetric ?? 0);

/** The route a compartment takes: longest prefix, then the smallest sum of metrics; several when equal. */
function bestRoutes(routes: readonly Route[], destination: string): readonly Route[] {
  const ip = parseIp(destination);
  if (ip === undefined) return [];
  const known = bestKnown.get(routes) ?? new Map<string, readonly Route[]>();
  bestKnown.set(routes, known);
  const before = known.get(destination);
  if (before !== undefined) return before;
  const found = findBest(routes, ip);
  known.set(destination, found);
  return found;
}

/** Of each table, what was looked up. */
const bestKnown = new WeakMap<readonly Route[], Map<string, readonly Route[]>>();

function findBest(routes: readonly Route[], ip: Ip): readonly Route[] {
  let best: Route[] = [];
  let bestLength = -1;
  let bestMetric = 0;
  for (const route of routes) {
    const cidr = parseCidr(route.destination);
    if (cidr === undefined || !cidrHas(cidr, ip)) continue;
    const metric = metricOf(route);
    if (cidr.length < bestLength || (cidr.length === bestLength && metric > bestMetric)) continue;
    if (cidr.length > bestLength || metric < bestMetric) best = [];
    best.push(route);
    bestLength = cidr.length;
    bestMetric = metric;
  }
  return best;
}

/** The pod hands the packet to its network card: route and next hop of its compartment. */
export function leavePod(walking: Walking, view: NodeView, endpoint: HnsEndpoint): Walking {
  const { header } = walking;
  const { snapshot } = view;
  const ip = header.sourceIp;
  const adapter = snapshot.links.adapterOf.get(endpoint);
  const place: StepPlace = {
    node: snapshot.node,
    column: 'compartment',
    name: `pod ${ip}${adapter === undefined ? '' : `, compartment ${adapter.compartment.id}`}`,
  };
  const routes = view.podRoutes(ip);
  const [route] = bestRoutes(routes, header.destinationIp);
  const adapterOf = adapter?.compartment.adapters[adapter.adapterIndex];
  const gateway =
    route === undefined
      ? (endpoint.gateways.find((g) => sameFamily(g, header.destinationIp)) ??
        adapterOf?.gateways.find((g) => sameFamily(g, header.destinationIp)))
      : route.nextHop === 'on-link'
        ? header.destinationIp
        : route.nextHop;
  const subnetGateway =
    route === undefined && gateway === undefined
      ? view.podNetwork?.subnets
          .flatMap((s) => s.gateway ?? [])
          .find((g) => sameFamily(g, header.destinationIp))
      : undefined;
  const own = view.podNetwork?.subnets.some((s) => inCidr(header.destinationIp, s.prefix) === true);
  const nextHop =
    route === undefined && own === true ? header.destinationIp : (gateway ?? subnetGateway);
  if (nextHop === undefined) {
    // ipconfig need not show what IPv6 learns from router advertisements.
    const known =
      routes.some((r) => sameFamily(r.destination, header.destinationIp)) ||
      (adapterOf !== undefined && !ip.includes(':'));
    return {
      ...walking,
      end: known
        ? ended(
            'no-route',
            `Pod ${ip} has neither a route to ${header.destinationIp} nor a gateway.`,
            adapterOf?.evidence ?? routes[0]?.evidence ?? [],
          )
        : ended(
            'insufficient-information',
            `Neither the routes nor the gateway of pod ${ip} are in the case.`,
            [],
            [
              {
                what: 'the routes of all compartments',
                command: 'Get-NetRoute -IncludeAllCompartments',
                where: 'node',
              },
            ],
          ),
    };
  }
  const owner = view.localEndpoint(nextHop);
  const routerMac = view.podNetwork?.drMac;
  const isRouter = view.podNetwork?.subnets.some((s) => s.gateway === nextHop) === true;
  const after = {
    ...header,
    destinationMac:
      owner?.mac ?? (isRouter && snapshot.mode.mode === 'overlay' ? routerMac : undefined),
  };
  const direct = nextHop === header.destinationIp;
  return passing(
    walking,
    'route',
    place,
    direct
      ? `${header.destinationIp} is on the pod's own link`
      : `the pod sends to its gateway ${nextHop}${route === undefined ? '' : ` (route ${route.destination})`}`,
    {
      after,
      evidence: (route?.evidence ?? adapterOf?.evidence ?? endpoint.evidence).slice(0, 1),
      entities: [
        ...(route === undefined ? [] : [routeRef(route)]),
        ...(owner === undefined ? [] : [endpointRef(owner)]),
      ],
      assumes: subnetGateway !== undefined && nextHop === subnetGateway ? ['pod-gateway'] : [],
      remarks:
        !direct && owner === undefined && !isRouter && view.endpointsListed
          ? [`No endpoint of HNS has the gateway ${nextHop}.`]
          : [],
    },
  );
}

const sameFamily = (a: string, b: string): boolean => familyOf(a) === familyOf(b);

/** CNIs whose fabric knows pod addresses: a missing host route is nothing wrong there. */
const FABRIC_ROUTES: readonly string[] = ['azure', 'aws-vpc'];

/**
 * Whether the network between nodes routes pod addresses itself, so that the host needs no route
 * to them: by the CNI, or by what the routes of node and peers show.
 */
export function fabricKnowsPods(view: NodeView): boolean {
  if (FABRIC_ROUTES.includes(view.snapshot.mode.cni)) return true;
  const known = inFabric.get(view) ?? cloudOfPods(view.snapshot, view.peers ?? []) !== undefined;
  inFabric.set(view, known);
  return known;
}

/** Asked for each packet of a matrix, told once. */
const inFabric = new WeakMap<NodeView, boolean>();

/** The next hop by the host's routes, and its MAC by the neighbour table. */
export interface HostHop {
  readonly walking: Walking;
  readonly nextHop: string;
}

/** Looks the destination up in the host's compartment. The walking has an end when there is no way. */
export function hostHop(walking: Walking, view: NodeView, through: 'host' | 'switch'): HostHop {
  const { header } = walking;
  const { snapshot } = view;
  const { destinationIp } = header;
  const place: StepPlace = { node: snapshot.node, column: 'host', name: 'host routes' };
  const stop = (end: Disposition): HostHop => {
    const looked = passing(walking, 'route', place, `the host looks ${destinationIp} up`, {
      evidence: end.evidence.slice(0, 1),
    });
    return { walking: { ...looked, end }, nextHop: '' };
  };
  if (view.hostRoutes.length === 0)
    return stop(routesNotKnown(destinationIp, 'are not in the case'));
  const best = bestRoutes(view.hostRoutes, destinationIp);
  const route = chosen(best, view, header);
  if (route === undefined) {
    if (!knowsOwn(view, destinationIp))
      return stop(routesNotKnown(destinationIp, 'are not all in the case'));
    return stop(ended('no-route', `The host has no route to ${destinationIp}.`, tableOf(view)));
  }
  const peer = view.peerOfPod(destinationIp);
  const isDefault = parseCidr(route.destination)?.length === 0;
  if (peer !== undefined && isDefault && !fabricKnowsPods(view)) {
    const prefix = peer.podCidrs.find((cidr) => inCidr(destinationIp, cidr) === true) ?? '';
    return stop(
      ended(
        'no-route',
        `The host has no route to ${prefix}, the pods of ${peer.name}: only the default route takes ${destinationIp}, to ${route.nextHop}, which is not that node.`,
        [...route.evidence.slice(0, 1), ...peer.evidence.slice(0, 1)],
      ),
    );
  }
  const nextHop = route.nextHop === 'on-link' ? destinationIp : route.nextHop;
  const neighbour = snapshot.neighbours.find((n) => n.ip === nextHop && n.mac !== undefined);
  const assumes: AssumptionId[] = ['host-routes'];
  if (through === 'switch') assumes.push('straight-to-wire');
  if (new Set(best.map((r) => r.nextHop)).size > 1) assumes.push('source-interface');
  const routed = passing(
    walking,
    'route',
    place,
    `route ${route.destination} leads ${route.nextHop === 'on-link' ? 'straight to the link' : `to ${route.nextHop}`}`,
    { evidence: route.evidence.slice(0, 1), entities: [routeRef(route)], assumes },
  );
  const after: PacketHeader = {
    ...header,
    sourceMac: through === 'host' ? snapshot.addresses.hostMac?.value : header.sourceMac,
    destinationMac: neighbour?.mac,
  };
  return {
    nextHop,
    walking: passing(
      routed,
      'neighbour',
      place,
      neighbour === undefined
        ? `the MAC of ${nextHop} is not in the neighbour table`
        : `${nextHop} is at ${(neighbour.mac ?? '').toUpperCase()}`,
      { after, evidence: neighbour?.evidence.slice(0, 1) ?? [] },
    ),
  };
}

const routesNotKnown = (destination: string, how: string): Disposition =>
  ended(
    'insufficient-information',
    `The host's routes ${how}: where ${destination} goes is not known.`,
    [],
    [
      {
        what: "the host's routes",
        command: 'Get-NetRoute -IncludeAllCompartments',
        where: 'node',
      },
    ],
  );

/** Windows has a route to each of its own addresses: a table of IPv6 without one was not collected whole. */
function knowsOwn(view: NodeView, destination: string): boolean {
  const own = view.snapshot.addresses.managementIpv6?.value;
  if (familyOf(destination) === 4) return true;
  if (own === undefined) return view.hostRoutes.some((r) => familyOf(r.destination) === 6);
  return bestRoutes(view.hostRoutes, own).some((r) => parseCidr(r.destination)?.length !== 0);
}

/** Of equal routes: the one of the interface that has the source, else the management address. */
function chosen(best: readonly Route[], view: NodeView, header: PacketHeader): Route | undefined {
  const { managementIp, managementSubnet } = view.snapshot.addresses;
  const near = best.filter(
    (r) =>
      r.interfaceAddress === header.sourceIp ||
      r.interfaceAddress === managementIp?.value ||
      (managementSubnet !== undefined && inCidr(r.nextHop, managementSubnet.value) === true),
  );
  const some = near.length > 0 ? near : best;
  return some.find((r) => r.source === 'Get-NetRoute') ?? some[0];
}

function tableOf(view: NodeView): Disposition['evidence'] {
  return view.hostRoutes[0]?.evidence.slice(0, 1) ?? [];
}
