import type { HnsEndpoint, HnsNetwork } from '../model/hns';
import type { KubePod } from '../model/kubernetes';
import { parseCidr, parseIp, cidrHas, cidrOf, canonicalIp, type Cidr } from '../model/ip';
import { containerIdOfName } from '../snapshot/links';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** Names that agents give to the endpoints of the host: bridge, gateway and source VIP endpoints. */
const HOST_NAME = /(^|_)ep$|_ep\b|^(gateway|sourcevip|source_vip|dr[-_]?vnic)/i;
/** Endpoint names of azure-vnet: `<short container id>-eth0`. */
const AZURE_NAME = /^[0-9a-f]{6,12}-eth\d+$/i;

/**
 * Endpoints that certainly belong to pods of this node: local, on the pod network, with a sign of a
 * pod (container, namespace, name, or a pod with the address), and none of the host's own endpoints
 * (decision 5 of the catalogue: bridge, gateway and source VIP endpoints).
 */
export function podEndpoints(snapshot: NodeSnapshot): HnsEndpoint[] {
  const special = hostAddresses(snapshot);
  return snapshot.endpoints.filter((endpoint) => {
    if (endpoint.isRemote === true || isHostEndpoint(endpoint)) return false;
    if (endpoint.ipAddresses.some((ip) => special.has(ip))) return false;
    const network = snapshot.links.networkOf.get(endpoint);
    const type = network?.type ?? endpoint.networkType;
    if (type === 'nat' || type === 'ics') return false;
    const { podNetworkId } = snapshot.mode;
    if (network && podNetworkId !== undefined && network.id !== podNetworkId) return false;
    return hasPodSign(snapshot, endpoint);
  });
}

/** A bridge, gateway or source VIP endpoint by the name its agent gave it. */
export function isHostEndpoint(endpoint: HnsEndpoint): boolean {
  return HOST_NAME.test(endpoint.name ?? '');
}

function hasPodSign(snapshot: NodeSnapshot, endpoint: HnsEndpoint): boolean {
  const { links } = snapshot;
  return (
    endpoint.sharedContainers.length > 0 ||
    endpoint.namespaceId !== undefined ||
    containerIdOfName(endpoint.name) !== undefined ||
    AZURE_NAME.test(endpoint.name ?? '') ||
    links.podOf.has(endpoint) ||
    links.containersOf.has(endpoint)
  );
}

/** Addresses of the host itself and of the source VIP: no pod has them. */
function hostAddresses(snapshot: NodeSnapshot): Set<string> {
  const texts = [
    snapshot.addresses.managementIp?.value,
    ...snapshot.sourceVips.map((vip) => vip.address?.value),
    ...snapshot.logs.map((log) => log.flags.get('--source-vip')?.value),
    ...snapshot.compartments
      .filter((compartment) => compartment.id === 1)
      .flatMap(({ adapters }) => adapters.flatMap((a) => [...a.ipv4, ...a.ipv6]))
      .map(({ address }) => address),
  ];
  return new Set(
    texts.flatMap((text) =>
      text === undefined ? [] : (canonicalIp(text.split('/')[0] ?? '') ?? []),
    ),
  );
}

/** The subnet an endpoint's address is in: of its network, else by its own prefix length. */
export function subnetOf(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  ip: string,
):
  | {
      readonly cidr: Cidr;
      readonly gateway: string | undefined;
      readonly network: HnsNetwork | undefined;
    }
  | undefined {
  const address = parseIp(ip);
  if (!address) return undefined;
  const network = snapshot.links.networkOf.get(endpoint);
  for (const { prefix, gateway } of network?.subnets ?? []) {
    const cidr = parseCidr(prefix);
    if (cidr && cidrHas(cidr, address))
      return { cidr, gateway: canonicalIp(gateway ?? ''), network };
  }
  const { prefixLength } = endpoint;
  const host = address.family === 4 ? 32 : 128;
  if (prefixLength === undefined || prefixLength >= host || prefixLength < 1) return undefined;
  return { cidr: cidrOf(address, prefixLength), gateway: undefined, network };
}

/** How to call an endpoint's pod in a sentence: the pod's name where it is known, else the address. */
export function podNameOf(snapshot: NodeSnapshot, endpoint: HnsEndpoint): string {
  return (
    snapshot.links.podOf.get(endpoint)?.name ??
    endpoint.ipAddresses[0] ??
    endpoint.name ??
    endpoint.id.slice(0, 8)
  );
}

/** The pod of an endpoint, where both are known. */
export const podOf = (
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint | undefined,
): KubePod | undefined => endpoint && snapshot.links.podOf.get(endpoint);

const FILETIME_EPOCH_MS = 11_644_473_600_000n;

/** Milliseconds UTC of a FILETIME as HNS prints it (100 ns since 1601); undefined for anything else. */
export function filetimeMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{17,19}$/.test(text)) return undefined;
  return Number(BigInt(text) / 10_000n - FILETIME_EPOCH_MS);
}
