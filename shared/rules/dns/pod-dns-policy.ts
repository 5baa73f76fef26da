import type { KubePod } from '../../model/kubernetes';

/** Does its policy hand a pod the DNS of the cluster? Undefined where pod or policy were not collected. */
export function asksClusterDns(pod: Pick<KubePod, 'dnsPolicy'> | undefined): boolean | undefined {
  if (pod?.dnsPolicy === undefined) return undefined;
  return !/^(Default|None)$/i.test(pod.dnsPolicy);
}
