import { z } from 'zod';
import { nothing } from './arguments';
import { call } from './call';
import { actionPlan } from './live-action-schemas';
import { logLevel } from './log-schemas';

/*
 * Following a log of a live node: new lines come as they are written. What came can be kept, as more
 * lines of that log in the snapshot, or dropped.
 */

/** The longest that a log is followed. */
export const FOLLOW_SECONDS = 30 * 60;

/** A line as it came; `n` counts from 1. */
export const followedLine = z.object({
  n: z.number().int(),
  text: z.string(),
  level: logLevel,
});
export type FollowedLine = z.infer<typeof followedLine>;

/** Lines that came together; at most these many of a burst are sent, the last ones. */
export const followedLines = z.object({
  key: z.string(),
  lines: z.array(followedLine),
});
export type FollowedLines = z.infer<typeof followedLines>;

/** How following a log goes, or how it ended. */
export const followState = z.object({
  /** Of the collection of the node. */
  key: z.string(),
  /** The file in the snapshot. */
  file: z.string(),
  /** Its path on the node. */
  path: z.string(),
  state: z.enum(['starting', 'following', 'ended']),
  /** What it is at before the first line comes. */
  at: z.string(),
  /** How many lines came in all. */
  lines: z.number().int(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Why it ended, a sentence; '' while it goes on. */
  why: z.string(),
  /** It ended by itself or was stopped, other than by trouble. */
  fine: z.boolean(),
});
export type FollowState = z.infer<typeof followState>;

const key = z.string().min(1).max(64);
const about = z.object({ key, file: z.string().min(1).max(4096) });

export const followCalls = {
  /** What would run, byte for byte; nothing is sent. */
  'live-follow:describe': call('main', about, actionPlan),
  /** Begins it, one log a node; `live-follow` and `live-follow-lines` events tell how it goes. */
  'live-follow:start': call('main', about, nothing),
  'live-follow:stop': call('main', z.object({ key }), nothing),
  /** Joins what came to the snapshot; only what has ended. */
  'live-follow:keep': call('main', z.object({ key }), nothing),
  /** Forgets what came. */
  'live-follow:drop': call('main', z.object({ key }), nothing),
} as const;

/** `live-follow`: null, nothing is followed any more on the node of the key. */
export const followEvents = {
  'live-follow': z.object({ key: z.string(), state: followState.nullable() }),
  'live-follow-lines': followedLines,
} as const;
