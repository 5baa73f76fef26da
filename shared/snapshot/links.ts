import type { HnsEndpoint, HnsLoadBalancer, HnsNamespace, HnsNetwork } from '../model/hns';
import type { KubePod, KubeService } from '../model/kubernetes';
import type { Container } from '../model/system';
import type { Compartment, VSwitchPort } from '../model/tcpip';
import type { VfpDump } from '../model/vfp';
import type { SnapshotLinks } from './node-snapshot';

interface Linkable {
  readonly networks: readonly HnsNetwork[];
  readonly endpoints: readonly HnsEndpoint[];
  readonly loadBalancers: readonly HnsLoadBalancer[];
  readonly namespaces: readonly HnsNamespace[];
  readonly vfp: readonly VfpDump[];
  readonly vswitchPorts: readonly VSwitchPort[];
  readonly compartments: readonly Compartment[];
  readonly containers: readonly Container[];
  readonly pods: readonly KubePod[];
  readonly services: readonly KubeService[];
  readonly node: string;
  /** The node's own addresses, of either family. */
  readonly nodeIps: readonly string[];
}

/** Resolves the references between the files of a node. Join keys: formats reference, checklist item 7. */
export function linkSnapshot(all: Linkable): SnapshotLinks {
  const networkById = new Map(all.networks.map((n) => [n.id, n]));
  const endpointById = new Map(all.endpoints.map((e) => [e.id, e]));
  const locals = all.endpoints.filter((e) => e.isRemote !== true);
  const vfpPortOf = linkVfpPorts(locals, all.vfp);
  return {
    networkById,
    endpointById,
    loadBalancerById: new Map(all.loadBalancers.map((lb) => [lb.id, lb])),
    endpointsByIp: groupMany(all.endpoints, (e) => e.ipAddresses),
    endpointsByMac: groupMany(all.endpoints, (e) => (e.mac === undefined ? [] : [e.mac])),
    networkOf: linkNetworks(all.endpoints, all.networks, networkById),
    loadBalancersOf: groupMany(all.loadBalancers, (lb) => lb.endpointIds),
    namespaceOf: linkNamespaces(locals, all.namespaces),
    adapterOf: linkAdapters(locals, all.compartments),
    containersOf: linkContainers(locals, all.containers),
    podOf: linkPods(locals, all.pods, all.node),
    vswitchPortOf: linkVSwitchPorts(locals, all.vswitchPorts),
    vfpPortOf,
    endpointOfVfpPort: new Map(
      [...vfpPortOf].map(([e, { dump, port }]) => [`${dump.file}#${port}`, e]),
    ),
    serviceOf: linkServices(all.loadBalancers, all.services, all.nodeIps),
  };
}

