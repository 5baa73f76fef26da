import type { CniPlugin } from '../model/cni';
import type { Evidence } from '../model/evidence';
import type { KubeService } from '../model/kubernetes';
import { canonicalIp, inCidr } from '../model/ip';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { endpointConfig } from './cni/active-config';

/** The address pods send their DNS queries to, and how it is known. */
export interface DnsVip {
  readonly ip: string;
  /** The service, where the services were collected. */
  readonly service: KubeService | undefined;
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

export interface ClusterDns {
  /** Addresses of the DNS service. */
  readonly vips: readonly string[];
  /** Where the address was read. */
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

const DNS_NAMES = /^(kube-dns|coredns|rke2-coredns.*|dns-default|k8s-dns)$/i;

/** The cluster's DNS services: by their customary names, else a kube-system service on port 53 of both protocols. */
export function dnsServices(snapshot: NodeSnapshot): KubeService[] {
  const { services } = snapshot.cluster;
  const on53 = services.filter(
    (s) => !s.headless && s.clusterIps.length > 0 && s.ports.some(({ port }) => port === 53),
  );
  const named = on53.filter(
    (s) =>
      DNS_NAMES.test(s.name) &&
      (s.namespace === undefined || /^(kube-system|openshift-dns)$/.test(s.namespace)),
  );
  return named.length > 0 ? named : on53.filter((s) => s.namespace === 'kube-system');
}

/** A flag of the kubelet from the flag dump of its log, with its line; of several runs the last. */
function kubeletFlag(
  snapshot: NodeSnapshot,
  name: string,
): { readonly value: string; readonly evidence: Evidence } | undefined {
  return snapshot.logs
    .filter(({ component }) => component === 'kubelet')
    .flatMap(({ flags }) => flags.get(name) ?? [])
    .findLast(({ value }) => value !== '' && value !== '[]');
}

/** Addresses of the kubelet's `--cluster-dns` (`[10.96.0.10]` in a flag dump). */
export function kubeletDns(
  snapshot: NodeSnapshot,
): { readonly ips: readonly string[]; readonly evidence: Evidence } | undefined {
  const flag = kubeletFlag(snapshot, '--cluster-dns');
  const ips = (flag?.value ?? '')
    .replace(/[[\]"]/g, '')
    .split(/[\s,]+/)
    .flatMap((text) => canonicalIp(text) ?? []);
  return flag && ips.length > 0 ? { ips, evidence: flag.evidence } : undefined;
}

/** The cluster's domain by the kubelet's `--cluster-domain`, lower case. */
export function kubeletDomain(
  snapshot: NodeSnapshot,
): { readonly value: string; readonly evidence: Evidence } | undefined {
  const flag = kubeletFlag(snapshot, '--cluster-domain');
  return flag && { value: flag.value.replace(/\.$/, '').toLowerCase(), evidence: flag.evidence };
}

/**
 * The cluster's DNS addresses: of the DNS service; without services what the kubelet was started
 * with (`--cluster-dns`), else the CNI's name servers that lie in a service prefix the CNI routes.
 * A resolver outside of the cluster is none.
 */
export function dnsVips(snapshot: NodeSnapshot): DnsVip[] {
  const fromServices = ofServices(snapshot);
  if (fromServices.length > 0 || snapshot.cluster.services.length > 0) return fromServices;
  const fromKubelet = ofKubelet(snapshot);
  if (fromKubelet.length > 0) return fromKubelet;
  const cni = endpointConfig(snapshot);
  const prefixes = (cni?.plugin.policies ?? []).flatMap(({ policy }) =>
    policy.kind === 'route' && policy.needEncap && !policy.destinationPrefix.endsWith('/32')
      ? [policy.destinationPrefix]
      : [],
  );
  return ofCni(cni ? [cni.plugin] : []).filter(({ ip }) =>
    prefixes.some((prefix) => inCidr(ip, prefix) === true),
  );
}

/**
 * What pods are most likely to ask: as `dnsVips`, else any server that the CNI configurations name,
 * else the address of a load balancer for port 53. Undefined when nothing tells.
 */
export function clusterDns(snapshot: NodeSnapshot): ClusterDns | undefined {
  const [services, kubelet, cni] = [
    ofServices(snapshot),
    ofKubelet(snapshot),
    ofCni(snapshot.cniConfigs.flatMap(({ plugins }) => plugins)),
  ];
  const known = [services, kubelet, cni, ofLoadBalancers(snapshot)].find((v) => v.length > 0);
  const [first] = known ?? [];
  if (!known || !first) return undefined;
  return {
    vips: [...new Set(known.map(({ ip }) => ip))],
    source: first.source,
    evidence: first.evidence,
  };
}

const ofServices = (snapshot: NodeSnapshot): DnsVip[] =>
  dnsServices(snapshot).flatMap((service) =>
    service.clusterIps.flatMap((text): DnsVip[] => {
      const ip = canonicalIp(text);
      const evidence = service.evidence.slice(0, 1);
      return ip === undefined ? [] : [{ ip, service, source: `service ${service.name}`, evidence }];
    }),
  );

function ofKubelet(snapshot: NodeSnapshot): DnsVip[] {
  const flag = kubeletDns(snapshot);
  if (!flag) return [];
  const source = "the kubelet's --cluster-dns";
  return flag.ips.map((ip) => ({ ip, service: undefined, source, evidence: [flag.evidence] }));
}

const ofCni = (plugins: readonly CniPlugin[]): DnsVip[] =>
  plugins
    .flatMap(({ dnsServers }) => dnsServers)
    .flatMap(({ value, evidence }): DnsVip[] => {
      const ip = canonicalIp(value);
      const source = 'the CNI configuration';
      return ip === undefined ? [] : [{ ip, service: undefined, source, evidence: [evidence] }];
    });

const ofLoadBalancers = (snapshot: NodeSnapshot): DnsVip[] =>
  snapshot.loadBalancers
    .filter(({ ports }) => ports.some(({ externalPort }) => externalPort === 53))
    .flatMap(({ vips, evidence }) =>
      vips.map((ip) => ({
        ip,
        service: undefined,
        source: 'the load balancer for port 53',
        evidence: evidence.slice(0, 1),
      })),
    );

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

/** Addresses of the DNS pods: endpoints of the DNS service, else the backends of load balancers for port 53. */
export function dnsPodAddresses(snapshot: NodeSnapshot): readonly string[] {
  const endpoints = snapshot.cluster.endpoints
    .filter(({ service }) => DNS_NAMES.test(service))
    .flatMap(({ addresses }) => addresses.map(({ ip }) => ip));
  const backends = snapshot.loadBalancers
    .filter(({ ports }) => ports.some(({ externalPort }) => externalPort === 53))
    .flatMap(({ endpointIds }) =>
      endpointIds.flatMap(
        (id) => snapshot.links.endpointById.get(id)?.ipAddresses.slice(0, 1) ?? [],
      ),
    );
  const found = endpoints.length > 0 ? endpoints : backends;
  return [...new Set(found.flatMap((ip) => canonicalIp(ip) ?? []))];
}

/** Is this server a DNS pod itself: an endpoint of the DNS service, or an address that pods have? */
export function isDnsPod(snapshot: NodeSnapshot, server: string): boolean {
  const endpoints = snapshot.cluster.endpoints.some(
    ({ service, addresses }) =>
      DNS_NAMES.test(service) && addresses.some(({ ip }) => ip === server),
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
