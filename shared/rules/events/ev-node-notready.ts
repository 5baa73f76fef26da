import { nodeRef } from '../../snapshot/entity-ref';
import { listingTime } from '../../snapshot/evidence-span';
import { argument } from '../commands';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, notChecked, passed } from '../rule';
import { kubeNodeOf } from './node-scope';

/** The kubelet renews the node's status at least every 5 minutes. */
const HEARTBEAT_LIMIT = 6 * 60_000;

export const rule: Rule = {
  meta: {
    id: 'EV-NODE-NOTREADY',
    step: 3,
    severity: 'error',
    title: 'The node is Ready and its heartbeat is fresh',
    description:
      'Looks at the Ready condition of this node and at the age of its last heartbeat, compared with the other nodes of the same listing, else with the time of collection.',
    impact:
      'The kubelet hangs or is cut off from the API server, as can happen when the vSwitch is made: pods are not started, and after some minutes are evicted.',
    needs: ['nodes'],
    falsePositives:
      'A node that is cordoned for maintenance and shut down. A listing that was made at another time than the rest of the bundle.',
    references: [REF.article, REF.commonProblems],
    explains: ['CT-ROLLOUT-STALLED'],
  },
  check({ snapshot }) {
    const node = kubeNodeOf(snapshot);
    if (!node) return notChecked(`The node listing does not name ${snapshot.node}`, 'nodes');
    if (node.ready === undefined)
      return notChecked('The node listing does not say whether the node is Ready', 'nodes');
    const peers = snapshot.cluster.nodes.filter((n) => n !== node);
    const fromPeers = Math.max(...peers.map((n) => n.lastHeartbeat ?? -Infinity));
    const hasPeers = Number.isFinite(fromPeers);
    const now = hasPeers ? fromPeers : listingTime(snapshot, 'kube-nodes');
    const age =
      node.lastHeartbeat === undefined || now === undefined ? undefined : now - node.lastHeartbeat;
    const isStale = age !== undefined && age > HEARTBEAT_LIMIT;
    if (node.ready && !isStale) {
      return passed(
        age === undefined
          ? `${node.name} is Ready`
          : `${node.name} is Ready, last heartbeat ${Math.max(0, Math.round(age / 1000))} s before the newest time known`,
      );
    }
    const minutes = Math.round((age ?? 0) / 60_000);
    return fired({
      title: node.ready
        ? `${node.name} has sent no heartbeat for ${minutes} minutes`
        : `${node.name} is not Ready`,
      summary: node.ready
        ? `The node still counts as Ready, but its kubelet last reported ${minutes} minutes before ${hasPeers ? 'the other nodes of the listing' : 'the collection'}.`
        : `The Ready condition is not True${node.readyReason === undefined ? '' : `: ${node.readyReason}`}.`,
      cause: /cni|network/i.test(node.readyReason ?? '')
        ? 'The container runtime has no usable CNI configuration, so the kubelet reports the network as not ready.'
        : 'The kubelet hangs or stopped, or lost its way to the API server, for instance when the vSwitch took over the network adapter.',
      remedy: [
        {
          text: 'See whether the kubelet still writes its log and what its last lines say.',
          command: 'Get-Content C:\\k\\kubelet.log -Tail 100',
          verify: { kind: 'observation', text: 'The last line is seconds old' },
        },
        {
          text: 'Restart the kubelet.',
          command: 'Restart-Service kubelet',
          disturbs: 'Running pods go on; no pod is started or stopped until it is up.',
          verify: {
            kind: 'command',
            command: `kubectl get node ${argument(node.name)}`,
            shows: 'shows Ready',
          },
        },
      ],
      // Without peers only the time of collection is left, which copies may distort.
      ...(node.ready && !hasPeers ? { severity: 'warning' as const } : {}),
      entities: [nodeRef(node)],
      evidence: node.evidence.slice(0, 2),
    });
  },
};
