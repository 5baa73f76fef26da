import type { HnsEndpoint } from '../model/hns';
import type { Case } from '../snapshot/node-snapshot';
import { assumption, type Assumption, type AssumptionId } from './assumptions';
import { DISPOSITIONS, ended, isDelivered, type Disposition } from './disposition';
import { resolveFlow, type Flow, type FlowQuestion } from './flow';
import { leavePod } from './host-path';
import { fromSwitch, fromWire } from './network-path';
import type { NodeView } from './node-view';
import { headerText, type PacketHeader } from './packet';
import { lostAnswer, wayBack } from './reply';
import type { QuickWalk } from './quick-walk';
import type { StepPlace, TraceBranch, TraceStep } from './steps';
import { walkPort } from './vfp-walk';
import { onward, passing, setOut, type Walking } from './walking';

/** The answer to "what happens to this packet?". */
export interface Trace {
  readonly node: string | undefined;
  readonly snapshotId: string | undefined;
  readonly question: FlowQuestion;
  readonly notes: readonly string[];
  /** The packet as it begins; undefined when none can begin. */
  readonly header: PacketHeader | undefined;
  /** Steps that all branches share. */
  readonly steps: readonly TraceStep[];
  readonly branches: readonly TraceBranch[];
  readonly assumptions: readonly Assumption[];
  /** True when every branch arrives. */
  readonly delivered: boolean;
}

export type TraceResult =
  | { readonly kind: 'trace'; readonly trace: Trace }
  /** The question cannot be answered as it stands. */
  | { readonly kind: 'problem'; readonly text: string };

/** Walks one packet through the nodes of a case. Deterministic: the same case and question give the same trace. */
export function tracePacket(question: FlowQuestion, theCase: Case): TraceResult {
  const result = resolveFlow(question, theCase);
  switch (result.kind) {
    case 'problem':
      return result;
    case 'no-address':
      return { kind: 'trace', trace: withoutAddress(question, result) };
    case 'flow':
      return { kind: 'trace', trace: traceFlow(question, result.flow) };
  }
}

function withoutAddress(
  question: FlowQuestion,
  { text, evidence }: { readonly text: string; readonly evidence: Disposition['evidence'] },
): Trace {
  return {
    node: undefined,
    snapshotId: undefined,
    question,
    notes: [],
    header: undefined,
    steps: [],
    branches: [
      {
        choices: [],
        steps: [],
        end: undefined,
        disposition: ended('no-endpoint', text, evidence.slice(0, 1)),
        reply: undefined,
      },
    ],
    assumptions: [],
    delivered: false,
  };
}

function traceFlow(question: FlowQuestion, flow: Flow): Trace {
  const walkings = begun(flow);
  const shared = sharedSteps(walkings);
  const branches = walkings.map((walking) => branchOf(walking, flow, shared));
  const all = [
    ...(walkings[0]?.steps.slice(0, shared) ?? []),
    ...branches.flatMap((b) => [...b.steps, ...(b.reply?.steps ?? [])]),
  ];
  const ids = new Set<AssumptionId>(all.flatMap((step) => step.assumes));
  if (all.some(({ kind }) => kind === 'rule')) {
    ids.add('layer-order');
    const { protocol, tcpFlags } = flow.header;
    ids.add(protocol === 6 && !isSyn(tcpFlags) ? 'established-flow' : 'new-flow');
  }
  return {
    node: flow.view.snapshot.node,
    snapshotId: flow.view.snapshot.id,
    question,
    notes: flow.notes,
    header: flow.header,
    steps: walkings[0]?.steps.slice(0, shared) ?? [],
    branches,
    assumptions: [...ids].map(assumption),
    delivered: branches.every(({ disposition }) => isDelivered(disposition)),
  };
}

/** A pod's packet up to the switch. With `quick` no steps are written down. */
export function outOfPod(
  view: NodeView,
  endpoint: HnsEndpoint,
  header: PacketHeader,
  quick?: QuickWalk,
): readonly Walking[] {
  const sent = passing(
    setOut(header, quick),
    'source',
    { node: view.snapshot.node, column: 'compartment', name: `pod ${header.sourceIp}` },
    quick === undefined ? `pod ${header.sourceIp} sends ${headerText(header)}` : '',
    { evidence: endpoint.evidence.slice(0, 1) },
  );
  const place = view.portOf(endpoint);
  return onward([leavePod(sent, view, endpoint)], (each) =>
    place === undefined
      ? [{ ...each, end: portNotKnown(header.sourceIp, endpoint) }]
      : walkPort(each, view, place, 'OUT'),
  );
}

