import { isOutboundNat } from '../outbound/outbound-nat';
import { flowRule, ofUnanswered, traceIt, undecidedOf, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';

export const rule = flowRule(
  {
    id: 'FLOW-POD-NET',
    severity: 'error',
    title: 'Packets to the internet leave with the address of the node',
    description:
      'Follows captured packets of pods to public addresses: at the uplink they must have the address of the node, and the answers must come back to the pod. Only flows without an answer are reported.',
    impact: 'Pods reach nothing outside of the cluster.',
    needs: ['captures'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Where the cloud translates the addresses of pods, they may leave as they are: endpoints without an OutBoundNAT policy are left out. Whoever does not answer to anybody does not answer here.',
  },
  ['internet'],
  ofUnanswered(judge),
);

function judge(each: JudgedPath): Verdict {
  const { path, out, wrong, neverLeft } = each;
  const { snapshot } = each.context;
  const own = snapshot.addresses.managementIp?.value;
  if (own === undefined) return open('the address of the node is not known');
  if (out === undefined) {
    const undecided = undecidedOf(each);
    if (undecided !== undefined) return open(undecided);
    // What the rules drop is told by what they lack.
    if (each.expected()?.delivered !== true) return RIGHT;
    return neverLeft(({ endpoint }) => endpoint === path.endpoint, {
      title: (who) => `Packets never leave the node: ${who}`,
      seen: `${path.flow.client.packets} packets leave the pod and are not seen at the uplink, where others of the pod are`,
      cause:
        'They are dropped between the port of the pod and the uplink, though no rule of the dump drops them.',
      remedy: traceIt(
        'Trace the packet in step 8, and log drops with their reasons.',
        'pktmon start --capture --comp all --type drop',
      ),
    });
  }
  if (out.flow.client.address === path.flow.client.address) {
    if (!path.endpoint.policies.some(isOutboundNat)) return RIGHT;
    return wrong({
      title: (who) => `Packets leave with the address of the pod: ${who}`,
      seen: `At the uplink the source is still ${out.flow.client.address}, not ${own}, and no answer comes`,
      cause:
        'An exception of the OutBoundNAT policy covers the destination, or the NAT rule of VFP is missing.',
      remedy: traceIt(
        'Compare the exceptions of the OutBoundNAT policy with the destination, and look at the NAT layer of the port in step 6.',
        'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
      ),
    });
  }
  if (out.flow.server.packets > 0)
    return wrong({
      title: (who) => `Answers reach the node and not the pod: ${who}`,
      seen: `${out.flow.server.packets} packets of the answer are at the uplink, none at the pod`,
      cause: 'The state of the NAT is lost or wrong: the answer is not translated back.',
      remedy: traceIt(
        'Look at the NAT rules and flows of the port.',
        'vfpctrl /port <guid> /get-port-flow-stats',
      ),
    });
  return RIGHT;
}
