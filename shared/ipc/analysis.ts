import { z } from 'zod';
import { failure } from './contract';
import { flowQuestion } from './flow-question';
import { progress } from './case-schemas';

/** What has come of a node that is read live, or of a cluster's API. */
export const liveSource = z.object({
  /** Of its collection; what comes later under the same key takes its place. */
  key: z.string(),
  name: z.string(),
  scope: z.enum(['node', 'cluster']),
  /** Time of collection, milliseconds UTC. */
  stamp: z.number(),
  running: z.boolean(),
  /** Names as in a bundle, and where the bytes lie on this computer. */
  files: z.array(z.object({ path: z.string(), location: z.string(), bytes: z.number() })),
});
export type LiveSource = z.infer<typeof liveSource>;

/**
 * Messages between main and the analysis process (utilityProcess, one per open case). A request is
 * a call of the contract answered `by: 'analysis'`, or one of the process's own commands.
 */
export const toAnalysis = z.discriminatedUnion('kind', [
  /** Opens paths as a new case. Answered by `reply` when the analysis is done. */
  z.object({
    kind: z.literal('open'),
    id: z.number().int(),
    paths: z.array(z.string()),
    /** Pasted text to open instead of paths. */
    text: z.string().optional(),
    title: z.string(),
    sampleNote: z.string().optional(),
  }),
  /** Live nodes have news; without a case they make one. Answered when it is analysed. */
  z.object({ kind: z.literal('live'), id: z.number().int(), sources: z.array(liveSource) }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('confirm-answer'), confirmId: z.string(), goOn: z.boolean() }),
  /** A call of the contract; tokens were replaced by paths. */
  z.object({
    kind: z.literal('call'),
    id: z.number().int(),
    channel: z.string(),
    args: z.unknown(),
    paths: z.array(z.string()),
  }),
  /** Asks where a capture lies on the disk; the path stays in main. Answered by a path or null. */
  z.object({
    kind: z.literal('capture-path'),
    id: z.number().int(),
    snapshotId: z.string(),
    file: z.string(),
  }),
  /** Renders the report; the text comes back in chunks. */
  z.object({
    kind: z.literal('render'),
    id: z.number().int(),
    format: z.enum(['html', 'json', 'sarif', 'text']),
  }),
  z.object({
    kind: z.literal('csv'),
    id: z.number().int(),
    snapshotId: z.string(),
    table: z.string(),
    scope: z.string().optional(),
    filter: z.string(),
  }),
  /** Draws one way of a trace as a storyboard (SVG). */
  z.object({
    kind: z.literal('picture'),
    id: z.number().int(),
    snapshotId: z.string(),
    question: flowQuestion,
    way: z.number().int(),
  }),
]);
export type ToAnalysis = z.infer<typeof toAnalysis>;

export const fromAnalysis = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reply'), id: z.number().int(), value: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.number().int(), error: failure }),
  z.object({ kind: z.literal('progress'), progress }),
  z.object({ kind: z.literal('changed') }),
  z.object({
    kind: z.literal('confirm'),
    confirmId: z.string(),
    title: z.string(),
    detail: z.string(),
  }),
  /** A piece of a rendered text for request `id`; the reply follows the last piece. */
  z.object({ kind: z.literal('chunk'), id: z.number().int(), text: z.string() }),
]);
export type FromAnalysis = z.infer<typeof fromAnalysis>;
