import type { LocalPod, NodePlan } from './node-plan';

/**
 * Search suffixes of a pod's endpoint. Static win-bridge settings give what the CNI file lists;
 * with the `dns` capability the kubelet hands the pod's own list over (overlay here).
 */
export function endpointSuffixes(plan: NodePlan, pod: Pick<LocalPod, 'namespace'>): string[] {
  return plan.mode === 'overlay'
    ? [`${pod.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
    : [...plan.dnsSuffixes];
}
