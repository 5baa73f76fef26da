import { mac as canonicalMac, macText } from '../../model/ids';
import type { Peer } from '../inter-node/peers';
import type { RuleContext } from '../rule';
import { flowRule, ofUnanswered, traceIt, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import type { Stage } from './observed-changes';
import { isMac } from './observed-paths';

export const rule = flowRule(
  {
    id: 'FLOW-POD-POD-OVL',
    severity: 'error',
    title: 'Packets to pods of other nodes are in the right tunnel',
    description:
      'Follows captured packets of pods to pods of other nodes into their tunnel: from the address of this node to that of the other, with its VNI, and the inner frame to its router MAC. Only flows without an answer are reported.',
    impact: 'Pods of that node are not reached.',
    needs: ['captures'],
    modes: ['overlay'],
    falsePositives: 'A peer that was built anew between capture and collection.',
    explains: ['CT-POD-POD-REMOTE', 'CNT-ASYM'],
  },
  ['remote-pod'],
  ofUnanswered((each) =>
    each.path.to.kind === 'remote-pod' ? judge(each, each.path.to.peer) : RIGHT,
  ),
);

function judge({ context, path, all, wrong }: JudgedPath, peer: Peer): Verdict {
  const inTunnel = path.stages.find(({ flow }) => flow.tunnel !== undefined);
  if (inTunnel === undefined) {
    const tunnels = all.some(
      ({ capture, stages }) =>
        capture === path.capture && stages.some(({ flow }) => flow.tunnel !== undefined),
    );
    if (!tunnels) return open('the capture does not hold the uplink');
    return wrong({
      title: (who) => `Packets are never put into a tunnel: ${who}`,
      seen: `${path.flow.client.packets} packets leave the pod and are in no tunnel, while others are`,
      cause:
        'VFP has no encapsulation rule for the destination, or a rule before it drops the packet.',
      remedy: traceIt(
        'Compare the RemoteSubnetRoute policies of the HNS network with the nodes in step 7.',
        'Get-HnsNetwork | ConvertTo-Json -Depth 20',
      ),
    });
  }
  const field = wrongField(context, inTunnel, peer);
  if (field === undefined) return RIGHT;
  return wrong({
    title: (who) => `The tunnel to node ${peer.name} has a wrong ${field.name}: ${who}`,
    seen: `The ${field.name} is ${field.seen}; it must be ${field.wanted}; no answer comes`,
    cause:
      'The RemoteSubnetRoute policy of the HNS network is older than the node it leads to, or was made from wrong data.',
    remedy: traceIt(
      'Restart flannel on this node: it makes the policy anew from the lease of the other node.',
      'Restart-Service flanneld',
    ),
  });
}

interface WrongField {
  readonly name: string;
  readonly seen: string;
  readonly wanted: string;
}

/** The first field of tunnel and inner frame that differs from what is known of both nodes. */
function wrongField(
  { snapshot }: RuleContext,
  { flow: { tunnel }, rewrite }: Stage,
  peer: Peer,
): WrongField | undefined {
  if (tunnel === undefined) return undefined;
  const own = snapshot.addresses.managementIp?.value;
  if (own !== undefined && tunnel.outerFrom !== own)
    return { name: 'source', seen: tunnel.outerFrom, wanted: own };
  if (peer.ips.length > 0 && !peer.ips.includes(tunnel.outerTo))
    return { name: 'destination', seen: tunnel.outerTo, wanted: peer.ips.join(' or ') };
  const vni = peer.vni?.value;
  if (vni !== undefined && tunnel.network !== vni)
    return { name: 'VNI', seen: String(tunnel.network), wanted: String(vni) };
  const routerMac = canonicalMac(peer.routerMac?.value ?? '');
  const inner = canonicalMac(rewrite.macs?.to[1] ?? '');
  if (routerMac === undefined || inner === undefined || isMac(inner, routerMac)) return undefined;
  return { name: 'router MAC', seen: macText(inner), wanted: macText(routerMac) };
}
