import type { HnsEndpoint, HnsLoadBalancer, HnsNetwork } from '../model/hns';
import { familyOf, inCidr, parseCidr } from '../model/ip';
import type { KubeEndpoints, KubeService } from '../model/kubernetes';
import type { Route } from '../model/tcpip';
import type { VfpDump, VfpPort } from '../model/vfp';
import { peersOf, type Peer } from '../rules/inter-node/peers';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { wasListed } from '../snapshot/vfp-ports';

/** A VFP port in its dump. */
export interface PortPlace {
  readonly dump: VfpDump;
  readonly port: VfpPort;
  readonly role: 'pod' | 'host' | 'bridge' | 'external';
  /** Whose port it is, of pods and of the bridge. */
  readonly endpoint?: HnsEndpoint | undefined;
  readonly name: string;
}

/** What a trace asks of a node again and again, looked up once. */
export interface NodeView {
  readonly snapshot: NodeSnapshot;
  readonly case: Case;
  readonly podNetwork: HnsNetwork | undefined;
  /** Other nodes with their pod subnets; undefined when nothing tells them. */
  readonly peers: readonly Peer[] | undefined;
  /** True when endpoints were listed, so that what is not in the list does not exist. */
  readonly endpointsListed: boolean;
  localEndpoint(ip: string): HnsEndpoint | undefined;
  /** Local or remote. */
  anyEndpoint(ip: string): HnsEndpoint | undefined;
  portOf(endpoint: HnsEndpoint): PortPlace | undefined;
  readonly hostPort: PortPlace | undefined;
  readonly externalPort: PortPlace | undefined;
  isHostAddress(ip: string): boolean;
  /** Is it the address that load balancers of this node give packets as their source? */
  isSourceVip(ip: string): boolean;
  /** Prefixes of the links that the host's IPv6 addresses are on; of IPv4 the management subnet is known. */
  readonly hostLinks: readonly string[];
  /** Routes of the host's compartment. */
  readonly hostRoutes: readonly Route[];
  /** Routes of a pod's compartment. */
  podRoutes(ip: string): readonly Route[];
  loadBalancerAt(
    ip: string,
    port: number | undefined,
    protocol: number,
  ): HnsLoadBalancer | undefined;
  /** Load balancers and services that have the address on any port. */
  serviceAddress(ip: string): {
    readonly balancers: readonly HnsLoadBalancer[];
    readonly service: KubeService | undefined;
  };
  /** The service that Kubernetes gave the port of every node, in the family of an address. */
  nodePortService(ip: string, port: number | undefined, protocol: number): KubeService | undefined;
  /** The ready addresses of a load balancer's service, where Kubernetes lists them. */
  backendsOf(lb: HnsLoadBalancer): KubeEndpoints | undefined;
  /** The peer whose pods have the address. */
  peerOfPod(ip: string): Peer | undefined;
  /** The peer whose own address it is. */
  peerAt(ip: string): Peer | undefined;
}

const made = new WeakMap<NodeSnapshot, NodeView>();

/** The view of a snapshot, made once a case. */
export function nodeView(snapshot: NodeSnapshot, theCase: Case): NodeView {
  const known = made.get(snapshot);
  if (known?.case === theCase) return known;
  const view = makeView(snapshot, theCase);
  made.set(snapshot, view);
  return view;
}

const NO_ROUTES: readonly Route[] = [];

const frontendKey = (ip: string, port: number, protocol: number): string =>
  `${ip} ${port} ${protocol}`;

