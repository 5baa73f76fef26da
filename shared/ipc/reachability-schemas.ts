import { z } from 'zod';
import { flowQuestion } from './flow-question';
import { traceTone } from './trace-schemas';

/** Shapes of the reachability matrix: who reaches what, by the rules alone. */

/** How far the matrix is. Nothing of it is shown before it is whole. */
export const reachabilityState = z.object({
  state: z.enum(['running', 'done', 'cancelled']),
  done: z.number().int(),
  total: z.number().int(),
  milliseconds: z.number(),
  rows: z.number().int(),
  columns: z.number().int(),
  /** Rows and columns that have a cell which does not arrive. */
  problemRows: z.number().int(),
  problemColumns: z.number().int(),
  counts: z.object({
    ok: z.number().int(),
    error: z.number().int(),
    'not-checked': z.number().int(),
  }),
  notes: z.array(z.string()),
});
export type ReachabilityState = z.infer<typeof reachabilityState>;

/** One row or column of the matrix. */
export const reachabilityHead = z.object({
  /** The name within its group. */
  name: z.string(),
  detail: z.string(),
  /** Namespace of a pod or service, else what it is. */
  group: z.string(),
});
export type ReachabilityHead = z.infer<typeof reachabilityHead>;

export const reachabilityCell = z.object({
  from: z.string(),
  to: z.string(),
  title: z.string(),
  tone: traceTone,
  text: z.string(),
  ways: z.number().int(),
  lost: z.number().int(),
  question: flowQuestion,
  way: z.number().int(),
});
export type ReachabilityCellView = z.infer<typeof reachabilityCell>;