function begun(flow: Flow): readonly Walking[] {
  const { view, origin, header } = flow;
  const { node } = view.snapshot;
  const start = (place: StepPlace, text: string, evidence: TraceStep['evidence']): Walking =>
    passing(setOut(header), 'source', place, text, { evidence });
  switch (origin.kind) {
    case 'pod':
      return onward(outOfPod(view, origin.endpoint, header), (out) => fromSwitch(out, view, 'pod'));
    case 'host': {
      const sent = start(
        { node, column: 'host', name: `node ${node}` },
        `node ${node} sends ${headerText(header)}`,
        [],
      );
      const { hostPort } = view;
      if (hostPort === undefined) return [{ ...sent, end: hostPortNotKnown() }];
      return onward(walkPort(sent, view, hostPort, 'OUT'), (each) =>
        fromSwitch(each, view, 'host'),
      );
    }
    case 'wire':
      return fromWire(
        start(
          { node, column: 'wire', name: 'wire' },
          `${headerText(header)} comes from the wire`,
          [],
        ),
        view,
      );
  }
}

function portNotKnown(
  ip: string,
  endpoint: { readonly evidence: Disposition['evidence'] },
): Disposition {
  return ended(
    'insufficient-information',
    `The VFP port of ${ip} is not in the case.`,
    endpoint.evidence.slice(0, 1),
    [
      {
        what: 'the VFP rules of all ports',
        command: 'vfpctrl /port <port> /list-rule',
        where: 'node',
      },
    ],
  );
}

function hostPortNotKnown(): Disposition {
  return ended(
    'insufficient-information',
    "The rules of the host's port are not in the case, or not all of them.",
    [],
    [
      {
        what: 'the VFP rules of all ports',
        command: 'vfpctrl /port <port> /list-rule',
        where: 'node',
      },
    ],
  );
}

const isSyn = (flags: PacketHeader['tcpFlags']): boolean =>
  flags.includes('SYN') && !flags.includes('ACK');

/** How many first steps are the same objects in all walkings. */
function sharedSteps(walkings: readonly Walking[]): number {
  const [first, ...rest] = walkings;
  if (first === undefined) return 0;
  if (rest.length === 0) return first.steps.length;
  let count = 0;
  while (
    count < first.steps.length &&
    rest.every(({ steps }) => steps[count] === first.steps[count])
  )
    count += 1;
  return count;
}

function branchOf(walking: Walking, flow: Flow, shared: number): TraceBranch {
  const from = flow.origin.kind === 'wire' ? 'outside' : 'node';
  const { reply, disposition } = endOf(walking, flow.view, from);
  return {
    choices: walking.choices,
    steps: walking.steps.slice(shared),
    end: walking.header,
    disposition: natted(disposition, flow.header, walking.header),
    reply,
  };
}

/** How one way ends, its answer's way back included. That it was translated is not in it yet. */
export function endOf(
  walking: Walking,
  view: NodeView,
  from: 'node' | 'outside' = 'node',
): Pick<TraceBranch, 'disposition' | 'reply'> {
  const reply = wayBack(walking, view, from);
  const end =
    walking.end ??
    ended('insufficient-information', 'The trace ends here without knowing what follows.');
  return { reply, disposition: lostAnswer(reply) ?? end };
}

/** Delivered, and an address or port is not what it was. */
export function natted(end: Disposition, before: PacketHeader, after: PacketHeader): Disposition {
  const changed =
    before.sourceIp !== after.sourceIp ||
    before.destinationIp !== after.destinationIp ||
    before.destinationPort !== after.destinationPort;
  return end.kind === 'delivered' && changed ? { ...end, kind: 'delivered-after-nat' } : end;
}

/** The verdict in one line: what most needs to be known. */
export function verdictOf({ branches }: Trace): string {
  const bad = branches.filter(({ disposition }) => !isDelivered(disposition));
  const [first] = bad.length > 0 ? bad : branches;
  if (first === undefined) return 'Nothing is known of this packet.';
  const { title } = DISPOSITIONS[first.disposition.kind];
  if (branches.length === 1) return `${title}: ${first.disposition.text}`;
  return bad.length === 0
    ? `It arrives on each of its ${branches.length} ways.`
    : `${title} on ${bad.length} of ${branches.length} ways: ${first.disposition.text}`;
}
