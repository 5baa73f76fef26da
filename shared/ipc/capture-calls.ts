import { z } from 'zod';
import { nothing, paging, snapshotId, text } from './arguments';
import { call } from './call';
import * as c from './capture-schemas';

/** Which packets are meant: of one capture, picked by a filter, in a span of time (milliseconds UTC). */
const picked = {
  snapshotId,
  file: text,
  filter: text,
  from: z.number().nullable(),
  to: z.number().nullable(),
};
const count = z.number().int();

/** Calls about packet captures. A filter that cannot be read picks all, and `problem` says why. */
export const captureCalls = {
  'captures:list': call(
    'analysis',
    z.object({ snapshotId }),
    z.object({ captures: z.array(c.captureInfo) }),
  ),
  'captures:flows': call(
    'analysis',
    z.object({
      ...picked,
      sort: z
        .object({
          column: z.enum([
            'time',
            'client',
            'server',
            'protocol',
            'packets',
            'bytes',
            'seconds',
            'trouble',
          ]),
          descending: z.boolean(),
        })
        .nullable(),
      ...paging,
    }),
    z.object({
      items: z.array(c.flowRow),
      offset: count,
      matching: count,
      total: count,
      problem: c.filterProblem.nullable(),
    }),
  ),
  'captures:flow': call(
    'analysis',
    z.object({ snapshotId, file: text, index: count.min(0) }),
    c.flowRow.nullable(),
  ),
  /** Packets in the order of the file, of one flow or of all picked ones. */
  'captures:packets': call(
    'analysis',
    z.object({ ...picked, flow: count.nullable(), ...paging }),
    z.object({ items: z.array(c.packetRow), offset: count, matching: count }),
  ),
  'captures:packet': call(
    'analysis',
    z.object({ snapshotId, file: text, index: count.min(0) }),
    c.packetView.nullable(),
  ),
  /** Packets over the whole time of the capture; null where its packets have no time. */
  'captures:timeline': call(
    'analysis',
    z.object({ ...picked, flow: count.nullable(), parts: count.min(1).max(1000) }),
    c.captureTimeline.nullable(),
  ),
  /** Each rewrite of a flow that the capture shows, with the rule that must have made it. */
  'captures:rewrites': call(
    'analysis',
    z.object({ snapshotId, file: text, index: count.min(0) }),
    c.rewriteReport.nullable(),
  ),
  /** What may stand at the cursor of a filter. */
  'captures:complete': call(
    'analysis',
    z.object({ snapshotId, file: text, text, cursor: count.min(0).max(2000) }),
    z.object({
      from: count,
      to: count,
      items: z.array(z.object({ text: z.string(), about: z.string() })),
    }),
  ),
  /** Whether Wireshark is installed where this program runs. */
  'captures:wireshark': call('main', z.object({}), z.object({ installed: z.boolean() })),
  /** Opens a capture of the open case in Wireshark. Refused for one that lies in an archive. */
  'captures:open-in-wireshark': call('main', z.object({ snapshotId, file: text }), nothing),
} as const;
