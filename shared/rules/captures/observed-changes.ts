import type { Capture, CapturedFlow, FlowSide, ObservedRewrite } from '../../model/capture';
import { macText } from '../../model/ids';
import { withPort } from '../../model/ip';
import type { PacketHeader } from '../../trace/packet';
import type { TraceStep } from '../../trace/steps';

/** One appearance of a flow after something on the node changed its packets. */
export interface Stage {
  readonly flow: CapturedFlow;
  readonly rewrite: ObservedRewrite;
}

/** What a packet of the capture is after a change, in one respect. */
export interface ObservedChange {
  readonly kind: 'destination' | 'source' | 'source-mac' | 'destination-mac' | 'encapsulated';
  readonly text: string;
  /** The flow after it. */
  readonly flow: CapturedFlow;
  /** The new MAC, of changes of MACs. */
  readonly mac: string | undefined;
  readonly packets: readonly [before: number, after: number];
  /** Does the step set this field, to whatever value? */
  readonly sets: (step: TraceStep) => boolean;
  /** Is what the step makes of this field what is seen? Undefined where the trace does not know. */
  readonly fits: (after: PacketHeader) => boolean | undefined;
}

/** All that becomes of a flow's packets on their way from the client, each change once. */
export function stagesOf(capture: Capture, flow: CapturedFlow): readonly Stage[] {
  const rewrites = rewritesFrom(capture);
  const stages: Stage[] = [];
  const seen = new Set([flow.index]);
  for (const queue = [flow.index]; queue.length > 0 && stages.length < MOST_STAGES;) {
    for (const rewrite of rewrites.get(queue.shift() ?? -1) ?? []) {
      stages.push({ flow: capture.flow(rewrite.toFlow), rewrite });
      if (!seen.has(rewrite.toFlow)) queue.push(rewrite.toFlow);
      seen.add(rewrite.toFlow);
    }
  }
  return stages;
}

const MOST_STAGES = 32;

/** The flow that these packets were before anything on the node changed them. */
export function originOf(capture: Capture, flow: CapturedFlow): CapturedFlow {
  const before = flowsBefore(capture);
  let index = flow.index;
  for (let n = 0; n < MOST_STAGES; n += 1) {
    const earlier = before.get(index);
    if (earlier === undefined) break;
    index = earlier;
  }
  return index === flow.index ? flow : capture.flow(index);
}

interface RewritesOf {
  readonly from: ReadonlyMap<number, readonly ObservedRewrite[]>;
  readonly before: ReadonlyMap<number, number>;
}

const listed = new WeakMap<readonly ObservedRewrite[], RewritesOf>();

function rewritesOf({ rewrites }: Capture): RewritesOf {
  const known = listed.get(rewrites);
  if (known !== undefined) return known;
  const from = new Map<number, ObservedRewrite[]>();
  const before = new Map<number, number>();
  for (const rewrite of rewrites) {
    const { fromFlow, toFlow } = rewrite;
    if (fromFlow !== toFlow && !before.has(toFlow) && rewrite.fromClient)
      before.set(toFlow, fromFlow);
    if (!rewrite.fromClient) continue;
    const list = from.get(fromFlow);
    if (list === undefined) from.set(fromFlow, [rewrite]);
    else list.push(rewrite);
  }
  const made = { from, before };
  listed.set(rewrites, made);
  return made;
}

const rewritesFrom = (capture: Capture): RewritesOf['from'] => rewritesOf(capture).from;

/** Flows that are what another flow was changed to, and which one. */
export const flowsBefore = (capture: Capture): RewritesOf['before'] => rewritesOf(capture).before;

/** The changes of a stage, address by address. */
export function changesOf(capture: Capture, { flow, rewrite }: Stage): readonly ObservedChange[] {
  const { packets, macs } = rewrite;
  const before = capture.flow(rewrite.fromFlow);
  const changes: ObservedChange[] = [];
  const add = (change: Omit<ObservedChange, 'packets' | 'flow' | 'mac'>, mac?: string): void => {
    changes.push({ ...change, flow, mac, packets });
  };
  if (!sameEnd(before.server, flow.server))
    add({
      kind: 'destination',
      text: `destination ${endText(before.server)} → ${endText(flow.server)}`,
      sets: changing('destinationIp', 'destinationPort'),
      fits: (after) =>
        all(
          after.destinationIp === flow.server.address,
          after.destinationPort === undefined || after.destinationPort === flow.server.port,
        ),
    });
  if (!sameEnd(before.client, flow.client))
    add({
      kind: 'source',
      text: `source ${endText(before.client)} → ${endText(flow.client)}`,
      sets: changing('sourceIp', 'sourcePort'),
      fits: (after) => after.sourceIp === flow.client.address,
    });
  const { tunnel } = flow;
  if (tunnel !== undefined && before.tunnel === undefined)
    add({
      kind: 'encapsulated',
      text: `${tunnel.kind} ${tunnel.network} from ${tunnel.outerFrom} to ${tunnel.outerTo}`,
      sets: (step) => step.after.encap.length > step.before.encap.length,
      fits: ({ encap: [outer] }) =>
        outer !== undefined &&
        all(
          outer.destinationIp === tunnel.outerTo,
          outer.sourceIp === undefined || outer.sourceIp === tunnel.outerFrom,
          outer.vni === undefined || outer.vni === tunnel.network,
        ),
    });
  if (macs === undefined) return changes;
  for (const [kind, field, n] of MACS) {
    const mac = macs.to[n];
    if (mac === macs.from[n]) continue;
    add(
      {
        kind,
        text: `${kind === 'source-mac' ? 'source' : 'destination'} MAC → ${macText(mac)}`,
        sets: changing(field),
        fits: (after) => (after[field] === undefined ? undefined : after[field] === mac),
      },
      mac,
    );
  }
  return changes;
}

const MACS = [
  ['source-mac', 'sourceMac', 0],
  ['destination-mac', 'destinationMac', 1],
] as const;

const all = (...each: readonly boolean[]): boolean => each.every(Boolean);

const changing =
  (...fields: readonly TraceStep['changes'][number]['field'][]) =>
  (step: TraceStep): boolean =>
    step.changes.some(({ field }) => fields.includes(field));

const sameEnd = (a: FlowSide, b: FlowSide): boolean => a.address === b.address && a.port === b.port;

const endText = ({ address, port }: FlowSide): string =>
  port === undefined ? address : withPort(address, port);
