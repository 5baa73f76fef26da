import { mac as canonicalMac, macText } from '../../model/ids';
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
import { isMac, type ObservedPath, type Stage } from './observed-paths';

export const rule: Rule = {
  meta: {
    id: 'FLOW-POD-POD-OVL',
    step: 8,
    severity: 'error',
    title: 'Packets to pods of other nodes are in the right tunnel',
    description:
      'Follows captured packets of pods to pods of other nodes into their tunnel: from the address of this node to that of the other, with its VNI, and the inner frame to its router MAC. Only flows without an answer are reported.',
    impact: 'Pods of that node are not reached.',
    needs: ['captures'],
    modes: ['overlay'],
    falsePositives: 'A peer that was built anew between capture and collection.',
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
  if (!isUnanswered(path)) return RIGHT;
  const expected = expectationOf(path, context.case);
  const inTunnel = path.stages.find(({ flow }) => flow.tunnel !== undefined);
  if (inTunnel === undefined) {
    const tunnels = all.some(
      ({ capture, stages }) =>
        capture === path.capture && stages.some(({ flow }) => flow.tunnel !== undefined),
    );
    if (!tunnels) return open('the capture does not hold the uplink');
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets are never put into a tunnel: ${who}`,
        seen: `${path.flow.client.packets} packets leave the pod and are in no tunnel, while others are`,
        cause:
          'VFP has no encapsulation rule for the destination, or a rule before it drops the packet.',
        remedy: traceIt(
          'Compare the RemoteSubnetRoute policies of the HNS network with the nodes in step 7.',
          'Get-HnsNetwork | ConvertTo-Json -Depth 20',
        ),
      },
      expected,
    );
  }
  const field = wrongField(context, inTunnel, peer);
  if (field === undefined) return RIGHT;
  return wrong(
    context,
    path,
    {
      title: (who) => `The tunnel to node ${peer.name} has a wrong ${field.name}: ${who}`,
      seen: `The ${field.name} is ${field.seen}; it must be ${field.wanted}; no answer comes`,
      cause:
        'The RemoteSubnetRoute policy of the HNS network is older than the node it leads to, or was made from wrong data.',
      remedy: traceIt(
        'Restart flannel on this node: it makes the policy anew from the lease of the other node.',
        'Restart-Service flanneld',
      ),
    },
    expected,
  );
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
