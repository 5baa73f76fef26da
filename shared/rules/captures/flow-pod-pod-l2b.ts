import { mac as canonicalMac, macText } from '../../model/ids';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { Peer } from '../inter-node/peers';
import type { Rule, RuleContext } from '../rule';
import { expectationOf } from './expected-headers';
import {
  FLOW_REFERENCES,
  isUnanswered,
  judgePaths,
  open,
  RIGHT,
  traceIt,
  wrong,
  type Verdict,
} from './judge-paths';
import { holdsOutside, isMac, leaves, type ObservedPath } from './observed-paths';

export const rule: Rule = {
  meta: {
    id: 'FLOW-POD-POD-L2B',
    step: 8,
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
    references: FLOW_REFERENCES,
    explains: ['CT-POD-POD-REMOTE', 'CNT-ASYM'],
  },
  check(context) {
    return judgePaths(context, 'remote-pod', (path, all) =>
      path.to.kind === 'remote-pod' ? judge(context, path, path.to.peer, all) : RIGHT,
    );
  },
};

function judge(
  context: RuleContext,
  path: ObservedPath,
  peer: Peer,
  all: readonly ObservedPath[],
): Verdict {
  const { snapshot } = context;
  if (!isUnanswered(path)) return RIGHT;
  const out = path.stages.filter((stage) => leaves(snapshot, stage)).at(-1);
  const expected = expectationOf(path, context.case);
  if (out === undefined) {
    if (
      !holdsOutside(
        snapshot,
        all.filter(({ capture }) => capture === path.capture),
      )
    )
      return open('the capture does not hold the uplink');
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets never leave the node: ${who}`,
        seen: `${path.flow.client.packets} packets leave the pod and are not seen at the uplink, where others are`,
        cause:
          'The host does not forward them: no route to the pod subnet, forwarding off on the host endpoint, or no neighbour that answers.',
        remedy: traceIt(
          'Look at the routes and at forwarding in step 7.',
          'Get-NetRoute -IncludeAllCompartments; Get-NetIPInterface',
        ),
      },
      expected,
    );
  }
  if (out.flow.client.address !== path.flow.client.address)
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets between pods are translated: ${who}`,
        seen: `They leave with the source ${out.flow.client.address} and get no answer`,
        cause: 'The exceptions of the OutBoundNAT policy lack the pods of the cluster.',
        remedy: traceIt(
          'Add the cluster CIDR to the exceptions in the CNI configuration, and make the pod anew.',
          'kubectl delete pod <pod>',
        ),
      },
      expected,
    );
  const nextHop = canonicalMac(out.rewrite.macs?.to[1] ?? '');
  const wanted = macOfPeer(snapshot, peer);
  if (nextHop === undefined || wanted === undefined)
    return open(`the MAC address of node ${peer.name} is not known`);
  if (isMac(nextHop, wanted)) return RIGHT;
  return wrong(
    context,
    path,
    {
      title: (who) => `Packets leave to a wrong next hop: ${who}`,
      seen: `They leave to ${macText(nextHop)}; node ${peer.name}, which has the pod, is ${macText(wanted)}; no answer comes`,
      cause:
        'The route to the pod subnet of that node is missing or leads elsewhere: the packets go to the default gateway.',
      remedy: traceIt(
        'Compare the routes with the pod subnets of the nodes in step 7; flannel adds the missing one when it starts.',
        'Restart-Service flanneld',
      ),
    },
    expected,
  );
}

/** The MAC by which a peer on the same segment is reached: its own, or what the node learned for it. */
function macOfPeer(snapshot: NodeSnapshot, peer: Peer): string | undefined {
  const learned = snapshot.neighbours.find(
    ({ ip, mac }) => peer.ips.includes(ip) && mac !== undefined,
  );
  return canonicalMac(learned?.mac ?? peer.snapshot?.addresses.hostMac?.value ?? '');
}
