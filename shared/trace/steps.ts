import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { VfpDirection, VfpRuleType } from '../model/vfp';
import type { AssumptionId } from './assumptions';
import type { Disposition } from './disposition';
import type { ConditionCheck } from '../vfp/conditions';
import type { HeaderChange, PacketHeader } from './packet';

/** Where a step happens. */
export interface StepPlace {
  readonly node: string;
  /** `pod compartment`, `VFP port`, `vSwitch`, `host compartment`, `wire`. */
  readonly column: 'compartment' | 'port' | 'switch' | 'host' | 'external' | 'wire';
  readonly name: string;
}

interface StepBase {
  readonly place: StepPlace;
  /** One sentence: what happens here. */
  readonly text: string;
  readonly before: PacketHeader;
  readonly after: PacketHeader;
  readonly changes: readonly HeaderChange[];
  readonly evidence: readonly Evidence[];
  readonly entities: readonly EntityRef[];
  /** What a reader should know beside it: a rule never hit, HNS saying otherwise. */
  readonly remarks: readonly string[];
  readonly assumes: readonly AssumptionId[];
  /** A step of the answer's way back. */
  readonly reply: boolean;
}

/** A rule that was compared with the deciding one and lost, and why. */
export interface RunnerUp {
  readonly name: string;
  readonly why: string;
  readonly evidence: Evidence;
}

export interface RuleStep extends StepBase {
  readonly kind: 'rule';
  readonly direction: VfpDirection;
  readonly layer: string;
  readonly group: string;
  readonly rule: {
    readonly index: number;
    readonly name: string;
    readonly type: VfpRuleType;
    readonly typeText: string;
    readonly priority: number | undefined;
    readonly terminating: boolean;
  };
  /** The conditions and what the header had; empty means the rule takes every packet. */
  readonly why: readonly ConditionCheck[];
  readonly runnersUp: readonly RunnerUp[];
  /** The rule's own count; undefined where the dump has none. */
  readonly matchedPackets: number | undefined;
}

export interface LayerDefaultStep extends StepBase {
  readonly kind: 'layer-default';
  readonly direction: VfpDirection;
  readonly layer: string;
  readonly runnersUp: readonly RunnerUp[];
}

export interface PlainStep extends StepBase {
  readonly kind:
    | 'source'
    | 'route'
    | 'neighbour'
    | 'port'
    | 'switch'
    | 'wire'
    | 'peer'
    | 'decap'
    | 'flow-pair'
    | 'deliver';
  /** Of a `port` step: the port whose rules follow. */
  readonly port?: PortVisit | undefined;
}

/** A packet at a VFP port of a dump. */
export interface PortVisit {
  readonly file: string;
  readonly index: number;
  readonly direction: VfpDirection;
}

export type TraceStep = RuleStep | LayerDefaultStep | PlainStep;

/** A choice that the state leaves open, and what this branch takes. */
export interface BranchChoice {
  readonly kind: 'dip' | 'unknown-condition' | 'encap-destination';
  readonly text: string;
}

/** The answer's way back, where the packet arrived. */
export interface ReplyWay {
  readonly status: 'symmetric' | 'asymmetric' | 'lost' | 'not-known';
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly steps: readonly TraceStep[];
}

export interface TraceBranch {
  readonly choices: readonly BranchChoice[];
  /** Steps after those that all branches share. */
  readonly steps: readonly TraceStep[];
  readonly end: PacketHeader | undefined;
  readonly disposition: Disposition;
  readonly reply: ReplyWay | undefined;
}
