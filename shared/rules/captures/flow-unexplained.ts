import { isOutboundNat } from '../outbound/outbound-nat';
import { flowRule, traceIt, undecidedOf, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import { unexplained, unmadeChanges } from './unexplained';

export const rule = flowRule(
  {
    id: 'FLOW-UNEXPLAINED',
    severity: 'warning',
    title: 'Packets to pods, nodes and networks are changed as the rules say',
    description:
      'Follows captured packets of pods to anything but services and holds each change of address and tunnel against what the VFP rules of the port make of such a packet.',
    impact: 'The collected rules do not tell what the node does.',
    needs: ['captures', 'vfp'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Rules are those of the time of the collection. What they leave open is not judged; a flow that is answered is a warning at most.',
  },
  ['own-pod', 'remote-pod', 'node', 'internet', 'other'],
  judge,
);

function judge(each: JudgedPath): Verdict {
  const { path, unanswered, wrong } = each;
  const undecided = undecidedOf(each);
  if (undecided !== undefined) return open(undecided);
  const [odd] = unmadeChanges(each);
  if (odd !== undefined) return wrong(unexplained(each, odd));
  const [skipped] = unanswered && !isOfNatRule(each) ? each.held().missing : [];
  if (skipped !== undefined)
    return wrong({
      title: (who) => `A rule is not applied: ${who}`,
      seen: `They leave the node as they were; ${skipped.text}`,
      cause: 'The rule was not there at that time, or the flow is older than the rule.',
      remedy: traceIt(
        'Trace the packet in step 8 and compare; collect and capture at one time.',
        'vfpctrl /port <guid> /list-unified-flow',
      ),
    });
  return path.stages.length > 0 || path.to.kind === 'own-pod'
    ? RIGHT
    : open('the capture shows the packets at the port of the pod only');
}

/** FLOW-POD-NET tells of outbound NAT that is not applied. */
const isOfNatRule = ({ path: { to, endpoint } }: JudgedPath): boolean =>
  to.kind === 'internet' && endpoint.policies.some(isOutboundNat);