function makeView(snapshot: NodeSnapshot, theCase: Case): NodeView {
  const { links, cluster, endpoints } = snapshot;
  const nodeIp = snapshot.addresses.managementIp?.value;
  const nodeIpv6 = snapshot.addresses.managementIpv6?.value;
  const networkId = snapshot.mode.podNetworkId;
  const host = snapshot.compartments.find((c) => c.id === 1);
  const hostIps = new Set([
    ...(nodeIp === undefined ? [] : [nodeIp]),
    ...(nodeIpv6 === undefined ? [] : [nodeIpv6]),
    ...(host?.adapters ?? []).flatMap((a) => [...a.ipv4, ...a.ipv6].map(({ address }) => address)),
  ]);
  const sourceVips = new Set([
    ...snapshot.sourceVips.flatMap(({ address }) => address?.value ?? []),
    ...snapshot.loadBalancers.flatMap(({ sourceVip }) => sourceVip ?? []),
  ]);
  const byFrontend = new Map<string, HnsLoadBalancer>();
  const balancersByIp = new Map<string, HnsLoadBalancer[]>();
  for (const lb of snapshot.loadBalancers) {
    const own = lb.isIpv6 === true ? nodeIpv6 : nodeIp;
    const ips = lb.vips.length > 0 ? lb.vips : own === undefined ? [] : [own];
    for (const ip of ips) {
      if (lb.vips.length > 0) balancersByIp.set(ip, [...(balancersByIp.get(ip) ?? []), lb]);
      for (const { externalPort, protocol } of lb.ports) {
        if (externalPort === undefined || protocol === undefined) continue;
        const key = frontendKey(ip, externalPort, protocol);
        if (!byFrontend.has(key)) byFrontend.set(key, lb);
      }
    }
  }
  const serviceByIp = new Map(
    cluster.services.flatMap((s) =>
      [...s.clusterIps, ...s.externalIps].map((ip) => [ip, s] as const),
    ),
  );
  const podIndexes = new Map<number, string[]>();
  for (const route of snapshot.routes) {
    const ip = /^(.+)\/(?:32|128)$/.exec(route.destination)?.[1];
    if (ip === undefined || route.ifIndex === undefined || route.nextHop !== 'on-link') continue;
    const local = links.endpointsByIp.get(ip)?.some((e) => e.isRemote !== true) === true;
    const known = podIndexes.get(route.ifIndex) ?? [];
    // A pod of both families has one interface and two addresses.
    if (local && !hostIps.has(ip) && !known.includes(ip))
      podIndexes.set(route.ifIndex, [...known, ip]);
  }
  const routesByPod = new Map<string, Route[]>();
  for (const route of snapshot.routes) {
    const ips = route.ifIndex === undefined ? undefined : podIndexes.get(route.ifIndex);
    for (const ip of ips ?? []) routesByPod.set(ip, [...(routesByPod.get(ip) ?? []), route]);
  }
  const peers = peersOf(snapshot, theCase)?.peers;
  const roles = portRoles(snapshot);
  const places = new Map<HnsEndpoint, PortPlace | undefined>();
  const placeOf = (endpoint: HnsEndpoint): PortPlace | undefined => {
    const linked = links.vfpPortOf.get(endpoint);
    const first = linked?.dump.ports[linked.port];
    if (!linked || !first) return undefined;
    const { dump, port } = listedElsewhere(snapshot, linked.dump, first);
    const onHost = endpoint.ipAddresses.some((ip) => hostIps.has(ip));
    const name = onHost
      ? `port of ${endpoint.name ?? 'the bridge endpoint'}`
      : `port of ${endpoint.ipAddresses[0] ?? endpoint.name ?? port.name}`;
    return { dump, port, role: onHost ? 'bridge' : 'pod', endpoint, name };
  };
  return {
    snapshot,
    case: theCase,
    podNetwork: networkId === undefined ? undefined : links.networkById.get(networkId),
    peers,
    endpointsListed:
      endpoints.length > 0 && snapshot.evidence.get('hns-endpoints')?.state !== 'partial',
    localEndpoint: (ip) => links.endpointsByIp.get(ip)?.find((e) => e.isRemote !== true),
    anyEndpoint: (ip) => {
      const all = links.endpointsByIp.get(ip) ?? [];
      return all.find((e) => e.isRemote !== true) ?? all[0];
    },
    portOf: (endpoint) => {
      if (places.has(endpoint)) return places.get(endpoint);
      const place = placeOf(endpoint);
      places.set(endpoint, place);
      return place;
    },
    hostPort: roles.host,
    externalPort: roles.external,
    isHostAddress: (ip) => hostIps.has(ip),
    isSourceVip: (ip) => sourceVips.has(ip),
    hostLinks: (host?.adapters ?? []).flatMap(({ ipv6 }) =>
      ipv6
        .filter(({ address }) => address === nodeIpv6)
        .map(({ address, prefixLength }) => `${address}/${prefixLength ?? 64}`),
    ),
    hostRoutes: snapshot.routes.filter(
      (r) => !r.persistent && (r.ifIndex === undefined || !podIndexes.has(r.ifIndex)),
    ),
    podRoutes: (ip) => routesByPod.get(ip) ?? NO_ROUTES,
    loadBalancerAt: (ip, port, protocol) =>
      port === undefined ? undefined : byFrontend.get(frontendKey(ip, port, protocol)),
    serviceAddress: (ip) => ({
      balancers: balancersByIp.get(ip) ?? [],
      service: serviceByIp.get(ip),
    }),
    nodePortService: (ip, port, protocol) =>
      port === undefined
        ? undefined
        : cluster.services.find(
            (s) =>
              s.clusterIps.some((each) => familyOf(each) === familyOf(ip)) &&
              s.ports.some(
                (p) =>
                  p.nodePort === port &&
                  p.protocol.toUpperCase() === (protocol === 17 ? 'UDP' : 'TCP'),
              ),
          ),
    backendsOf: (lb) => {
      const service = links.serviceOf.get(lb)?.service;
      return (
        service &&
        cluster.endpoints.find(
          (e) =>
            e.service === service.name &&
            (e.namespace === undefined ||
              service.namespace === undefined ||
              e.namespace === service.namespace),
        )
      );
    },
    peerOfPod: (ip) => peers?.find((p) => p.podCidrs.some((cidr) => inCidr(ip, cidr) === true)),
    peerAt: (ip) => peers?.find((p) => p.ips.includes(ip)),
  };
}

