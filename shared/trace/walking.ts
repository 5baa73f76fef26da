import type { Evidence } from '../model/evidence';
import type { HnsLoadBalancer } from '../model/hns';
import type { VfpRuleType } from '../model/vfp';
import type { Disposition } from './disposition';
import type { NodeView, PortPlace } from './node-view';
import { headerChanges, type PacketHeader } from './packet';
import type { QuickWalk } from './quick-walk';
import type { BranchChoice, PlainStep, StepPlace, TraceStep } from './steps';

/** A rule that changed the packet or exempted it from NAT: what comes later depends on it. */
export interface RuleMark {
  readonly name: string;
  readonly type: VfpRuleType;
  readonly before: PacketHeader;
  readonly after: PacketHeader;
  readonly evidence: readonly Evidence[];
}

/** A packet on its way, with everything that happened to it. */
export interface Walking {
  readonly header: PacketHeader;
  readonly steps: readonly TraceStep[];
  readonly marks: readonly RuleMark[];
  /** Set where only the end of many packets is wanted: steps are not written down. */
  readonly quick: QuickWalk | undefined;
  readonly choices: readonly BranchChoice[];
  /** The load balancer that chose the destination last. */
  readonly balancer: HnsLoadBalancer | undefined;
  /** Ports met before, to see a loop. */
  readonly seen: readonly string[];
  /** An answer of a flow that its own packets translated already: NAT rules leave it alone. */
  readonly reply: boolean;
  /** The node and port that took it, where it was delivered to one. */
  readonly arrival: { readonly view: NodeView; readonly port: PortPlace | undefined } | undefined;
  /** How many more ways the whole trace may fork into; one count for all of them. */
  readonly forks: { left: number };
  /** Set when the packet's way ended. */
  readonly end: Disposition | undefined;
}

/** More backends than a service has, and few enough to be walked at once. */
const MOST_FORKS = 1024;

/** A packet before its first step. */
export function setOut(header: PacketHeader, quick?: QuickWalk, reply = false): Walking {
  return {
    header,
    steps: [],
    marks: [],
    quick,
    choices: [],
    balancer: undefined,
    seen: [],
    reply,
    arrival: undefined,
    forks: { left: MOST_FORKS },
    end: undefined,
  };
}

/** Adds a step and its header. */
export function stepped(walking: Walking, step: TraceStep): Walking {
  const { reply } = walking;
  return { ...walking, header: step.after, steps: [...walking.steps, { ...step, reply }] };
}

/** Adds a step that is no rule; of one of many packets only what it does to the header. */
export function passing(
  walking: Walking,
  kind: PlainStep['kind'],
  place: StepPlace,
  text: string,
  more: Partial<Omit<PlainStep, 'kind' | 'place' | 'text' | 'before' | 'changes'>> = {},
): Walking {
  const { header, quick } = walking;
  const after = more.after ?? header;
  if (quick !== undefined) return after === header ? walking : { ...walking, header: after };
  return stepped(walking, {
    evidence: [],
    entities: [],
    remarks: [],
    assumes: [],
    reply: false,
    ...more,
    kind,
    place,
    text,
    before: header,
    after,
    changes: after === header ? [] : headerChanges(header, after),
  });
}

/** Sends every packet that is still on its way on; those that ended stay. */
export function onward(
  walkings: readonly Walking[],
  next: (walking: Walking) => readonly Walking[],
): readonly Walking[] {
  const [only, second] = walkings;
  if (only !== undefined && second === undefined)
    return only.end === undefined ? next(only) : walkings;
  return walkings.flatMap((walking) => (walking.end === undefined ? next(walking) : [walking]));
}
