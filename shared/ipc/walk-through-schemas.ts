import { z } from 'zod';
import { flowQuestion } from './flow-question';
import { entityRef, evidence } from './finding-schemas';
import { headerLine, traceTone } from './trace-schemas';

/** Shapes of walk-throughs: real flows of a node, told moment by moment. */

export const walkThroughFlow = z.object({
  question: flowQuestion,
  /** Which of several ways is told. */
  way: z.number().int(),
  tone: traceTone,
  reason: z.string(),
  from: z.string(),
  to: z.string(),
});
export type WalkThroughFlowView = z.infer<typeof walkThroughFlow>;

export const walkThrough = z.object({
  kind: z.string(),
  title: z.string(),
  /** The one that works, then the one that does not, as far as there are such. */
  flows: z.array(walkThroughFlow),
  /** Why there is none. */
  none: z.string().optional(),
});
export type WalkThroughView = z.infer<typeof walkThrough>;

export const storyMoment = z.object({
  column: z.number().int(),
  place: z.string(),
  sentence: z.string(),
  header: z.array(headerLine),
  evidence: z.array(evidence),
  entities: z.array(entityRef),
  remarks: z.array(z.string()),
  /** The packet goes no further here, or nobody knows how it goes on. */
  isBreak: z.boolean(),
  /** On the answer's way back. */
  reply: z.boolean(),
});
export type StoryMoment = z.infer<typeof storyMoment>;

export const story = z.object({
  question: flowQuestion,
  way: z.number().int(),
  columns: z.array(
    z.object({
      node: z.string(),
      kind: z.enum(['compartment', 'port', 'switch', 'host', 'external', 'wire']),
      title: z.string(),
    }),
  ),
  moments: z.array(storyMoment),
  end: z.object({ title: z.string(), tone: traceTone, text: z.string() }),
  pinned: z.boolean(),
});
export type StoryView = z.infer<typeof story>;
