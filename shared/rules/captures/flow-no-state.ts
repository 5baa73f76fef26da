import type { Rule, RuleContext } from '../rule';
import { someOf } from '../evidence-lines';
import { expectationOf } from './expected-headers';
import { FLOW_REFERENCES, judgePaths, open, RIGHT, wrong, type Verdict } from './judge-paths';
import type { ObservedPath } from './observed-paths';
import { isBackend } from './service-stages';

export const rule: Rule = {
  meta: {
    id: 'FLOW-NO-STATE',
    step: 8,
    severity: 'warning',
    title: 'Flows to services go to backends that their load balancer has',
    description:
      'Follows captured packets of pods to service addresses: the backend that they are sent to must be one of those that the VFP rules of the port name.',
    impact: 'Long-lived connections stick to a backend that was removed, and hang or fail there.',
    needs: ['captures', 'vfp'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Backends that came or went between capture and collection. A flow keeps its backend as long as it lives, 60 to 240 s after its last packet.',
    references: FLOW_REFERENCES,
  },
  check(context) {
    return judgePaths(context, 'service', (path) => judge(context, path));
  },
};

function judge(context: RuleContext, path: ObservedPath): Verdict {
  const expected = expectationOf(path, context.case);
  const vip = path.flow.server.address;
  const backends = [...new Set(expected?.headers.map(({ destinationIp }) => destinationIp))].filter(
    (ip) => ip !== vip,
  );
  if (expected === undefined || backends.length === 0)
    return open('the rules of the port do not decide to which backends the packets go');
  const changed = path.stages.filter(({ rewrite }) => rewrite.changes.includes('destination'));
  if (changed.length === 0)
    return open('the capture shows the packets at the port of the pod only');
  const odd = changed.find(({ flow }) => !isBackend(expected, flow));
  if (odd === undefined) return RIGHT;
  return wrong(
    context,
    path,
    {
      title: (who) =>
        `A flow goes to ${odd.flow.server.address}, which its load balancer does not have: ${who}`,
      seen: `The packets are sent to ${odd.flow.server.address}; the rules of the port name ${someOf(backends)}`,
      cause:
        'The flow began when the backend was still there, and VFP keeps the backend of a flow.',
      remedy: {
        text: 'Close the connection in the client, or delete the client pod: a new connection gets a backend of today.',
        command: 'kubectl delete pod <pod>',
        disturbs: 'The pod is interrupted.',
        verify: {
          kind: 'observation',
          text: 'In the next capture the flow goes to a backend of the list.',
        },
      },
    },
    expected,
  );
}
