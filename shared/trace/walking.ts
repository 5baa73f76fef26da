import type { HnsLoadBalancer } from '../model/hns';
import type { Disposition } from './disposition';
import type { NodeView, PortPlace } from './node-view';
import type { PacketHeader } from './packet';
import type { BranchChoice, TraceStep } from './steps';

/** A packet on its way, with everything that happened to it. */
export interface Walking {
  readonly header: PacketHeader;
  readonly steps: readonly TraceStep[];
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
export function setOut(header: PacketHeader, reply = false): Walking {
  return {
    header,
    steps: [],
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

/** Sends every packet that is still on its way on; those that ended stay. */
export function onward(
  walkings: readonly Walking[],
  next: (walking: Walking) => readonly Walking[],
): readonly Walking[] {
  return walkings.flatMap((walking) => (walking.end === undefined ? next(walking) : [walking]));
}
