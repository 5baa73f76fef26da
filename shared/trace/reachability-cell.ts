import type { Case } from '../snapshot/node-snapshot';
import { isDelivered, type Disposition, type DispositionKind } from './disposition';
import { flowBetween, newestSnapshots, sourceOf, type Source } from './flow';
import { NoAddress, Problem } from './named-objects';
import { fromSwitch } from './network-path';
import type { NodeView } from './node-view';
import type { PacketHeader } from './packet';
import { isException, quickWalk, type QuickWalk } from './quick-walk';
import type { ReachabilityColumn } from './reachability-axes';
import { endOf, natted, outOfPod } from './trace';
import type { Walking } from './walking';

/** What happens to packets of one pod to one address: the worst of all ways they may take. */
export interface ReachabilityCell {
  readonly kind: DispositionKind;
  /** The last sentence of that way. */
  readonly reason: string;
  /** Number of that way in the cell's trace. */
  readonly branch: number;
  readonly ways: number;
  /** Ways on which the packet does not arrive, or not for certain. */
  readonly lost: number;
}

/** Traces one pod's packet to its ends only. */
export type CellTracer = (from: string, column: ReachabilityColumn) => ReachabilityCell;

/**
 * A tracer for many cells, which share what they find out. It ends as `tracePacket` does for the
 * same question. Cells of one pod one after another are the fastest.
 */
export function cellTracer(theCase: Case): CellTracer {
  const quick = quickWalk();
  let sender: string | undefined;
  let memory: Memory = { quick, sources: new Map(), ways: new Map() };
  return (from, column) => {
    if (from !== sender) memory = { quick, sources: new Map(), ways: new Map() };
    sender = from;
    return cellOf(from, column, theCase, memory);
  };
}

interface Way {
  /** Where the packet ends; translations aside. */
  readonly end: Disposition;
  readonly header: PacketHeader;
}

/** What the cells of a row share. */
interface Memory {
  readonly quick: QuickWalk;
  readonly sources: Map<string, Source>;
  /** From the switch on, by all that this part of the way depends on: many services lead to one pod. */
  readonly ways: Map<string, readonly Way[]>;
}

function ways(out: Walking, view: NodeView, known: Map<string, readonly Way[]>): readonly Way[] {
  if (out.end !== undefined) return [{ end: endOf(out, view).disposition, header: out.header }];
  const key = wayKey(out, view);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = fromSwitch(out, view, 'pod').map((walking) => ({
    end: endOf(walking, view).disposition,
    header: walking.header,
  }));
  known.set(key, made);
  return made;
}

/** Equal for packets of one pod that go on alike and end with the same words. */
function wayKey({ header, marks, balancer }: Walking, view: NodeView): string {
  const { sourceMac, destinationMac, sourceIp, destinationIp, protocol, encap } = header;
  const local = encap.length === 0 && view.localEndpoint(destinationIp) !== undefined;
  const tunnels = encap.map((e) => `${e.destinationIp} ${e.vni ?? ''}`).join();
  // Local pods are reached whatever chose them; a peer is asked whether the backend is stale.
  const met = marks
    .filter((mark) => !local && (isException(mark) || mark.type === 'routeencap'))
    .map(({ name }) => name)
    .join();
  return `${sourceMac ?? ''} ${destinationMac ?? ''} ${sourceIp} ${destinationIp} ${protocol} ${header.sourcePort ?? ''} ${header.destinationPort ?? ''} ${tunnels} ${met} ${local ? '' : (balancer?.id ?? '')}`;
}

const PROTOCOL = { tcp: 6, udp: 17, icmp: 1 } as const;

function cellOf(
  from: string,
  { ip, port, protocol }: ReachabilityColumn,
  theCase: Case,
  memory: Memory,
): ReachabilityCell {
  try {
    let source = memory.sources.get(from);
    if (source === undefined) {
      source = sourceOf(from, newestSnapshots(theCase), theCase, []);
      memory.sources.set(from, source);
    }
    const target = { ip, port, protocol: PROTOCOL[protocol] };
    const flow = flowBetween({ from, protocol }, source, target, theCase);
    if (flow.origin.kind !== 'pod') throw new Problem(`${from} is no endpoint of a pod.`);
    const { view, header } = flow;
    return worstOf(
      outOfPod(view, flow.origin.endpoint, header, memory.quick).flatMap((out) =>
        ways(out, view, memory.ways).map((way) => natted(way.end, header, way.header)),
      ),
    );
  } catch (error) {
    if (error instanceof NoAddress)
      return { kind: 'no-endpoint', reason: error.message, branch: 0, ways: 1, lost: 1 };
    if (!(error instanceof Problem)) throw error;
    return unknownCell(error.message);
  }
}

/** Of a packet that cannot be traced at all. */
export const unknownCell = (reason: string): ReachabilityCell => ({
  kind: 'insufficient-information',
  reason,
  branch: 0,
  ways: 0,
  lost: 0,
});

/** A way that certainly fails is worse than one that is not known, which is worse than any that arrives. */
const badness = (disposition: Disposition): number =>
  isDelivered(disposition) ? 0 : disposition.kind === 'insufficient-information' ? 1 : 2;

/** The worst of the ways of a packet, and how many of them lose it. */
export function worstOf(ends: readonly Disposition[]): ReachabilityCell {
  let branch = 0;
  for (const [i, end] of ends.entries()) {
    const worst = ends[branch];
    if (worst !== undefined && badness(end) > badness(worst)) branch = i;
  }
  return {
    kind: ends[branch]?.kind ?? 'insufficient-information',
    reason: ends[branch]?.text ?? 'Nothing is known of this packet.',
    branch,
    ways: ends.length,
    lost: ends.filter((end) => !isDelivered(end)).length,
  };
}
