import { z } from 'zod';
import { nothing } from './arguments';
import { call } from './call';
import { capturePlan, captureState, captureWish } from './live-capture-schemas';

/** Of the collection that the node on screen was read by. */
const key = z.string().min(1).max(64);

/** Calls about packet captures on live nodes; main answers, with the live process behind it. */
export const liveCaptureCalls = {
  /** What would run and change, byte for byte; nothing is sent. */
  'live-capture:describe': call('main', z.object({ key, wish: captureWish }), capturePlan),
  /** Begins one; one at a time a node. `live-capture` events tell how it goes. */
  'live-capture:start': call('main', z.object({ key, wish: captureWish }), nothing),
  /** Stops it, fetches it and removes it from the node. */
  'live-capture:fetch': call('main', z.object({ key }), nothing),
  /** Stops it and removes it from the node; what runs for it is cancelled. */
  'live-capture:discard': call('main', z.object({ key }), nothing),
  /** Those that run, and how the last of each node ended. */
  'live-capture:states': call('main', z.object({}), z.object({ states: z.array(captureState) })),
} as const;

/** Events about them. */
export const liveCaptureEvents = { 'live-capture': captureState } as const;
