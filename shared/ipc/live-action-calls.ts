import { z } from 'zod';
import { nothing, snapshotId } from './arguments';
import { call } from './call';
import { flowQuestion } from './flow-question';
import {
  actionPlan,
  actionState,
  connectionLegs,
  containerRef,
  hostLookups,
  insideAsks,
  liveAction,
  switchTuple,
} from './live-action-schemas';

/** Of the collection that the node on screen was read by. */
const key = z.string().min(1).max(64);

const containerChoice = z.object({
  container: containerRef,
  /** Its image and addresses, as far as they are known. */
  detail: z.string(),
  addresses: z.array(z.string()),
});

/** Calls about what is done on a live node; main answers, with the live process behind it. */
export const liveActionCalls = {
  /** What would run, byte for byte; nothing is sent. */
  'live-action:describe': call('main', z.object({ key, action: liveAction }), actionPlan),
  /** Begins it; one at a time a node. `live-action` events tell how it goes. */
  'live-action:run': call('main', z.object({ key, action: liveAction }), nothing),
  /** What a node and a container of it should be able to reach, by its snapshot. */
  'live-action:legs': call(
    'analysis',
    /** `from`: the id of the container; null for the first that there is. */
    z.object({ snapshotId, from: z.string().max(64).nullable() }),
    z.object({
      legs: connectionLegs,
      lookups: hostLookups,
      asks: insideAsks,
      from: z.string().nullable(),
      containers: z.array(containerChoice),
    }),
  ),
  /** The containers of a node that one can look from, and the names and servers to look up. */
  'live-action:containers': call(
    'analysis',
    z.object({ snapshotId }),
    z.object({
      containers: z.array(containerChoice),
      name: z.string(),
      servers: z.array(z.object({ ip: z.string(), title: z.string() })),
    }),
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
