import type { Rule, RuleContext } from '../rule';
import { expectationOf, isExpected } from './expected-headers';
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
import { leaves, type ObservedPath } from './observed-paths';
import { balancerSources, isBackend } from './service-stages';

export const rule: Rule = {
  meta: {
    id: 'FLOW-POD-SVC',
    step: 8,
    severity: 'error',
    title: 'Packets to services are changed as the rules say',
    description:
      'Follows captured packets of pods to service addresses and holds each change of address and tunnel against what the VFP rules of the port make of such a packet.',
    impact: 'The service is not reached, or by another way than the one its load balancer has.',
    needs: ['captures', 'vfp'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Rules are those of the time of the collection. What they leave open is not judged; a flow that is answered is a warning at most.',
    references: FLOW_REFERENCES,
  },
  check(context) {
    return judgePaths(context, 'service', (path) => judge(context, path));
  },
};

function judge(context: RuleContext, path: ObservedPath): Verdict {
  const { snapshot } = context;
  const expected = expectationOf(path, context.case);
  if (expected === undefined) return open('the state does not decide what becomes of the packets');
  const vip = path.flow.server.address;
  const translated = expected.headers.some(({ destinationIp }) => destinationIp !== vip);
  const kept = path.stages.find(
    (stage) => leaves(snapshot, stage) && stage.flow.server.address === vip,
  );
  if (kept !== undefined && translated && isUnanswered(path))
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets leave the node for the service address itself: ${who}`,
        seen: `They leave with the destination ${vip}, which no machine has`,
        cause:
          'The load-balancing rule was not applied: it was not there at that time, or the flow is older than the rule.',
        remedy: traceIt(
          'Look at the load-balancing layer of the port in step 6, and restart kube-proxy where its rules are old.',
          'Restart-Service kubeproxy',
        ),
      },
      expected,
    );
  const odd = path.stages.find(
    ({ flow, rewrite }) =>
      rewrite.fromFlow !== rewrite.toFlow &&
      isBackend(expected, flow) &&
      !isExpected(flow, expected.headers, balancerSources(snapshot)),
  );
  if (odd === undefined)
    return path.stages.length > 0
      ? RIGHT
      : open('the capture shows the packets at the port of the pod only');
  const { client, server, tunnel } = odd.flow;
  return wrong(
    context,
    path,
    {
      severity: isUnanswered(path) ? 'error' : 'warning',
      title: (who) => `No rule explains how packets are changed: ${who}`,
      seen: `They become packets from ${client.address} to ${server.address}${tunnel === undefined ? '' : `, in a tunnel from ${tunnel.outerFrom} to ${tunnel.outerTo} (${tunnel.network})`}`,
      cause:
        'The rules changed between capture and collection, or an existing flow keeps what an earlier rule did.',
      remedy: traceIt(
        'Trace the packet in step 8 and compare; collect and capture at one time.',
        'vfpctrl /port <guid> /list-unified-flow',
      ),
    },
    expected,
  );
}
