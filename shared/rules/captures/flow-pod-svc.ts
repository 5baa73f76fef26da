import { flowRule, traceIt, undecidedOf, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import { unexplained, unmadeChanges } from './unexplained';

export const rule = flowRule(
  {
    id: 'FLOW-POD-SVC',
    severity: 'error',
    title: 'Packets to services are changed as the rules say',
    description:
      'Follows captured packets of pods to service addresses and holds each change of address and tunnel against what the VFP rules of the port make of such a packet.',
    impact: 'The service is not reached, or by another way than the one its load balancer has.',
    needs: ['captures', 'vfp'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Rules are those of the time of the collection. What they leave open is not judged; a flow that is answered is a warning at most.',
  },
  ['service'],
  judge,
);

function judge(each: JudgedPath): Verdict {
  const { path, unanswered, wrong } = each;
  const undecided = undecidedOf(each);
  if (undecided !== undefined) return open(undecided);
  const { changes, missing } = each.held();
  const vip = path.flow.server.address;
  if (unanswered && missing.some(({ before }) => before.destinationIp === vip))
    return wrong({
      title: (who) => `Packets leave the node for the service address itself: ${who}`,
      seen: `They leave with the destination ${vip}, which no machine has`,
      cause:
        'The load-balancing rule was not applied: it was not there at that time, or the flow is older than the rule.',
      remedy: traceIt(
        'Look at the load-balancing layer of the port in step 6, and restart kube-proxy where its rules are old.',
        'Restart-Service kubeproxy',
      ),
    });
  const [odd] = unmadeChanges(each).filter(({ kind }) => kind !== 'destination');
  if (odd !== undefined) return wrong(unexplained(each, odd));
  const beyond = changes.flatMap(({ kind, verdict }) =>
    verdict.kind === 'beyond' && !kind.endsWith('-mac') ? [verdict.why] : [],
  );
  if (beyond[0] !== undefined) return open(beyond[0]);
  return path.stages.length > 0
    ? RIGHT
    : open('the capture shows the packets at the port of the pod only');
}
