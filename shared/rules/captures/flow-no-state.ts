import { someOf } from '../evidence-lines';
import type { Expectation } from './expected-ways';
import { flowRule, undecidedOf, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import { unmadeChanges } from './unexplained';

export const rule = flowRule(
  {
    id: 'FLOW-NO-STATE',
    severity: 'warning',
    title: 'Flows to services go to backends that their load balancer has',
    description:
      'Follows captured packets of pods to service addresses: the backend that they are sent to must be one of those that the VFP rules of the port name.',
    impact: 'Long-lived connections stick to a backend that was removed, and hang or fail there.',
    needs: ['captures', 'vfp'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Backends that came or went between capture and collection. A flow keeps its backend as long as it lives, 60 to 240 s after its last packet.',
  },
  ['service'],
  judge,
);

function judge(each: JudgedPath): Verdict {
  const { path, wrong } = each;
  const undecided = undecidedOf(each);
  if (undecided !== undefined) return open(undecided);
  const backends = backendsOf(each.expected(), path.flow.server.address);
  if (backends.length === 0)
    return open('the rules of the port do not decide to which backends the packets go');
  if (!path.stages.some(({ rewrite }) => rewrite.changes.includes('destination')))
    return open('the capture shows the packets at the port of the pod only');
  const odd = unmadeChanges(each).find(({ kind }) => kind === 'destination');
  if (odd === undefined) return RIGHT;
  return wrong({
    title: (who) =>
      `A flow goes to ${odd.flow.server.address}, which its load balancer does not have: ${who}`,
    seen: `The packets are sent to ${odd.flow.server.address}; the rules of the port name ${someOf(backends)}`,
    cause: 'The flow began when the backend was still there, and VFP keeps the backend of a flow.',
    remedy: {
      text: 'Close the connection in the client, or delete the client pod: a new connection gets a backend of today.',
      command: 'kubectl delete pod <pod>',
      disturbs: 'The pod is interrupted.',
      verify: {
        kind: 'observation',
        text: 'In the next capture the flow goes to a backend of the list.',
      },
    },
  });
}

/** Addresses that the rules put in the place of a service's. */
const backendsOf = (expected: Expectation | undefined, vip: string): readonly string[] => [
  ...new Set(
    (expected?.rules ?? []).map(({ after }) => after.destinationIp).filter((ip) => ip !== vip),
  ),
];
