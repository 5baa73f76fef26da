import { z } from 'zod';
import { entityRef, evidence } from './finding-schemas';

/** Tables, page by page. */

/** A cell of a table. `tone` colours status cells; `ref`/`evidence` make it a link. */
export const cell = z.object({
  text: z.string(),
  tone: z.enum(['error', 'warning', 'info', 'ok', 'dim']).optional(),
  ref: entityRef.optional(),
  evidence: evidence.optional(),
  mono: z.boolean().optional(),
});

export const column = z.object({
  id: z.string(),
  title: z.string(),
  /** Preferred width in px. */
  width: z.number(),
  align: z.enum(['start', 'end']).optional(),
  mono: z.boolean().optional(),
  /** Cut long text in the middle rather than at the end. */
  middle: z.boolean().optional(),
});

export const tableId = z.enum([
  'networks',
  'endpoints',
  'load-balancers',
  'lb-backends',
  'namespaces',
  'compartments',
  'vfp-ports',
  'vfp-rules',
  'vswitch-ports',
  'routes',
  'interfaces',
  'port-ranges',
  'processes',
  'windows-services',
  'node-facts',
  'tcp-connections',
  'adapter-counters',
  'endpoint-counters',
  'packet-counters',
  'windows-events',
  'containers',
  'tests',
  'dns-lookups',
  'events',
  'pods',
  'services',
  'nodes',
  'contradictions',
]);
export type TableId = z.infer<typeof tableId>;

export const tablePage = z.object({
  columns: z.array(column),
  /** Rows in the wanted order from `offset`; fewer than asked for when the page would pass 64 KiB. */
  rows: z.array(
    z.object({
      key: z.string(),
      ref: entityRef.optional(),
      evidence: evidence.optional(),
      tone: z.enum(['error', 'warning', 'info', 'ok', 'dim']).optional(),
      cells: z.array(cell),
    }),
  ),
  offset: z.number().int(),
  /** Rows that match the filter / rows in all. */
  matching: z.number().int(),
  total: z.number().int(),
  /** Why the table is empty, and the command that would fill it. */
  empty: z.object({ text: z.string(), command: z.string().optional() }).optional(),
});
export type TablePage = z.infer<typeof tablePage>;
