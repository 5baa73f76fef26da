import { z } from 'zod';
import { nothing, snapshotId } from './arguments';
import { call } from './call';
import { flowQuestion } from './flow-question';
import {
  actionPlan,
  actionState,
  connectionLegs,
  liveAction,
  switchTuple,
} from './live-action-schemas';

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
  /** What to ask the switch about a way of a trace, and how its last answers compare. */
  'live-action:switch': call(
    'analysis',
    z.object({ snapshotId, question: flowQuestion, way: z.number().int().min(0) }),
    z.object({
      asks: z.array(
        switchTuple.extend({
          name: z.string(),
          chosen: z.array(z.string()),
          answer: z
            .object({ kind: z.enum(['agrees', 'differs', 'not-compared']), text: z.string() })
            .nullable(),
        }),
      ),
      notAsked: z.array(z.string()),
    }),
  ),
  'live-action:cancel': call('main', z.object({ key }), nothing),
} as const;

/** Events about them. */
export const liveActionEvents = { 'live-action': actionState } as const;
