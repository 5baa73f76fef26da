import type { HnsEndpoint } from '../../model/hns';
import { cidrHas, cidrOf, cidrText, parseCidr, parseIp } from '../../model/ip';
import type { Cidr } from '../../model/ip';
import type { KubePod } from '../../model/kubernetes';
import type { Adapter, Compartment } from '../../model/tcpip';
import { containerIdOfName } from '../../snapshot/links';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** The NIC of a pod in its compartment, with what else is known of the pod. */
export interface PodAdapter {
  readonly compartment: Compartment;
  readonly adapter: Adapter;
  /** Its first IPv4 address on the pod network. */
  readonly ip: string;
  readonly endpoint: HnsEndpoint | undefined;
  readonly pod: KubePod | undefined;
  /** The prefix of the pod network that holds the address. */
  readonly subnet:
    | { readonly cidr: Cidr; readonly text: string; readonly gateway: string | undefined }
    | undefined;
}

/** 169.254/16: what Windows gives itself when nobody gives it an address. */
export const isSelfAssigned = (ip: string): boolean => ip.startsWith('169.254.');

/** IPv4 prefixes of the pod network: HNS subnets, else the pod CIDR of the node. */
function podSubnets(
  snapshot: NodeSnapshot,
): { readonly cidr: Cidr; readonly gateway: string | undefined }[] {
  const network = snapshot.networks.find(({ id }) => id === snapshot.mode.podNetworkId);
  const own = snapshot.addresses.podCidr?.value;
  const prefixes = network?.subnets.map(({ prefix, gateway }) => ({ prefix, gateway })) ?? [];
  const all =
    prefixes.length > 0 ? prefixes : own === undefined ? [] : [{ prefix: own, gateway: undefined }];
  return all.flatMap(({ prefix, gateway }) => {
    const cidr = parseCidr(prefix);
    return cidr?.family === 4 ? [{ cidr, gateway }] : [];
  });
}

/**
 * All NICs of pods in ip.txt: adapters outside of the host's compartment whose address lies in the
 * pod network, or that are named after a container and that network.
 */
export function podAdapters(snapshot: NodeSnapshot): readonly PodAdapter[] {
  const subnets = podSubnets(snapshot);
  const network = snapshot.networks.find(({ id }) => id === snapshot.mode.podNetworkId)?.name;
  const byPlace = new Map<Adapter, HnsEndpoint>();
  for (const [endpoint, { compartment, adapterIndex }] of snapshot.links.adapterOf) {
    const adapter = compartment.adapters[adapterIndex];
    if (adapter) byPlace.set(adapter, endpoint);
  }
  return snapshot.compartments
    .filter(({ id }) => id !== 1)
    .flatMap((compartment) =>
      compartment.adapters.flatMap((adapter) => {
        const endpoint = byPlace.get(adapter);
        const place = placeOf(adapter, subnets, network);
        if (!place) return [];
        return [
          {
            compartment,
            adapter,
            ip: place.ip,
            endpoint,
            pod: endpoint && snapshot.links.podOf.get(endpoint),
            subnet: place.subnet,
          },
        ];
      }),
    );
}

function placeOf(
  adapter: Adapter,
  subnets: readonly { readonly cidr: Cidr; readonly gateway: string | undefined }[],
  network: string | undefined,
): Pick<PodAdapter, 'ip' | 'subnet'> | undefined {
  for (const { address } of adapter.ipv4) {
    const ip = parseIp(address);
    const subnet = ip && subnets.find(({ cidr }) => cidrHas(cidr, ip));
    if (subnet) return { ip: address, subnet: { ...subnet, text: cidrText(subnet.cidr) } };
  }
  const [first] = adapter.ipv4;
  const ip = first && parseIp(first.address);
  if (!ip || isSelfAssigned(first.address) || first.prefixLength === undefined) return undefined;
  // `vEthernet (<container id>_<network>)`: a pod of the network whatever its address.
  const inner = /\((.+?)\)?\s*$/.exec(adapter.name)?.[1] ?? adapter.name;
  const named = network === undefined || inner.toLowerCase().endsWith(`_${network.toLowerCase()}`);
  if (containerIdOfName(inner) === undefined || !named) return undefined;
  const cidr = cidrOf(ip, first.prefixLength);
  return { ip: first.address, subnet: { cidr, text: cidrText(cidr), gateway: undefined } };
}

/** How a finding names the pod behind a NIC. */
export function podLabel({ pod, ip, compartment }: PodAdapter): string {
  return pod ? `${pod.name} (${ip})` : `the pod ${ip} (compartment ${compartment.id})`;
}

/** Was ip.txt taken of all compartments? A plain `ipconfig /all` shows the host only. */
export const showsCompartments = (snapshot: NodeSnapshot): boolean =>
  snapshot.compartments.some(({ id }) => id !== 1);
