import { canonicalIp } from '../model/ip';
import type { KubeService } from '../model/kubernetes';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** The service of cluster DNS: `kube-dns` by custom, whatever serves it. */
export function isDnsService(service: KubeService): boolean {
  return (
    /^(kube-dns|coredns|rke2-coredns-rke2-coredns|dns-default)$/.test(service.name) &&
    service.namespace !== 'default'
  );
}

/** Cluster DNS of the case, when its services are known. */
export function dnsServiceOf(snapshot: NodeSnapshot): KubeService | undefined {
  return snapshot.cluster.services.find((s) => isDnsService(s) && s.clusterIps.length > 0);
}

/** Address of cluster DNS: of its service, else as the kubelet or the CNI configuration was told. */
export function dnsVipOf(snapshot: NodeSnapshot): string | undefined {
  const told = dnsServiceOf(snapshot)?.clusterIps[0];
  if (told !== undefined) return told;
  for (const log of snapshot.logs) {
    const flag = log.flags.get('cluster-dns')?.value.replace(/[[\]"]/g, '');
    const ip = flag === undefined ? undefined : canonicalIp(flag.split(/[ ,]/)[0] ?? '');
    if (log.component === 'kubelet' && ip !== undefined) return ip;
  }
  return snapshot.cniConfigs.flatMap((c) => c.plugins.flatMap((p) => p.dnsServers))[0]?.value;
}
