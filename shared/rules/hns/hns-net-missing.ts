import type { Evidence } from '../../model/evidence';
import type { Remedy } from '../../model/finding';
import { networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { endpointConfig } from '../cni/active-config';
import { fieldEvidence, isWholeListing, listingEvidence, someOf } from '../evidence-lines';
import { codesIn } from '../events/event-codes';
import { baseName, newestLog } from '../logs/log-runs';
import { doesNotApply, fired, notChecked, passed, type Rule } from '../rule';
import { excerpt, lastWords } from '../system/why-not-running';

export const rule: Rule = {
  meta: {
    id: 'HNS-NET-MISSING',
    step: 6,
    severity: 'error',
    title: 'HNS has the pod network',
    description:
      'Pods are attached to a network of HNS that the CNI or its agent makes (cbr0, vxlan0, flannel.4096, Calico, azure). When HNS lists only nat and helper networks, there is none.',
    impact:
      'No pod can be attached: new pods stay in ContainerCreating, and after a reboot running ones lose their network.',
    needs: ['networks'],
    falsePositives:
      'azure makes its network with the first pod of a fresh node; such a node is left out while it has no pods.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/Azure/aks-engine/issues/4352',
    ],
    explains: [
      'HNS-NET-EXTERNAL',
      'HNS-EP-NO-VNIC',
      'SVC-LB-MISSING',
      'SVC-NODEPORT-NOLB',
      'DNS-LB-MISSING',
      'HNS-EP-BRIDGE',
      'LOG-HRESULT',
    ],
    explainsBySameLine: ['LOG-HRESULT'],
  },
  check({ snapshot }) {
    const { networks, mode } = snapshot;
    const pod = networks.find(({ id }) => id === mode.podNetworkId);
    if (pod) return passed(`${pod.name ?? pod.id} carries the pods`);
    if (!isWholeListing(snapshot, 'hns-networks')) {
      return notChecked(
        'The list of networks is cut; the pod network may be in the lost part',
        'networks',
      );
    }
    const cni = endpointConfig(snapshot);
    if (cni?.endpointPlugin === 'nat')
      return doesNotApply('The CNI configuration asks for a nat network');
    if (cni?.endpointPlugin === 'azure-vnet' && !hasPods(snapshot)) {
      return doesNotApply(
        'azure makes its network with the first pod, and no pod of this node is known',
      );
    }
    const wanted = cni?.config.name;
    const names = networks.map(({ name, id }) => name ?? id);
    const refusal = agentError(snapshot);
    const stale = refusal !== undefined && isStaleName(refusal.text, names);
    return fired({
      title: wanted
        ? `The pod network ${wanted.value} is not in HNS`
        : 'There is no pod network in HNS',
      summary:
        names.length === 0
          ? 'HNS lists no network at all.'
          : `HNS lists only ${someOf(names)}: none of them carries pods.`,
      cause:
        refusal === undefined
          ? 'The agent that makes the network (flanneld, calico-node, azure-vnet) has not run since the node started, failed, or the network was removed: HNS networks of some types do not survive a reboot or an update.'
          : `The last error of the agent that makes the network (${refusal.file}): "${excerpt(refusal.text)}". ${stale ? 'HNS refuses the name as taken and does not list such a network: what it keeps and what it lists do not agree.' : 'If it is of an earlier run, the network was removed later: HNS networks of some types do not survive a reboot or an update.'}`,
      remedy: [
        ...(stale ? [restartHns] : []),
        {
          text: 'Read the log of the agent that owns the network for the reason, then start it again; it makes the network at start.',
          command: 'Restart-Service flanneld   # or calico-node, or the agent of your CNI',
          disturbs: 'Making the external network takes the host off the network for some seconds.',
          verify: {
            kind: 'command',
            command: 'Get-HnsNetwork | select Name, Type, Id',
            shows: 'shows the pod network',
          },
        },
        {
          text: 'Then start kube-proxy again, so that it makes its load balancers on the new network.',
          command: 'Restart-Service kubeproxy',
          disturbs: 'Services answer again when its first sync is done.',
          verify: { kind: 'command', command: 'hnsdiag list loadbalancers' },
        },
      ],
      entities: networks.slice(0, 5).map(networkRef),
      evidence: [
        ...listingEvidence(snapshot, 'hns-networks').slice(0, networks.length === 0 ? 1 : 0),
        ...networks.flatMap((network) => fieldEvidence(network, 'name')).slice(0, 5),
        ...(wanted ? [wanted.evidence] : []),
        ...(refusal ? [refusal.evidence] : []),
      ],
    });
  },
};

/** Components that make the pod network. */
const MAKERS = ['flanneld', 'calico-node', 'antrea-agent', 'azure-vnet', 'rke2'] as const;

/** The last error that a maker of the network logged; its newest log counts. */
function agentError(
  snapshot: NodeSnapshot,
): { readonly text: string; readonly file: string; readonly evidence: Evidence } | undefined {
  for (const component of MAKERS) {
    const log = newestLog(snapshot, component);
    const words = log && lastWords(log);
    if (words) return { ...words, file: baseName(words.evidence.file) };
  }
  return undefined;
}

const NAME_TAKEN = 0x803b0010;

/** Is a network refused because its name is taken, though HNS lists none of a name that the message has? */
const isStaleName = (text: string, names: readonly string[]): boolean =>
  codesIn(text).includes(NAME_TAKEN) && !names.some((name) => text.includes(name));

const restartHns: Remedy = {
  text: 'Drain the node and restart HNS, so that it reads its state anew.',
  command: 'kubectl drain <node> --ignore-daemonsets; Restart-Service hns',
  disturbs: 'Pods of the node lose their network until they are recreated.',
  verify: {
    kind: 'observation',
    text: 'The agent no longer logs that a network with this name already exists',
  },
};

function hasPods({ cluster, node, endpoints }: NodeSnapshot): boolean {
  const own = cluster.pods.some(
    (pod) => pod.node?.toLowerCase() === node.toLowerCase() && pod.hostNetwork !== true,
  );
  return own || endpoints.some(({ isRemote }) => isRemote !== true);
}
