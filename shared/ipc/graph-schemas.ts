import { z } from 'zod';
import { entityRef, evidence } from './finding-schemas';

/** The graph of HNS objects, and the way through the VFP layers of a port. */

export const graphNode = z.object({
  id: z.string(),
  ref: entityRef.optional(),
  kind: z.enum([
    'network',
    'remote-group',
    'load-balancer',
    'load-balancer-group',
    'endpoint',
    'endpoint-group',
    'remote-endpoint',
    'missing-endpoint',
    'compartment',
    'column-title',
  ]),
  label: z.string(),
  sublabel: z.string().optional(),
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
  tone: z.enum(['error', 'warning', 'ok', 'none', 'dim']),
  /** How many objects an aggregated node stands for. */
  count: z.number().int().optional(),
});

/** Source and target are places in the list of nodes: ids would make a large graph twice as large. */
export const graphEdge = z.object({
  source: z.number().int(),
  target: z.number().int(),
  tone: z.enum(['error', 'warning', 'dim']).optional(),
  label: z.string().optional(),
});

export const graphPage = z.object({
  nodes: z.array(graphNode),
  edges: z.array(graphEdge),
  width: z.number(),
  height: z.number(),
  counts: z.string(),
  /** Said when objects are folded or filtered away. */
  note: z.string().optional(),
});
export type GraphPage = z.infer<typeof graphPage>;

export const vfpPipeline = z.object({
  portId: z.string(),
  title: z.string(),
  direction: z.enum(['OUT', 'IN']),
  blocked: z.boolean().optional(),
  endpoint: entityRef.optional(),
  layers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      priority: z.number().optional(),
      defaultAllow: z.boolean(),
      flags: z.string(),
      evidence,
      groups: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          priority: z.number().optional(),
          type: z.string(),
          matchType: z.string(),
          ruleCount: z.number().int(),
          tone: z.enum(['error', 'warning', 'none']),
          evidence,
        }),
      ),
    }),
  ),
  note: z.string().optional(),
});
export type VfpPipeline = z.infer<typeof vfpPipeline>;
