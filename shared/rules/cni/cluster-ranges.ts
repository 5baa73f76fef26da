import { cidrText, parseCidr } from '../../model/ip';
import type { KubeService } from '../../model/kubernetes';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { Expected } from './active-config';
import { hostCidr, podFamilies } from './active-config';

/** All pod subnets known: of the nodes, of flannel's network, of this node's HNS network. Families without pods are left out. */
export function podRanges(snapshot: NodeSnapshot): Expected[] {
  const families = podFamilies(snapshot);
  const { cluster, addresses } = snapshot;
  const found: Expected[] = [
    ...cluster.nodes.flatMap((node) =>
      node.podCidrs.flatMap((text) => {
        const cidr = parseCidr(text);
        return cidr
          ? [{ what: `pods of ${node.name}`, cidr, evidence: node.evidence.slice(-1) }]
          : [];
      }),
    ),
    ...cluster.netConfs.flatMap((conf) => {
      const cidr = conf.network && parseCidr(conf.network.value);
      return cidr && conf.network
        ? [{ what: 'the pod network of flannel', cidr, evidence: [conf.network.evidence] }]
        : [];
    }),
  ];
  const own = addresses.podCidr && parseCidr(addresses.podCidr.value);
  if (own && addresses.podCidr)
    found.push({ what: 'pods of this node', cidr: own, evidence: addresses.podCidr.evidence });
  return found.filter(({ cidr }) => families.has(cidr.family));
}

/** Cluster IPs of the services, one by one (the service CIDR itself is in no API object). */
export function clusterIps(
  snapshot: NodeSnapshot,
): (Expected & { readonly service: KubeService })[] {
  const families = podFamilies(snapshot);
  return snapshot.cluster.services.flatMap((service) =>
    service.clusterIps.flatMap((ip) => {
      const cidr = hostCidr(ip);
      if (!cidr || !families.has(cidr.family)) return [];
      return [
        {
          what: `service ${service.name} (${ip})`,
          cidr,
          evidence: service.evidence.slice(0, 1),
          service,
        },
      ];
    }),
  );
}

/** The smallest prefix that holds some prefixes of one family, not shorter than the families' usual service ranges. */
export function enclosing(ranges: readonly Expected[]): string {
  const [first] = ranges;
  if (!first) return '<service CIDR>';
  const bits = first.cidr.family === 4 ? 32 : 128;
  for (let length = first.cidr.length; length > 0; length -= 1) {
    const host = BigInt(bits - length);
    const base = (first.cidr.base >> host) << host;
    const inside = ranges.every(
      (r) =>
        r.cidr.family !== first.cidr.family ||
        (r.cidr.length >= length && (r.cidr.base >> host) << host === base),
    );
    if (inside) return cidrText({ family: first.cidr.family, ip: base, base, length });
  }
  return '<service CIDR>';
}

/** The cluster's DNS service: kube-dns (CoreDNS keeps the name), else a service of kube-system on port 53. */
export function dnsService(snapshot: NodeSnapshot): KubeService | undefined {
  const { services } = snapshot.cluster;
  return (
    services.find((s) => s.name === 'kube-dns') ??
    services.find(
      (s) =>
        /dns/i.test(s.name) && s.namespace === 'kube-system' && s.ports.some((p) => p.port === 53),
    )
  );
}