/** Several files may tell of one port, some only a part: the first that lists all of its rules counts. */
function listedElsewhere(
  snapshot: NodeSnapshot,
  dump: VfpDump,
  port: VfpPort,
): { readonly dump: VfpDump; readonly port: VfpPort } {
  if (wasListed(port) || port.name === '') return { dump, port };
  for (const other of snapshot.vfp) {
    const whole = other.ports.find((p) => p.name === port.name && wasListed(p));
    if (whole !== undefined) return { dump: other, port: whole };
  }
  return { dump, port };
}

/**
 * The host's and the external port. ports.txt says which is which; without it the host's port has
 * the host's MAC and the external one the rewriting layer.
 */
function portRoles(snapshot: NodeSnapshot): {
  readonly host: PortPlace | undefined;
  readonly external: PortPlace | undefined;
} {
  const hostMac = snapshot.addresses.hostMac?.value;
  const listed = new Map(snapshot.vswitchPorts.map((p) => [p.name, p]));
  let host: PortPlace | undefined;
  let external: PortPlace | undefined;
  for (const dump of snapshot.vfp) {
    const rewriting = new Set(
      dump.layers.filter((l) => /EXTERNAL_L2_REWRITE/i.test(l.name)).map((l) => l.port),
    );
    for (const port of dump.ports.filter(wasListed)) {
      const about = listed.get(port.name);
      const isExternal =
        rewriting.has(port.index) ||
        /external/i.test(
          `${about?.portType ?? ''} ${port.friendlyName ?? about?.friendlyName ?? ''}`,
        );
      if (isExternal) {
        external ??= { dump, port, role: 'external', name: 'external port' };
      } else if (hostMac !== undefined && port.mac === hostMac) {
        host ??= { dump, port, role: 'host', name: "host's port" };
      }
    }
  }
  return { host, external };
}

/** The node's own address, of the family that is wanted where it has one. */
export function ownAddress({ addresses }: NodeSnapshot, family?: 4 | 6): string | undefined {
  const [four, six] = [addresses.managementIp?.value, addresses.managementIpv6?.value];
  return family === 6 ? (six ?? four) : (four ?? six);
}

/** The node's own address of the family of another one. */
export const nodeAddress = (
  { addresses }: NodeSnapshot,
  like: string,
): NodeSnapshot['addresses']['managementIp'] =>
  familyOf(like) === 6 ? addresses.managementIpv6 : addresses.managementIp;

/** Is the address in the pod subnet of this node? Undefined when the subnet is not known. */
export function inOwnPodSubnet(
  { snapshot, podNetwork }: NodeView,
  ip: string,
): boolean | undefined {
  const prefixes = podNetwork?.subnets.map((s) => s.prefix) ?? [];
  const own = snapshot.addresses.podCidr?.value;
  const all = [...prefixes, ...(own === undefined ? [] : [own])].filter(
    (p) => parseCidr(p)?.family === familyOf(ip),
  );
  if (all.length === 0) return undefined;
  return all.some((prefix) => inCidr(ip, prefix) === true);
}
