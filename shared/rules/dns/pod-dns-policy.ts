import type { PodAdapter } from '../outbound/pod-adapters';

/** Does the pod ask for other DNS settings than the cluster's? Undefined where the pod is not known. */
export function hasOwnDns({ pod }: PodAdapter): boolean | undefined {
  if (pod?.dnsPolicy === undefined) return undefined;
  return /^(Default|None)$/i.test(pod.dnsPolicy);
}
