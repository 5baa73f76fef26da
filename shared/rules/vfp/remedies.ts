import type { Remedy } from '../../model/finding';
import type { PodPort } from '../../snapshot/vfp-ports';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';

/** Makes the endpoint, its port and all rules of one pod anew. */
export function recreatePods(snapshot: NodeSnapshot, ports: readonly PodPort[]): Remedy {
  const pods = ports.flatMap(({ endpoint }) => {
    const pod = endpoint && snapshot.links.podOf.get(endpoint);
    return pod ? [pod] : [];
  });
  const [only] = pods;
  return {
    text: 'Delete the pod; its controller makes a new one, and HNS programs the port of the new one from the start.',
    command: kubectlOnPod('delete', only),
    disturbs: ports.length > 1 ? 'Each deleted pod is interrupted.' : 'The pod is interrupted.',
    verify: {
      kind: 'observation',
      text: 'Collect vfpOutput.txt again and open it here: this check passes.',
    },
  };
}

/** The last resort on a node: HNS programs everything again. */
export const RESTART_HNS: Remedy = {
  text: 'If several pods are affected, drain the node, restart HNS, then restart kube-proxy, which does not notice that HNS lost its load balancers.',
  command:
    'kubectl drain <node> --ignore-daemonsets; Restart-Service hns; Restart-Service kubeproxy',
  disturbs:
    'Networking of all pods of the node; a restart of HNS can remove endpoints of running pods.',
  verify: { kind: 'observation', text: 'Collect again: the rules are on every pod port.' },
};

/** `10.244.1.5, 10.244.1.6 and 3 more`. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `1 pod port`, `3 pod ports`. */
export const podPortsText = (count: number): string =>
  `${count} pod ${count === 1 ? 'port' : 'ports'}`;

export const SEED =
  'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648';
export const NETWORK_HEALTH =
  'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/networkmonitor/networkhealth.ps1';
