import type { CaptureIndex } from '../../capture/capture-index';
import type { CapturedFlow } from '../../model/capture';
import type { Evidence } from '../../model/evidence';
import { macText } from '../../model/ids';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import type { TraceStep } from '../../trace/steps';
import { tracePacket } from '../../trace/trace';
import { traceQuestion } from './flow-rows';

/** The step of a trace that makes a rewrite: mostly a rule of VFP. */
export interface Maker {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** One change of a packet between two places, and what must have made it. */
export interface ExplainedRewrite {
  readonly kind: 'destination' | 'source' | 'mac' | 'encapsulated';
  readonly text: string;
  readonly packets: readonly [before: number, after: number];
  /** Undefined where no step of the trace makes it. */
  readonly by: Maker | undefined;
}

/** What a capture shows of a flow held against what the rules say. */
export interface RewriteReport {
  readonly seen: readonly ExplainedRewrite[];
  /** Rewrites that the rules make and the capture does not show. */
  readonly expected: readonly { readonly text: string; readonly by: Maker }[];
  /** Why nothing can be said; '' where it can. */
  readonly note: string;
}

/** A packet at one place. */
interface Appearance {
  readonly packet: number;
  readonly flow: number;
  readonly macs: readonly [source: string, destination: string] | undefined;
}

type Observed = Omit<ExplainedRewrite, 'by'> & { readonly fits: (step: TraceStep) => boolean };

/**
 * Matches each rewrite of a flow's first packet to the step of the trace that makes it. Of the ways
 * that the trace leaves open (one a backend) the one that explains most is meant.
 */
export function explainRewrites(
  capture: CaptureIndex,
  flow: CapturedFlow,
  snapshot: NodeSnapshot,
  theCase: Case,
): RewriteReport {
  const path = capture.sightings.path(flow.firstPacket).map((packet) => ({
    packet,
    flow: capture.packets.flow.at(packet),
    macs: capture.macsOf(packet),
  }));
  const observed = path.flatMap((after, n) => {
    const before = path[n - 1];
    return before === undefined ? [] : changes(capture, before, after);
  });
  const question = traceQuestion(flow);
  if (question === undefined || path.length < 2) return { seen: [], expected: [], note: '' };
  const result = tracePacket(question, theCase);
  const ways =
    result.kind === 'problem'
      ? []
      : result.trace.branches.map((branch) =>
          [...result.trace.steps, ...branch.steps].filter(({ reply }) => !reply),
        );
  const explained = (steps: readonly TraceStep[]): number =>
    observed.filter(({ fits }) => steps.some(fits)).length;
  const way = ways.toSorted((a, b) => explained(b) - explained(a))[0] ?? [];
  const seen = observed.map(({ fits, ...rewrite }): ExplainedRewrite => {
    const step = way.find(fits);
    return { ...rewrite, by: step && makerOf(step) };
  });
  const known = snapshot.vfp.length > 0 && way.length > 0;
  return {
    seen,
    expected: known ? notSeen(way, observed) : [],
    note: known
      ? ''
      : 'The rules of VFP for this flow are not in the case: nothing explains what is seen.',
  };
}

function changes(capture: CaptureIndex, before: Appearance, after: Appearance): Observed[] {
  const packets = [before.packet, after.packet] as const;
  const [a, b] = [capture.flow(before.flow), capture.flow(after.flow)];
  const found: Observed[] = [];
  if (a.server.address !== b.server.address || a.server.port !== b.server.port)
    found.push({
      kind: 'destination',
      text: `destination ${end(a.server)} → ${end(b.server)}`,
      packets,
      fits: (step) =>
        step.after.destinationIp === b.server.address &&
        step.changes.some(({ field }) => field === 'destinationIp' || field === 'destinationPort'),
    });
  if (a.client.address !== b.client.address || a.client.port !== b.client.port)
    found.push({
      kind: 'source',
      text: `source ${end(a.client)} → ${end(b.client)}`,
      packets,
      fits: (step) =>
        step.after.sourceIp === b.client.address &&
        step.changes.some(({ field }) => field === 'sourceIp' || field === 'sourcePort'),
    });
  const { tunnel } = b;
  if (tunnel !== undefined && a.tunnel === undefined)
    found.push({
      kind: 'encapsulated',
      text: `${tunnel.kind} ${tunnel.network} from ${tunnel.outerFrom} to ${tunnel.outerTo}`,
      packets,
      fits: ({ before: outside, after: inside }) =>
        inside.encap.length > outside.encap.length &&
        inside.encap[0]?.destinationIp === tunnel.outerTo,
    });
  const macs = after.macs;
  if (macs !== undefined && before.macs !== undefined) {
    const to = before.macs[1] !== macs[1] ? macs[1] : undefined;
    const from = before.macs[0] !== macs[0] ? macs[0] : undefined;
    if (to !== undefined || from !== undefined)
      found.push({
        kind: 'mac',
        text: [
          ...(from === undefined ? [] : [`source MAC → ${macText(from)}`]),
          ...(to === undefined ? [] : [`destination MAC → ${macText(to)}`]),
        ].join(', '),
        packets,
        fits: (step) =>
          step.changes.some(
            (change) =>
              (change.field === 'destinationMac' && change.to === to && to !== undefined) ||
              (change.field === 'sourceMac' && change.to === from && from !== undefined),
          ),
      });
  }
  return found;
}

const end = ({ address, port }: CapturedFlow['client']): string =>
  port === undefined ? address : `${address}:${port}`;

/** Steps of the way that change an address and that no observed rewrite fits. */
function notSeen(
  way: readonly TraceStep[],
  observed: readonly Observed[],
): RewriteReport['expected'] {
  return way
    .filter(
      (step) =>
        step.kind === 'rule' &&
        step.changes.some(({ field }) => field === 'destinationIp' || field === 'sourceIp') &&
        !observed.some(({ fits }) => fits(step)),
    )
    .map((step) => ({
      text: step.changes
        .filter(({ field }) => field === 'destinationIp' || field === 'sourceIp')
        .map(({ field, to }) => `${field === 'sourceIp' ? 'source' : 'destination'} → ${to ?? '?'}`)
        .join(', '),
      by: makerOf(step),
    }));
}

function makerOf(step: TraceStep): Maker {
  const text =
    step.kind === 'rule' ? `${step.rule.name} (${step.layer})` : `${step.place.name}: ${step.text}`;
  return { text, evidence: step.evidence.slice(0, 2) };
}
