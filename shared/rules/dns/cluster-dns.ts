import type { Evidence } from '../../model/evidence';
import { inCidr } from '../../model/ip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

export interface ClusterDns {
  /** Addresses of the DNS service. */
  readonly vips: readonly string[];
  /** Where the address was read. */
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

const DNS_SERVICE = /^(kube-dns|coredns|rke2-coredns.*|dns-default)$/i;

/**
 * The address of the cluster's DNS service: of the service object, else of the kubelet's
 * `--cluster-dns`, else of the CNI configuration, else of a load balancer for port 53.
 */
export function clusterDns(snapshot: NodeSnapshot): ClusterDns | undefined {
  const services = snapshot.cluster.services.filter(
    ({ name, namespace, clusterIps }) =>
      DNS_SERVICE.test(name) &&
      (namespace === undefined || /^(kube-system|openshift-dns)$/.test(namespace)) &&
      clusterIps.length > 0,
  );
  if (services.length > 0) {
    return {
      vips: services.flatMap(({ clusterIps }) => clusterIps),
      source: `service ${services[0]?.name ?? ''}`,
      evidence: services.flatMap(({ evidence }) => evidence.slice(0, 1)),
    };
  }
  const flag = snapshot.logs
    .filter(({ component }) => component === 'kubelet')
    .flatMap(({ flags }) => flags.get('--cluster-dns') ?? [])
    .at(-1);
  const flagged =
    flag?.value
      .replace(/[[\]"]/g, '')
      .split(/[\s,]+/)
      .filter((ip) => ip !== '') ?? [];
  if (flag && flagged.length > 0) {
    return { vips: flagged, source: "the kubelet's --cluster-dns", evidence: [flag.evidence] };
  }
  const servers = snapshot.cniConfigs.flatMap(({ plugins }) =>
    plugins.flatMap(({ dnsServers }) => dnsServers),
  );
  if (servers.length > 0) {
    return {
      vips: servers.map(({ value }) => value),
      source: 'the CNI configuration',
      evidence: servers.slice(0, 1).map(({ evidence }) => evidence),
    };
  }
  const balancers = snapshot.loadBalancers.filter(
    ({ ports, vips }) => vips.length > 0 && ports.some(({ externalPort }) => externalPort === 53),
  );
  const vips = [...new Set(balancers.flatMap((lb) => lb.vips))];
  return vips.length === 0
    ? undefined
    : {
        vips,
        source: 'the load balancer for port 53',
        evidence: balancers.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, 1),
      };
}

/** Domain of the cluster by the suffixes in use (`svc.<domain>`); `cluster.local` where none is seen. */
export function clusterDomain(snapshot: NodeSnapshot): string {
  const seen = [
    ...snapshot.cniConfigs.flatMap(({ plugins }) =>
      plugins.flatMap(({ dnsSearch }) => dnsSearch.map(({ value }) => value)),
    ),
    ...snapshot.endpoints.flatMap(({ dnsSuffixes }) => dnsSuffixes),
  ];
  for (const suffix of seen) {
    const domain = /(?:^|\.)svc\.(.+)$/i.exec(suffix)?.[1];
    if (domain !== undefined) return domain.toLowerCase();
  }
  return 'cluster.local';
}

/** Is this server a DNS pod itself: an endpoint of the DNS service, or an address that pods have? */
export function isDnsPod(snapshot: NodeSnapshot, server: string): boolean {
  const endpoints = snapshot.cluster.endpoints.some(
    ({ service, addresses }) =>
      DNS_SERVICE.test(service) && addresses.some(({ ip }) => ip === server),
  );
  const backends = snapshot.loadBalancers.some(
    (lb) =>
      lb.ports.some(({ externalPort }) => externalPort === 53) &&
      lb.endpointIds.some((id) =>
        snapshot.links.endpointById.get(id)?.ipAddresses.includes(server),
      ),
  );
  const prefixes = [
    ...snapshot.cluster.nodes.flatMap(({ podCidrs }) => podCidrs),
    ...snapshot.cluster.netConfs.flatMap(({ network }) => (network ? [network.value] : [])),
    ...(snapshot.addresses.podCidr ? [snapshot.addresses.podCidr.value] : []),
  ];
  return endpoints || backends || prefixes.some((prefix) => inCidr(server, prefix) === true);
}
