import { z } from 'zod';
import { nothing, snapshotId } from './arguments';
import { call } from './call';
import { actionPlan, actionState, connectionLegs, liveAction } from './live-action-schemas';

/** Of the collection that the node on screen was read by. */
const key = z.string().min(1).max(64);

/** Calls about what is done on a live node; main answers, with the live process behind it. */
export const liveActionCalls = {
  /** What would run, byte for byte; nothing is sent. */
  'live-action:describe': call('main', z.object({ key, action: liveAction }), actionPlan),
  /** Begins it; one at a time a node. `live-action` events tell how it goes. */
  'live-action:run': call('main', z.object({ key, action: liveAction }), nothing),
  /** What a node should be able to connect to, by its snapshot. */
  'live-action:legs': call(
    'analysis',
    z.object({ snapshotId }),
    z.object({ legs: connectionLegs }),
  ),
  'live-action:cancel': call('main', z.object({ key }), nothing),
} as const;

/** Events about them. */
export const liveActionEvents = { 'live-action': actionState } as const;
