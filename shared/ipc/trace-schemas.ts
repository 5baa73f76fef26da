import { z } from 'zod';
import { flowQuestion } from './flow-question';
import { entityRef, evidence, missingEvidence } from './finding-schemas';

/** Shapes of traces, walk-throughs and reachability: what a user asks, and what is shown of the answer. */

export const traceDepth = z.enum(['minimal', 'summary', 'full']);
export type TraceDepth = z.infer<typeof traceDepth>;

export const traceTone = z.enum(['ok', 'error', 'not-checked']);
export type TraceTone = z.infer<typeof traceTone>;

/** One line of a header. `changed` marks what the step before it rewrote. */
export const headerLine = z.object({ label: z.string(), text: z.string(), changed: z.boolean() });
export type HeaderLine = z.infer<typeof headerLine>;

/** One stop of the packet: a rule, a layer's default, a route, a port. */
export const traceStop = z.object({
  kind: z.enum([
    'source',
    'route',
    'neighbour',
    'port',
    'rule',
    'layer-default',
    'switch',
    'wire',
    'peer',
    'decap',
    'flow-pair',
    'deliver',
  ]),
  /** The layer or what it is: a short name above the sentence. */
  title: z.string(),
  /** What it does, in a word: `allow`, `lbnat`. */
  action: z.string().optional(),
  /** The sentence of the moment. */
  text: z.string(),
  /** `rewrites`: the header changes. `passes`: it was weighed and nothing changed. `ends`: the packet's way ends here. `open`: how it goes on is not known. */
  look: z.enum(['rewrites', 'passes', 'quiet', 'ends', 'open']),
  /** The header after it, where it changes or where the stop begins a column. */
  header: z.array(headerLine),
  rule: z
    .object({
      ref: entityRef,
      group: z.string(),
      name: z.string(),
      priority: z.number().nullable(),
      terminating: z.boolean(),
      /** Packets that it matched by its own count; null where the dump has none. */
      hits: z.number().nullable(),
    })
    .optional(),
  entities: z.array(entityRef),
  evidence: z.array(evidence),
  remarks: z.array(z.string()),
  assumes: z.array(z.string()),
  why: z.array(
    z.object({
      condition: z.string(),
      result: z.enum(['yes', 'no', 'unknown']),
      value: z.string(),
    }),
  ),
  runnersUp: z.array(z.object({ name: z.string(), why: z.string(), evidence })),
});
export type TraceStop = z.infer<typeof traceStop>;

/** Consecutive stops of one place. */
export const traceColumn = z.object({
  kind: z.enum(['compartment', 'port', 'switch', 'host', 'external', 'wire', 'peer']),
  node: z.string(),
  title: z.string(),
  subtitle: z.string(),
  stops: z.array(traceStop),
});
export type TraceColumn = z.infer<typeof traceColumn>;

export const traceEnd = z.object({
  kind: z.string(),
  title: z.string(),
  tone: traceTone,
  text: z.string(),
  evidence: z.array(evidence),
  missing: z.array(missingEvidence),
});
export type TraceEnd = z.infer<typeof traceEnd>;

/** One of several ways, in a line. */
export const traceWay = z.object({
  label: z.string(),
  end: z.string(),
  tone: traceTone,
  text: z.string(),
  /** The packet as it ends. */
  packet: z.string(),
  stops: z.number().int(),
  reply: z.string(),
});

export const replyView = z.object({
  status: z.enum(['symmetric', 'asymmetric', 'lost', 'not-known']),
  text: z.string(),
  evidence: z.array(evidence),
  columns: z.array(traceColumn),
});

export const traceView = z.object({
  question: flowQuestion,
  node: z.string(),
  /** How the question was read. */
  notes: z.array(z.string()),
  packet: z.string(),
  verdict: z.string(),
  tone: traceTone,
  /** What HNS says otherwise than the rules that were met. */
  doubts: z.array(z.string()),
  /** All ways, as far as a page holds them. */
  ways: z.array(traceWay),
  waysTotal: z.number().int(),
  /** The way that is shown in full. */
  way: z.number().int(),
  columns: z.array(traceColumn),
  end: traceEnd,
  reply: replyView.nullable(),
  assumptions: z.array(z.object({ id: z.string(), statement: z.string(), confidence: z.string() })),
  cost: z.object({
    milliseconds: z.number(),
    /** Rules of the groups that the packet came to, and those that matched. */
    considered: z.number().int(),
    matched: z.number().int(),
  }),
  pinned: z.boolean(),
});
export type TraceView = z.infer<typeof traceView>;

/** A question is answered, or cannot be as it stands: then why, and which end is to blame. */
export const traceAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('trace'), trace: traceView }),
  z.object({ kind: z.literal('problem'), text: z.string(), end: z.enum(['from', 'to', 'both']) }),
]);
export type TraceAnswer = z.infer<typeof traceAnswer>;

/** Something that can be one end of a flow. */
export const flowChoice = z.object({
  /** What goes into the field. */
  value: z.string(),
  title: z.string(),
  detail: z.string(),
  group: z.enum(['pods', 'services', 'load-balancers', 'endpoints', 'nodes', 'addresses']),
  protocol: z.enum(['tcp', 'udp']).optional(),
});
export type FlowChoice = z.infer<typeof flowChoice>;