function groupMany<T>(items: readonly T[], keys: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

function linkNetworks(
  endpoints: readonly HnsEndpoint[],
  networks: readonly HnsNetwork[],
  byId: ReadonlyMap<string, HnsNetwork>,
): Map<HnsEndpoint, HnsNetwork> {
  const byName = new Map(
    networks.flatMap((n) => (n.name === undefined ? [] : [[n.name.toLowerCase(), n] as const])),
  );
  const links = new Map<HnsEndpoint, HnsNetwork>();
  for (const endpoint of endpoints) {
    const network =
      (endpoint.networkId === undefined ? undefined : byId.get(endpoint.networkId)) ??
      (endpoint.networkName === undefined
        ? undefined
        : byName.get(endpoint.networkName.toLowerCase()));
    if (network) links.set(endpoint, network);
  }
  return links;
}

function linkNamespaces(
  endpoints: readonly HnsEndpoint[],
  namespaces: readonly HnsNamespace[],
): Map<HnsEndpoint, HnsNamespace> {
  const byId = new Map(namespaces.map((n) => [n.id, n]));
  const byEndpoint = new Map(
    namespaces.flatMap((n) => n.endpointIds.map((id) => [id, n] as const)),
  );
  const links = new Map<HnsEndpoint, HnsNamespace>();
  for (const endpoint of endpoints) {
    const namespace =
      (endpoint.namespaceId === undefined ? undefined : byId.get(endpoint.namespaceId)) ??
      byEndpoint.get(endpoint.id);
    if (namespace) links.set(endpoint, namespace);
  }
  return links;
}

function linkAdapters(
  endpoints: readonly HnsEndpoint[],
  compartments: readonly Compartment[],
): Map<HnsEndpoint, { compartment: Compartment; adapterIndex: number }> {
  const byMac = new Map<string, { compartment: Compartment; adapterIndex: number }>();
  const byIp = new Map<string, { compartment: Compartment; adapterIndex: number }>();
  for (const compartment of compartments) {
    compartment.adapters.forEach((adapter, adapterIndex) => {
      const place = { compartment, adapterIndex };
      if (adapter.mac !== undefined && !byMac.has(adapter.mac)) byMac.set(adapter.mac, place);
      for (const { address } of [...adapter.ipv4, ...adapter.ipv6]) {
        if (!byIp.has(address)) byIp.set(address, place);
      }
    });
  }
  const links = new Map<HnsEndpoint, { compartment: Compartment; adapterIndex: number }>();
  for (const endpoint of endpoints) {
    const place =
      (endpoint.mac === undefined ? undefined : byMac.get(endpoint.mac)) ??
      endpoint.ipAddresses.map((ip) => byIp.get(ip)).find((p) => p !== undefined);
    if (place) links.set(endpoint, place);
  }
  return links;
}

/** Container ids in endpoint names may be shortened: they match by prefix of at least 12 digits. */
const sameContainer = (a: string, b: string): boolean => {
  const length = Math.min(a.length, b.length);
  return length >= 12 && a.slice(0, length).toLowerCase() === b.slice(0, length).toLowerCase();
};

/** The container id that docker and flannel put before the network's name: `<id>_cbr0`. */
export function containerIdOfName(name: string | undefined): string | undefined {
  return /^(?:cid-)?([0-9a-f]{12,64})(?:[_-]|$)/i.exec(name ?? '')?.[1];
}

function linkContainers(
  endpoints: readonly HnsEndpoint[],
  containers: readonly Container[],
): Map<HnsEndpoint, Container[]> {
  const byPrefix = groupMany(containers, (c) => [c.id.slice(0, 12).toLowerCase()]);
  const links = new Map<HnsEndpoint, Container[]>();
  for (const endpoint of endpoints) {
    const fromName = containerIdOfName(endpoint.name);
    const ids = [...endpoint.sharedContainers, ...(fromName === undefined ? [] : [fromName])];
    const found = ids.flatMap((id) =>
      (byPrefix.get(id.slice(0, 12).toLowerCase()) ?? []).filter((c) => sameContainer(c.id, id)),
    );
    if (found.length > 0) links.set(endpoint, [...new Set(found)]);
  }
  return links;
}

function linkPods(
  endpoints: readonly HnsEndpoint[],
  pods: readonly KubePod[],
  node: string,
): Map<HnsEndpoint, KubePod> {
  const own = pods.filter(
    (p) =>
      p.hostNetwork !== true &&
      (p.node === undefined || p.node.toLowerCase() === node.toLowerCase()),
  );
  const byIp = groupMany(own, (p) => p.ips);
  const links = new Map<HnsEndpoint, KubePod>();
  for (const endpoint of endpoints) {
    const candidates = endpoint.ipAddresses.flatMap((ip) => byIp.get(ip) ?? []);
    const running =
      candidates.find((p) => p.phase === undefined || p.phase === 'Running') ?? candidates[0];
    const ids = [
      ...endpoint.sharedContainers,
      ...(containerIdOfName(endpoint.name) ? [containerIdOfName(endpoint.name) ?? ''] : []),
    ];
    const pod =
      running ??
      own.find((p) => p.containerIds.some((c) => ids.some((id) => sameContainer(id, c))));
    if (pod) links.set(endpoint, pod);
  }
  return links;
}

function linkVSwitchPorts(
  endpoints: readonly HnsEndpoint[],
  ports: readonly VSwitchPort[],
): Map<HnsEndpoint, VSwitchPort> {
  const byName = new Map(ports.map((p) => [p.name, p]));
  const byMac = groupMany(ports, (p) => (p.mac === undefined ? [] : [p.mac]));
  const links = new Map<HnsEndpoint, VSwitchPort>();
  for (const endpoint of endpoints) {
    const port =
      (endpoint.portGuid === undefined ? undefined : byName.get(endpoint.portGuid)) ??
      byName.get(endpoint.id) ??
      (endpoint.mac === undefined ? undefined : byMac.get(endpoint.mac)?.[0]);
    if (port) links.set(endpoint, port);
  }
  return links;
}

function linkVfpPorts(
  endpoints: readonly HnsEndpoint[],
  dumps: readonly VfpDump[],
): Map<HnsEndpoint, { dump: VfpDump; port: number }> {
  const byName = new Map<string, { dump: VfpDump; port: number }>();
  const byMac = new Map<string, { dump: VfpDump; port: number }>();
  for (const dump of dumps) {
    for (const port of dump.ports) {
      if (port.name !== '' && !byName.has(port.name))
        byName.set(port.name, { dump, port: port.index });
      if (port.mac !== undefined && !byMac.has(port.mac))
        byMac.set(port.mac, { dump, port: port.index });
    }
  }
  const links = new Map<HnsEndpoint, { dump: VfpDump; port: number }>();
  for (const endpoint of endpoints) {
    const place =
      (endpoint.portGuid === undefined ? undefined : byName.get(endpoint.portGuid)) ??
      byName.get(endpoint.id) ??
      (endpoint.mac === undefined ? undefined : byMac.get(endpoint.mac));
    if (place) links.set(endpoint, place);
  }
  return links;
}

const PROTOCOL_NUMBER: ReadonlyMap<string, number> = new Map([
  ['TCP', 6],
  ['UDP', 17],
]);

function linkServices(
  loadBalancers: readonly HnsLoadBalancer[],
  services: readonly KubeService[],
  nodeIps: readonly string[],
): Map<HnsLoadBalancer, { service: KubeService; viaNodePort: boolean }> {
  const byVip = groupMany(services, (s) => [...s.clusterIps, ...s.externalIps]);
  const byNodePort = groupMany(services, (s) =>
    s.ports.flatMap((p) =>
      p.nodePort === undefined ? [] : [`${p.nodePort}/${p.protocol.toUpperCase()}`],
    ),
  );
  const links = new Map<HnsLoadBalancer, { service: KubeService; viaNodePort: boolean }>();
  for (const lb of loadBalancers) {
    const candidates = lb.vips.flatMap((vip) => byVip.get(vip) ?? []);
    const exact = candidates.find((s) => lb.ports.some((p) => s.ports.some((q) => samePort(p, q))));
    const byAddress = exact ?? candidates[0];
    if (byAddress) {
      links.set(lb, { service: byAddress, viaNodePort: false });
      continue;
    }
    const onNode = lb.vips.length === 0 || nodeIps.some((ip) => lb.vips.includes(ip));
    const node = onNode
      ? lb.ports.flatMap(
          (p) =>
            byNodePort.get(`${p.externalPort ?? ''}/${p.protocol === 17 ? 'UDP' : 'TCP'}`) ?? [],
        )[0]
      : undefined;
    if (node) links.set(lb, { service: node, viaNodePort: true });
  }
  return links;
}

function samePort(
  lb: HnsLoadBalancer['ports'][number],
  port: KubeService['ports'][number],
): boolean {
  return (
    lb.externalPort === port.port &&
    (lb.protocol === undefined || lb.protocol === PROTOCOL_NUMBER.get(port.protocol.toUpperCase()))
  );
}
