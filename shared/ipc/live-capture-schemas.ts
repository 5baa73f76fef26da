import { z } from 'zod';

/*
 * A packet capture on a node that is read live: the one thing that changes a node. What is chosen
 * here reaches it as data (JSON on standard input), in narrow shapes.
 */

/** So long after its time limit the node itself ends a capture that nobody has come back for. */
export const CAPTURE_GRACE_SECONDS = 900;
/** So long the node waits once the app has begun to fetch. */
export const FETCH_GRACE_SECONDS = 1800;

/** Which packets are captured; null: whichever. */
export const captureFilter = z.object({
  address: z
    .string()
    .regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[^:]*:)[0-9a-fA-F:]{2,39})$/, 'is no IP address')
    .refine((text) => text.includes(':') || text.split('.').every((part) => Number(part) < 256), {
      message: 'is no IP address',
    })
    .nullable(),
  port: z.number().int().min(1).max(65_535).nullable(),
  protocol: z.enum(['tcp', 'udp', 'icmp']).nullable(),
});
export type CaptureFilter = z.infer<typeof captureFilter>;

/** Limits of a capture, and what is captured. */
export const captureWish = z.object({
  seconds: z.number().int().min(10).max(3600),
  megabytes: z.number().int().min(10).max(400),
  /** Of each packet; 0: all. */
  packetBytes: z.union([z.literal(0), z.number().int().min(64).max(65_535)]),
  filter: captureFilter,
});
export type CaptureWish = z.infer<typeof captureWish>;

/** One script as it will run, byte for byte. */
const runs = z.object({
  command: z.string(),
  bootstrap: z.string(),
  parameters: z.string(),
  script: z.string(),
  sha256: z.string(),
});

/** What a capture will do, to be read before it is done. */
export const capturePlan = z.object({
  /** Why it cannot be done on this node. */
  problem: z.string().nullable(),
  /** What it changes on the node and how that is taken back, a sentence each. */
  changes: z.array(z.string()),
  start: runs,
  fetch: runs,
});
export type CapturePlan = z.infer<typeof capturePlan>;

/** How a capture goes, or how the last one of a node ended. */
export const captureState = z.object({
  /** Of the collection of the node. */
  key: z.string(),
  /** The node, as the list calls it. */
  node: z.string(),
  wish: captureWish,
  /** `unreached`: the node could not be asked; it may capture still. */
  state: z.enum([
    ...(['starting', 'running', 'fetching', 'cleaning', 'unreached'] as const),
    ...(['done', 'partly', 'failed', 'cancelled'] as const),
  ]),
  tool: z.enum(['pktmon', 'netsh']).nullable(),
  /** What it is at, while something runs. */
  at: z.string(),
  bytes: z.number(),
  /** Since when packets are captured; before that, since when it was asked for. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** The node ends it and removes everything by itself until then. */
  byItself: z.number(),
  /** Nothing of it is left on the node. */
  clean: z.boolean(),
  /** What was fetched, by names of the bundle. */
  files: z.array(z.string()),
  notes: z.array(z.string()),
});
export type CaptureState = z.infer<typeof captureState>;

/** It may still be on the node: started and not yet over. */
export const isCapturing = ({ state }: Pick<CaptureState, 'state'>): boolean =>
  ['starting', 'running', 'fetching', 'cleaning', 'unreached'].includes(state);
