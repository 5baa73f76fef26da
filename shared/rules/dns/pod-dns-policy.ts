import type { HnsEndpoint } from '../../model/hns';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { PodAdapter } from '../outbound/pod-adapters';

/** Does the pod ask for other DNS settings than the cluster's? Undefined where the pod is not known. */
export function hasOwnDns({ pod }: PodAdapter): boolean | undefined {
  if (pod?.dnsPolicy === undefined) return undefined;
  return /^(Default|None)$/i.test(pod.dnsPolicy);
}

/** Does the policy of the endpoint's pod hand it the cluster DNS? `unknown` where the pod was not collected. */
export function usesClusterDns(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
): 'yes' | 'no' | 'unknown' {
  const pod = snapshot.links.podOf.get(endpoint);
  if (pod?.dnsPolicy === undefined) return 'unknown';
  return pod.dnsPolicy === 'ClusterFirst' || pod.dnsPolicy === 'ClusterFirstWithHostNet'
    ? 'yes'
    : 'no';
}
