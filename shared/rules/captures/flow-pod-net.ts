import type { HnsPolicy } from '../../model/hns';
import type { RuleContext, Rule } from '../rule';
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
import { holdsOutside, leaves, type ObservedPath } from './observed-paths';

export const rule: Rule = {
  meta: {
    id: 'FLOW-POD-NET',
    step: 8,
    severity: 'error',
    title: 'Packets to the internet leave with the address of the node',
    description:
      'Follows captured packets of pods to public addresses: at the uplink they must have the address of the node, and the answers must come back to the pod. Only flows without an answer are reported.',
    impact: 'Pods reach nothing outside of the cluster.',
    needs: ['captures'],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Where the cloud translates the addresses of pods, they may leave as they are: endpoints without an OutBoundNAT policy are left out. Whoever does not answer to anybody does not answer here.',
    references: FLOW_REFERENCES,
  },
  check(context) {
    return judgePaths(context, 'internet', (path, all) => judge(context, path, all));
  },
};

const isOutboundNat = (policy: HnsPolicy): boolean =>
  policy.kind === 'outbound-nat' && policy.destinations.length === 0;

function judge(context: RuleContext, path: ObservedPath, all: readonly ObservedPath[]): Verdict {
  const { snapshot } = context;
  if (!isUnanswered(path)) return RIGHT;
  const own = snapshot.addresses.managementIp?.value;
  if (own === undefined) return open('the address of the node is not known');
  const expected = expectationOf(path, context.case);
  const out = path.stages.filter((stage) => leaves(snapshot, stage)).at(-1)?.flow;
  if (out === undefined) {
    const sameCapture = all.filter(
      ({ capture, endpoint }) => capture === path.capture && endpoint === path.endpoint,
    );
    if (!holdsOutside(snapshot, sameCapture)) return open('the capture does not hold the uplink');
    if (expected?.delivered !== true) return RIGHT;
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets never leave the node: ${who}`,
        seen: `${path.flow.client.packets} packets leave the pod and are not seen at the uplink, where others of the pod are`,
        cause:
          'They are dropped between the port of the pod and the uplink, though no rule of the dump drops them.',
        remedy: traceIt(
          'Trace the packet in step 8, and log drops with their reasons.',
          'pktmon start --capture --comp all --type drop',
        ),
      },
      expected,
    );
  }
  if (out.client.address === path.flow.client.address) {
    if (!path.endpoint.policies.some(isOutboundNat)) return RIGHT;
    return wrong(
      context,
      path,
      {
        title: (who) => `Packets leave with the address of the pod: ${who}`,
        seen: `At the uplink the source is still ${out.client.address}, not ${own}, and no answer comes`,
        cause:
          'An exception of the OutBoundNAT policy covers the destination, or the NAT rule of VFP is missing.',
        remedy: traceIt(
          'Compare the exceptions of the OutBoundNAT policy with the destination, and look at the NAT layer of the port in step 6.',
          'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
        ),
      },
      expected,
    );
  }
  if (out.server.packets > 0)
    return wrong(
      context,
      path,
      {
        title: (who) => `Answers reach the node and not the pod: ${who}`,
        seen: `${out.server.packets} packets of the answer are at the uplink, none at the pod`,
        cause: 'The state of the NAT is lost or wrong: the answer is not translated back.',
        remedy: traceIt(
          'Look at the NAT rules and flows of the port.',
          'vfpctrl /port <guid> /get-port-flow-stats',
        ),
      },
      expected,
    );
  return RIGHT;
}
