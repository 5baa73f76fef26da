import type { Capture, CapturedFlow } from '../../model/capture';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { notChecked, type Outcome, type Rule, type RuleContext } from '../rule';
import { flowsOf } from './capture-facts';
import { FLOW_REFERENCES, judgeFlows, traceIt, type JudgedPath } from './flow-rule';
import { open, RIGHT, type Verdict } from './judge-paths';
import { together } from './several-sources';
import { judgeUplinkCounters } from './uplink-counters';
import { leaves, observedPaths, type ObservedPath } from './observed-paths';

/** Clocks of two nodes may differ by this, milliseconds. */
const CLOCKS = 5000;

export const rule: Rule = {
  meta: {
    id: 'CNT-ASYM',
    step: 8,
    severity: 'error',
    title: 'What leaves one node arrives at the other',
    description:
      'Holds captures of two nodes against each other: packets that leave this node for a pod of the other, and get no answer, must be in the capture of the other node. Two samples of the counters of the uplink must rise both ways.',
    impact: 'The network between the nodes loses the traffic of pods.',
    needs: [
      ['captures', 'adapterCounters'],
      ['endpoints', 'networks'],
    ],
    modes: ['l2bridge', 'overlay'],
    falsePositives:
      'Clocks that differ by more than 5 s. Only flows that begin well inside of the other capture count, and only where that holds the uplink at the same time.',
    references: FLOW_REFERENCES,
  },
  check(context) {
    const { evidence } = context.snapshot;
    const byCounters = evidence.has('adapter-statistics')
      ? judgeUplinkCounters(context.snapshot)
      : undefined;
    const byCaptures = evidence.has('captures') ? judgeCaptures(context) : undefined;
    if (byCounters?.status === 'fired')
      return together(byCounters, ...(byCaptures === undefined ? [] : [byCaptures]));
    if (byCaptures !== undefined) return byCaptures;
    // An uplink that counts both ways still may lose what one pod sends.
    return notChecked(
      byCounters?.status === 'passed'
        ? `${byCounters.detail}; whether single packets arrive, captures of two nodes show`
        : 'Needs captures of two nodes, made at the same time',
      'captures',
    );
  },
};

function judgeCaptures(context: RuleContext): Outcome {
  const others = context.case.nodes
    .flatMap(({ snapshots }) => snapshots.at(-1) ?? [])
    .filter(({ node, captures }) => node !== context.snapshot.node && captures.length > 0);
  if (others.length === 0)
    return notChecked('Needs captures of two nodes, made at the same time', 'peerNode', 'captures');
  return judgeFlows(context, ['remote-pod'], (path) => judge(path, others));
}

function judge(
  { context, path, unanswered, ...each }: JudgedPath,
  others: readonly NodeSnapshot[],
): Verdict {
  if (!unanswered || path.to.kind !== 'remote-pod') return RIGHT;
  const out = each.out?.flow;
  if (out === undefined) return open('the packets are not seen leaving this node');
  if (out.tunnel !== undefined && !path.to.peer.ips.includes(out.tunnel.outerTo))
    return open('the tunnel does not lead to the node that has the pod');
  const there = others.find(({ node }) => isPeer(path, node));
  const captures = there?.captures.filter((capture) => covers(capture, out)) ?? [];
  const covering = captures.filter((capture) => holdsUplink(there, context.case, capture, out));
  if (there === undefined || covering.length === 0)
    return open('no capture of the other node holds its uplink at that time');
  if (covering.some((capture) => holdsFlow(capture, out))) return RIGHT;
  return each.wrong({
    title: (who) => `The network between the nodes loses packets: ${who}`,
    seen: `They leave this node, and the capture of ${there.node} at the same time (${covering[0]?.file ?? ''}) has none of them`,
    cause:
      'Something between the nodes drops them: a security group or firewall that blocks UDP 4789 (overlay) or the addresses of pods (l2bridge), a missing route of the cloud, or a switch.',
    remedy: traceIt(
      'Look at the rules of the network between the nodes; with overlay, let UDP 4789 pass both ways.',
      'Test-NetConnection <other node> -TraceRoute',
    ),
  });
}

const isPeer = ({ to }: ObservedPath, node: string): boolean =>
  to.kind === 'remote-pod' &&
  (to.peer.snapshot?.node ?? to.peer.name).toLowerCase() === node.toLowerCase();

/** Does the flow begin well inside of the capture? */
const covers = ({ firstTime, lastTime }: Capture, flow: CapturedFlow): boolean =>
  firstTime !== undefined &&
  lastTime !== undefined &&
  firstTime + CLOCKS <= flow.firstTime &&
  flow.firstTime <= lastTime - CLOCKS;

/** Does the capture show answered traffic at the uplink of its node while the flow went on? */
function holdsUplink(
  node: NodeSnapshot | undefined,
  theCase: Case,
  capture: Capture,
  flow: CapturedFlow,
): boolean {
  if (node === undefined) return false;
  return observedPaths(node, theCase).some(
    (path) =>
      path.capture === capture &&
      path.flow.server.packets > 0 &&
      path.stages.some((stage) => leaves(node, stage)) &&
      path.flow.firstTime <= flow.lastTime + CLOCKS &&
      path.flow.lastTime >= flow.firstTime - CLOCKS,
  );
}

/** Is any packet of the flow in the capture, in a tunnel or out of it? Too many flows to look at: as if it were. */
function holdsFlow(capture: Capture, { client, server }: CapturedFlow): boolean {
  const flows = flowsOf(capture);
  if (flows === undefined) return true;
  const at = (side: CapturedFlow['client'], as: CapturedFlow['client']): boolean =>
    side.address === as.address && side.port === as.port;
  return flows.some(
    (flow) =>
      (at(flow.client, client) && at(flow.server, server)) ||
      (at(flow.client, server) && at(flow.server, client)),
  );
}
