import { mac as canonicalMac, macText } from '../../model/ids';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { Peer } from '../inter-node/peers';
import { flowRule, ofUnanswered, traceIt, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import { isMac } from './observed-paths';

export const rule = flowRule(
  {
    id: 'FLOW-POD-POD-L2B',
    severity: 'error',
    title: 'Packets to pods of other nodes leave as l2bridge needs it',
    description:
      'Follows captured packets of pods to pods of other nodes: they must leave the node with the MAC of the host, the address of the pod, and the MAC of the node that has the other pod. Only flows without an answer are reported.',
    impact: 'Pods of that node are not reached.',
    needs: ['captures'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'calico-bgp', 'win-bridge'],
    falsePositives:
      'A router between the nodes (another subnet, routes of a cloud) is a right next hop, too: only what goes past the route of the node is reported.',
    explains: ['CT-POD-POD-REMOTE', 'CNT-ASYM'],
  },
  ['remote-pod'],
  ofUnanswered((each) =>
    each.path.to.kind === 'remote-pod' ? judge(each, each.path.to.peer) : RIGHT,
  ),
);

function judge(
  { context: { snapshot }, path, out, wrong, neverLeft }: JudgedPath,
  peer: Peer,
): Verdict {
  if (out === undefined)
    return neverLeft(() => true, {
      title: (who) => `Packets never leave the node: ${who}`,
      seen: `${path.flow.client.packets} packets leave the pod and are not seen at the uplink, where others are`,
      cause:
        'The host does not forward them: no route to the pod subnet, forwarding off on the host endpoint, or no neighbour that answers.',
      remedy: traceIt(
        'Look at the routes and at forwarding in step 7.',
        'Get-NetRoute -IncludeAllCompartments; Get-NetIPInterface',
      ),
    });
  if (out.flow.client.address !== path.flow.client.address)
    return wrong({
      title: (who) => `Packets between pods are translated: ${who}`,
      seen: `They leave with the source ${out.flow.client.address} and get no answer`,
      cause: 'The exceptions of the OutBoundNAT policy lack the pods of the cluster.',
      remedy: traceIt(
        'Add the cluster CIDR to the exceptions in the CNI configuration, and make the pod anew.',
        'kubectl delete pod <pod>',
      ),
    });
  const nextHop = canonicalMac(out.rewrite.macs?.to[1] ?? '');
  const wanted = macOfPeer(snapshot, peer);
  if (nextHop === undefined || wanted === undefined)
    return open(`the MAC address of node ${peer.name} is not known`);
  if (isMac(nextHop, wanted)) return RIGHT;
  return wrong({
    title: (who) => `Packets leave to a wrong next hop: ${who}`,
    seen: `They leave to ${macText(nextHop)}; node ${peer.name}, which has the pod, is ${macText(wanted)}; no answer comes`,
    cause:
      'The route to the pod subnet of that node is missing or leads elsewhere: the packets go to the default gateway.',
    remedy: traceIt(
      'Compare the routes with the pod subnets of the nodes in step 7; flannel adds the missing one when it starts.',
      'Restart-Service flanneld',
    ),
  });
}

/** The MAC by which a peer on the same segment is reached: its own, or what the node learned for it. */
function macOfPeer(snapshot: NodeSnapshot, peer: Peer): string | undefined {
  const learned = snapshot.neighbours.find(
    ({ ip, mac }) => peer.ips.includes(ip) && mac !== undefined,
  );
  return canonicalMac(learned?.mac ?? peer.snapshot?.addresses.hostMac?.value ?? '');
}
