import { z } from 'zod';
import { snapshotId, text } from './arguments';
import { call } from './call';
import { flowQuestion } from './flow-question';
import { entityKind } from './schemas';
import * as t from './trace-schemas';

/** Calls about packets and flows, all answered by the analysis process. */
export const traceCalls = {
  /** Walks one packet from the snapshot on screen. `way` is the one of several that is shown in full; null is the one that most needs to be seen. */
  'trace:run': call(
    'analysis',
    z.object({
      snapshotId,
      question: flowQuestion,
      depth: t.traceDepth,
      way: z.number().int().min(0).nullable(),
      /** With the stops of the answer's way back. */
      reply: z.boolean(),
    }),
    t.traceAnswer,
  ),
  /** What may stand at one end of a flow and holds all words of the text. */
  'trace:choices': call(
    'analysis',
    z.object({ snapshotId, end: z.enum(['from', 'to']), text, limit: z.number().int().max(200) }),
    z.object({ items: z.array(t.flowChoice), matching: z.number().int() }),
  ),
  /** The flow that shows most of an object, or of addresses in a text; null where there is none. */
  'trace:about': call(
    'analysis',
    z.object({
      snapshotId,
      about: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('object'), object: entityKind, id: text }),
        z.object({ kind: z.literal('text'), text }),
        /** What the snapshot most needs looked at. */
        z.object({ kind: z.literal('snapshot') }),
      ]),
    }),
    flowQuestion.nullable(),
  ),
} as const;
