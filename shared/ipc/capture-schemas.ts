import { z } from 'zod';
import { flowQuestion } from './flow-question';
import { entityRef, evidence } from './finding-schemas';

/** Shapes of packet captures as the window shows them. */

const tone = z.enum(['error', 'warning', 'info', 'ok']);

/** A file with packets, or one that would have to be converted first. */
export const captureInfo = z.object({
  file: z.string(),
  format: z.string(),
  bytes: z.number(),
  /** Null for a format that is listed and not read (ETL). */
  read: z
    .object({
      packets: z.number().int(),
      flows: z.number().int(),
      /** Milliseconds UTC. */
      firstTime: z.number().nullable(),
      lastTime: z.number().nullable(),
      fromPktmon: z.boolean(),
      /** Packets that were not kept whole, and of these the ones whose inner headers are missing. */
      shortened: z.number().int(),
      innerCut: z.number().int(),
      places: z.array(
        z.object({
          name: z.string(),
          description: z.string(),
          linkType: z.string(),
          packets: z.number().int(),
          lost: z.number(),
        }),
      ),
      notes: z.array(z.string()),
    })
    .nullable(),
});
export type CaptureInfoView = z.infer<typeof captureInfo>;

/** Why a filter cannot be read; places in its text. */
export const filterProblem = z.object({
  from: z.number().int(),
  to: z.number().int(),
  message: z.string(),
  suggestions: z.array(z.string()),
});

const flowEnd = z.object({ text: z.string(), object: entityRef.optional() });

export const flowRow = z.object({
  index: z.number().int(),
  time: z.number(),
  seconds: z.number(),
  protocol: z.string(),
  client: flowEnd,
  server: flowEnd,
  packets: z.tuple([z.number().int(), z.number().int()]),
  bytes: z.number(),
  tunnel: z.string(),
  names: z.string(),
  marks: z.array(z.object({ tone, text: z.string() })),
  trace: flowQuestion.optional(),
});
export type FlowRowView = z.infer<typeof flowRow>;

export const packetRow = z.object({
  index: z.number().int(),
  time: z.string(),
  from: z.string(),
  to: z.string(),
  fromClient: z.boolean(),
  protocol: z.string(),
  length: z.number().int(),
  info: z.string(),
  place: z.string(),
  tone: tone.optional(),
  note: z.string(),
});
export type PacketRowView = z.infer<typeof packetRow>;

/** One packet: its layers with the bytes they stand in, and where else it was seen. */
export const packetView = z.object({
  index: z.number().int(),
  /** `2023-11-14 22:13:20.000000000`, UTC. */
  time: z.string(),
  originalLength: z.number().int(),
  capturedLength: z.number().int(),
  place: z.string(),
  layers: z.array(
    z.object({
      name: z.string(),
      text: z.string(),
      start: z.number().int(),
      end: z.number().int(),
      fields: z.array(
        z.object({
          name: z.string(),
          value: z.string(),
          start: z.number().int(),
          end: z.number().int(),
        }),
      ),
    }),
  ),
  notes: z.array(z.string()),
  /** The captured bytes in hex, as far as they are shown. */
  hex: z.string(),
  /** All appearances of this packet, in order; itself among them. */
  path: z.array(
    z.object({
      index: z.number().int(),
      place: z.string(),
      from: z.string(),
      to: z.string(),
      tunnel: z.string(),
      dropped: z.boolean(),
      /** What changed since the appearance before. */
      change: z.string(),
    }),
  ),
});
export type PacketView = z.infer<typeof packetView>;

const maker = z.object({ text: z.string(), evidence: z.array(evidence) });

/** What changed a flow's packets on their way, and the rule that made it. */
export const rewriteReport = z.object({
  seen: z.array(
    z.object({
      kind: z.enum(['destination', 'source', 'source-mac', 'destination-mac', 'encapsulated']),
      text: z.string(),
      packets: z.tuple([z.number().int(), z.number().int()]),
      /** An alarm is what a rule of step 8 reports, too. */
      status: z.enum(['explained', 'alarm', 'open']),
      /** Absent where no step of the trace makes it; `why` then says what is known. */
      by: maker.optional(),
      why: z.string(),
    }),
  ),
  /** What the rules make and the capture does not show. */
  expected: z.array(z.object({ text: z.string(), by: maker, alarm: z.boolean() })),
});

export const captureTimeline = z.object({
  from: z.number(),
  to: z.number(),
  counts: z.array(z.number().int()),
  troubled: z.array(z.number().int()),
});
