import type { Evidence } from '../../model/evidence';
import { canonicalIp } from '../../model/ip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** A flag of the kubelet from its log's flag dump, with its line. */
function kubeletFlag(
  snapshot: NodeSnapshot,
  name: string,
): { readonly value: string; readonly evidence: Evidence } | undefined {
  for (const log of snapshot.logs) {
    const flag = log.component === 'kubelet' ? log.flags.get(name) : undefined;
    if (flag && flag.value !== '' && flag.value !== '[]') return flag;
  }
  return undefined;
}

/** Addresses of kubelet's --cluster-dns (`[10.96.0.10]` in a flag dump). */
export function kubeletDns(
  snapshot: NodeSnapshot,
): { readonly ips: readonly string[]; readonly evidence: Evidence } | undefined {
  const flag = kubeletFlag(snapshot, '--cluster-dns');
  const ips = (flag?.value ?? '')
    .replace(/[[\]]/g, '')
    .split(/[,\s]+/)
    .flatMap((t) => canonicalIp(t) ?? []);
  return flag && ips.length > 0 ? { ips, evidence: flag.evidence } : undefined;
}

/** The cluster's domain by kubelet's --cluster-domain. */
export function clusterDomain(
  snapshot: NodeSnapshot,
): { readonly value: string; readonly evidence: Evidence } | undefined {
  const flag = kubeletFlag(snapshot, '--cluster-domain');
  return flag && { value: flag.value.replace(/\.$/, ''), evidence: flag.evidence };
}
