import type { Evidence } from '../model/evidence';
import type { HnsEndpoint, HnsNetwork } from '../model/hns';
import { canonicalIp, cidrHas, cidrOf, cidrText, parseCidr, parseIp } from '../model/ip';
import type { KubeNode } from '../model/kubernetes';
import type { Adapter, Compartment, Route } from '../model/tcpip';
import type { NodeAddresses, NetworkMode } from './node-snapshot';

type Found = { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;

/**
 * Resolves the addresses rules need. Management IP in the order of decision 6: V1 ManagementIP or
 * V2 ProviderAddress of the pod network, of its helper network, the Kubernetes InternalIP, then the
 * one host adapter with a default gateway.
 */
export function nodeAddresses(about: {
  readonly networks: readonly HnsNetwork[];
  readonly endpoints: readonly HnsEndpoint[];
  readonly mode: NetworkMode;
  readonly compartments: readonly Compartment[];
  readonly routes: readonly Route[];
  readonly kubeNode: KubeNode | undefined;
}): NodeAddresses {
  const pod = about.networks.find((n) => n.id === about.mode.podNetworkId);
  const host = about.compartments.find((c) => c.id === 1);
  const managementIp = managementIpOf(about.networks, pod, about.kubeNode, host, about.routes);
  const adapter = host?.adapters.find((a) =>
    a.ipv4.some((ip) => ip.address === managementIp?.value),
  );
  return {
    managementIp,
    managementIpv6: managementIpv6Of(about.kubeNode, adapter),
    managementSubnet: managementSubnet(managementIp?.value, adapter, about.routes),
    podCidr: podCidrOf(pod, about.kubeNode, about.endpoints),
    hostMac:
      adapter?.mac === undefined
        ? sourceMac(pod)
        : { value: adapter.mac, evidence: adapter.evidence },
  };
}

function managementIpOf(
  networks: readonly HnsNetwork[],
  pod: HnsNetwork | undefined,
  node: KubeNode | undefined,
  host: Compartment | undefined,
  routes: readonly Route[],
): Found {
  const named = [pod, ...networks].find(
    (n) => n?.managementIp !== undefined && n.managementIp !== '',
  );
  if (named?.managementIp)
    return { value: named.managementIp, evidence: named.evidence.slice(0, 1) };
  const internal = node?.internalIps.find((ip) => !ip.includes(':'));
  if (node && internal !== undefined)
    return { value: internal, evidence: node.evidence.slice(0, 1) };
  const routed = host?.adapters.filter(
    (a) => a.gateways.length > 0 && a.ipv4.length > 0 && !/_ep\)?$|\(nat\)|_ep\b/i.test(a.name),
  );
  const only = routed?.length === 1 ? routed[0] : undefined;
  if (only?.ipv4[0]) return { value: only.ipv4[0].address, evidence: only.evidence.slice(0, 1) };
  return fromRoutes(pod, routes);
}

/** The node's IPv6 InternalIP, else a global address of the adapter that has the management IP. */
function managementIpv6Of(node: KubeNode | undefined, adapter: Adapter | undefined): Found {
  const internal = node?.internalIps.find((ip) => ip.includes(':'));
  if (node && internal !== undefined)
    return { value: internal, evidence: node.evidence.slice(0, 1) };
  const own = adapter?.ipv6.find(({ address }) => !/^fe[89ab]/i.test(address));
  const value = canonicalIp(own?.address ?? '');
  return adapter && value !== undefined
    ? { value, evidence: adapter.evidence.slice(0, 1) }
    : undefined;
}

/** The `/32` on-link route beside the default route's interface names the host's own address. */
function fromRoutes(pod: HnsNetwork | undefined, routes: readonly Route[]): Found {
  const podCidr = pod?.subnets[0] ? parseCidr(pod.subnets[0].prefix) : undefined;
  const peers = routes.filter(
    (r) => r.nextHop !== 'on-link' && !/^(0\.0\.0\.0|::)\/0$/.test(r.destination),
  );
  const index = peers[0]?.ifIndex;
  if (index === undefined) return undefined;
  const own = routes.find((r) => {
    const cidr =
      r.ifIndex === index && r.nextHop === 'on-link' ? parseCidr(r.destination) : undefined;
    if (!cidr || cidr.family !== 4 || cidr.length !== 32) return false;
    const last = Number(cidr.base & 0xffn);
    const multicast = cidr.base >> 28n === 14n || cidr.base === 0xffffffffn;
    return (
      last !== 255 && !multicast && !(podCidr && cidrHas(podCidr, { family: 4, value: cidr.base }))
    );
  });
  return own && { value: own.destination.replace('/32', ''), evidence: own.evidence.slice(0, 1) };
}

function managementSubnet(
  ip: string | undefined,
  adapter: Adapter | undefined,
  routes: readonly Route[],
): Found {
  const address = ip === undefined ? undefined : parseIp(ip);
  if (!address) return undefined;
  const length = adapter?.ipv4.find((a) => a.address === ip)?.prefixLength;
  if (adapter && length !== undefined && length < 32) {
    return { value: cidrText(cidrOf(address, length)), evidence: adapter.evidence.slice(0, 1) };
  }
  const onLink = routes
    .map((route) => ({
      route,
      cidr: route.nextHop === 'on-link' ? parseCidr(route.destination) : undefined,
    }))
    .filter(
      ({ cidr }) =>
        cidr !== undefined && cidr.length > 0 && cidr.length < 32 && cidrHas(cidr, address),
    )
    .sort((a, b) => (b.cidr?.length ?? 0) - (a.cidr?.length ?? 0))[0];
  if (!onLink?.cidr) return undefined;
  return { value: cidrText(onLink.cidr), evidence: onLink.route.evidence.slice(0, 1) };
}

function podCidrOf(
  pod: HnsNetwork | undefined,
  node: KubeNode | undefined,
  endpoints: readonly HnsEndpoint[],
): Found {
  const subnet = pod?.subnets.find((s) => parseCidr(s.prefix)?.family === 4) ?? pod?.subnets[0];
  if (pod && subnet) return { value: subnet.prefix, evidence: pod.evidence.slice(0, 1) };
  const cidr = node?.podCidrs[0];
  if (node && cidr !== undefined) return { value: cidr, evidence: node.evidence.slice(0, 1) };
  return fromEndpoints(pod, endpoints);
}

/** Without a subnet in the listing, the local endpoints' own prefix tells it (newer builds print /32: no help). */
function fromEndpoints(pod: HnsNetwork | undefined, endpoints: readonly HnsEndpoint[]): Found {
  for (const endpoint of endpoints) {
    const ip = parseIp(endpoint.ipAddresses[0] ?? '');
    const length = endpoint.prefixLength;
    const own =
      pod === undefined || endpoint.networkName?.toLowerCase() === pod.name?.toLowerCase();
    if (
      !ip ||
      endpoint.isRemote === true ||
      !own ||
      length === undefined ||
      length >= 32 ||
      length < 16
    )
      continue;
    return { value: cidrText(cidrOf(ip, length)), evidence: endpoint.evidence.slice(0, 1) };
  }
  return undefined;
}

function sourceMac(pod: HnsNetwork | undefined): Found {
  return pod?.sourceMac === undefined
    ? undefined
    : { value: pod.sourceMac, evidence: pod.evidence.slice(0, 1) };
}
