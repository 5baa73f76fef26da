import type { Evidence } from '../model/evidence';
import type { KubeService } from '../model/kubernetes';
import { canonicalIp, inCidr } from '../model/ip';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { activeCni } from './active-cni';

/** The address pods send their DNS queries to, and how it is known. */
export interface DnsVip {
  readonly ip: string;
  /** The service, where the services were collected. */
  readonly service: KubeService | undefined;
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

const DNS_NAMES = /^(kube-dns|coredns|rke2-coredns(-rke2-coredns)?|dns-default|k8s-dns)$/i;

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

/**
 * The cluster's DNS addresses: of the DNS service; without services what the kubelet was started
 * with (`--cluster-dns`), else the CNI's name servers that lie in a service prefix the CNI routes.
 * A resolver outside of the cluster is none.
 */
export function dnsVips(snapshot: NodeSnapshot): DnsVip[] {
  const fromServices = dnsServices(snapshot).flatMap((service) =>
    service.clusterIps.flatMap((text): DnsVip[] => {
      const ip = canonicalIp(text);
      if (ip === undefined) return [];
      return [
        { ip, service, source: `service ${service.name}`, evidence: service.evidence.slice(0, 1) },
      ];
    }),
  );
  if (fromServices.length > 0 || snapshot.cluster.services.length > 0) return fromServices;
  const flag = snapshot.logs
    .map((log) => log.flags.get('cluster-dns'))
    .find((f) => f !== undefined);
  const fromKubelet = (flag?.value ?? '')
    .replace(/[[\]]/g, '')
    .split(/[\s,]+/)
    .flatMap((text) => canonicalIp(text) ?? [])
    .map((ip): DnsVip => ({
      ip,
      service: undefined,
      source: "the kubelet's --cluster-dns",
      evidence: flag ? [flag.evidence] : [],
    }));
  if (fromKubelet.length > 0) return fromKubelet;
  const cni = activeCni(snapshot);
  const prefixes = (cni?.plugin.policies ?? []).flatMap(({ policy }) =>
    policy.kind === 'route' && policy.needEncap && !policy.destinationPrefix.endsWith('/32')
      ? [policy.destinationPrefix]
      : [],
  );
  return (cni?.plugin.dnsServers ?? []).flatMap(({ value, evidence }): DnsVip[] => {
    const ip = canonicalIp(value);
    if (ip === undefined || !prefixes.some((prefix) => inCidr(ip, prefix) === true)) return [];
    return [{ ip, service: undefined, source: 'the CNI configuration', evidence: [evidence] }];
  });
}
