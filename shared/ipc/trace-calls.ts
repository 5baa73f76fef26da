import { z } from 'zod';
import { nothing, paging, snapshotId, text } from './arguments';
import { call } from './call';
import { flowQuestion } from './flow-question';
import * as r from './reachability-schemas';
import { entityKind } from './finding-schemas';
import * as t from './trace-schemas';
import * as w from './walk-through-schemas';

/** Calls about packets and flows. */
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
  /** What may stand at one end of a flow and holds all words of the text; `sender` is no receiver of its own. */
  'trace:choices': call(
    'analysis',
    z.object({
      snapshotId,
      end: z.enum(['from', 'to']),
      sender: text,
      text,
      limit: z.number().int().max(200),
    }),
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
  /** Keeps a trace for the report, or leaves it out again. */
  'trace:pin': call(
    'analysis',
    z.object({ snapshotId, question: flowQuestion, pinned: z.boolean() }),
    z.object({ pinned: z.boolean() }),
  ),
  /** Shows the save dialog and writes one way as a storyboard (SVG). `saved` is the file's name, null when cancelled. */
  'trace:save-picture': call(
    'main',
    z.object({ snapshotId, question: flowQuestion, way: z.number().int().min(0) }),
    z.object({ saved: z.string().nullable() }),
  ),
  /** Flows of the snapshot on screen worth watching. */
  'walk-throughs:list': call(
    'analysis',
    z.object({ snapshotId }),
    z.object({ items: z.array(w.walkThrough) }),
  ),
  /** One way, told moment by moment; null where no packet begins. */
  'walk-throughs:story': call(
    'analysis',
    z.object({ snapshotId, question: flowQuestion, way: z.number().int().min(0) }),
    w.story.nullable(),
  ),
  /** Begins the matrix where it is not there yet, and says how far it is; asked again while it runs. */
  'reachability:state': call(
    'analysis',
    z.object({ snapshotId, begin: z.boolean() }),
    r.reachabilityState.nullable(),
  ),
  'reachability:cancel': call('analysis', z.object({ snapshotId }), nothing),
  /** Rows or columns, by their groups. `problems` leaves out those where everything arrives. */
  'reachability:heads': call(
    'analysis',
    z.object({ snapshotId, axis: z.enum(['rows', 'columns']), problems: z.boolean(), ...paging }),
    z.object({
      items: z.array(r.reachabilityHead),
      offset: z.number().int(),
      matching: z.number(),
    }),
  ),
  /**
   * A window of cells, a text for each row and a letter for each cell: `o` arrives, `x` does not,
   * `?` is not known, `.` is nothing to ask (a pod and itself).
   */
  'reachability:cells': call(
    'analysis',
    z.object({
      snapshotId,
      problems: z.boolean(),
      row: z.number().int().min(0),
      rows: z.number().int().min(1).max(200),
      column: z.number().int().min(0),
      columns: z.number().int().min(1).max(250),
    }),
    z.object({ lines: z.array(z.string()) }),
  ),
  'reachability:cell': call(
    'analysis',
    z.object({
      snapshotId,
      problems: z.boolean(),
      row: z.number().int().min(0),
      column: z.number().int().min(0),
    }),
    r.reachabilityCell.nullable(),
  ),
  /** The cells that do not arrive or are not known, as a list. */
  'reachability:problems': call(
    'analysis',
    z.object({ snapshotId, ...paging }),
    z.object({
      items: z.array(r.reachabilityCell),
      offset: z.number().int(),
      matching: z.number(),
    }),
  ),
} as const;
