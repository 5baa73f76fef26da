import type { HnsEndpoint } from '../model/hns';
import type { VfpDump, VfpPort } from '../model/vfp';
import type { NodeSnapshot } from './node-snapshot';
import { VFP_NETWORK_TYPES } from './node-snapshot';

/** The VFP port of a pod. `endpoint` is undefined where no endpoints were collected. */
export interface PodPort {
  readonly endpoint: HnsEndpoint | undefined;
  readonly dump: VfpDump;
  readonly port: VfpPort;
}

/**
 * Did a complete `/list-rule` or `/get-rule-counter` of the whole port succeed? Only then does a
 * rule or layer that the dump does not show not exist; a cut or narrowed listing proves nothing.
 */
export function wasListed(port: VfpPort): boolean {
  return port.verbs.some(
    ({ verb, ok }) => ok && (verb === 'list-rule' || verb === 'get-rule-counter'),
  );
}

const HOST_SIDE = /(?:^|_)ep$|_ep\b|gateway|source-?vip/i;

/**
 * Local endpoints that belong to pods: on a network that VFP programs, and not one of the node's
 * own (bridge endpoint `*_ep`, source VIP, gateway; decision 5 of the rule catalogue).
 */
export function podEndpoints(snapshot: NodeSnapshot): readonly HnsEndpoint[] {
  const sourceVips = new Set<string>();
  for (const file of snapshot.sourceVips) if (file.address) sourceVips.add(file.address.value);
  for (const lb of snapshot.loadBalancers) if (lb.sourceVip) sourceVips.add(lb.sourceVip);
  return snapshot.endpoints.filter((endpoint) => {
    if (endpoint.isRemote === true || HOST_SIDE.test(endpoint.name ?? '')) return false;
    if (endpoint.compartmentId === 1) return false;
    if (endpoint.ipAddresses.some((ip) => sourceVips.has(ip))) return false;
    const network = snapshot.links.networkOf.get(endpoint);
    const type = network?.type ?? endpoint.networkType;
    if (type !== undefined && !VFP_NETWORK_TYPES.includes(type)) return false;
    return !/^(?:external|ext|nat)$/i.test(network?.name ?? endpoint.networkName ?? '');
  });
}

const made = new WeakMap<NodeSnapshot, readonly PodPort[]>();

/**
 * VFP ports of pods: those that an endpoint of a pod leads to. Without endpoints, ports that have
 * the layers only pods have.
 */
export function podPorts(snapshot: NodeSnapshot): readonly PodPort[] {
  const known = made.get(snapshot);
  if (known) return known;
  const ports =
    snapshot.endpoints.length > 0 ? portsOfEndpoints(snapshot) : portsByLayers(snapshot);
  made.set(snapshot, ports);
  return ports;
}

function portsOfEndpoints(snapshot: NodeSnapshot): PodPort[] {
  return podEndpoints(snapshot).flatMap((endpoint) => {
    const place = snapshot.links.vfpPortOf.get(endpoint);
    const port = place?.dump.ports[place.port];
    return place && port ? [{ endpoint, dump: place.dump, port }] : [];
  });
}

function portsByLayers(snapshot: NodeSnapshot): PodPort[] {
  return snapshot.vfp.flatMap((dump) => {
    const pods = new Set(
      dump.layers.filter((l) => /^ACL_ENDPOINT/.test(l.name)).map((l) => l.port),
    );
    return dump.ports
      .filter((port) => port.name !== '' && pods.has(port.index))
      .map((port) => ({ endpoint: undefined, dump, port }));
  });
}

/** How a pod port is named to people: the pod's address, else the port. */
export function podPortName({ endpoint, port }: PodPort): string {
  return endpoint?.ipAddresses[0] ?? endpoint?.name ?? (port.name === '' ? 'a port' : port.name);
}
