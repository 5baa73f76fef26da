import type { KubePod } from '../../model/kubernetes';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** Pods that have a network of their own and run, here or on other nodes. */
export function networkedPods(
  snapshot: NodeSnapshot,
  where: 'here' | 'elsewhere',
): readonly KubePod[] {
  return snapshot.cluster.pods.filter((pod) => {
    if (pod.hostNetwork === true || pod.hostProcess === true || pod.node === undefined)
      return false;
    if (!runs(pod)) return false;
    const here = pod.node.toLowerCase() === snapshot.node.toLowerCase();
    return here === (where === 'here');
  });
}

/** A table shows the reason instead of the phase where a pod waits or has ended. */
const runs = ({ phase, status, ips }: KubePod): boolean =>
  phase === undefined ? ips.length > 0 || !NOT_RUNNING.test(status ?? '') : phase === 'Running';

const NOT_RUNNING =
  /^(ContainerCreating|PodInitializing|Init:.*|Completed|Evicted|ErrImagePull|ImagePullBackOff|InvalidImageName)$/;

/** Do the pod lists say which pods are on this node? Not while only a folder names the node. */
export const podsPlaced = (snapshot: NodeSnapshot): boolean =>
  snapshot.cluster.pods.some(
    ({ node }) =>
      node !== undefined &&
      (!snapshot.nameGuessed || node.toLowerCase() === snapshot.node.toLowerCase()),
  );

/** Lines of all pods in a list, for a finding about pods that are not there. */
export const podListEvidence = (snapshot: NodeSnapshot) =>
  snapshot.cluster.pods.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, 1);
