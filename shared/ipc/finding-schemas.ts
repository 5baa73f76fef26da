import { z } from 'zod';

/** Findings, checks, and the links that lead from them to objects and lines. */

export const severity = z.enum(['error', 'warning', 'info']);

export const step = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
  z.literal(8),
]);

export const checkStatus = z.enum(['fired', 'passed', 'not-checked']);

export const entityKind = z.enum([
  'network',
  'endpoint',
  'load-balancer',
  'namespace',
  'compartment',
  'adapter',
  'vfp-port',
  'vfp-layer',
  'vfp-group',
  'vfp-rule',
  'vswitch-port',
  'route',
  'service',
  'pod',
  'node',
  'event',
  'process',
  'windows-service',
  'container',
  'cni-config',
  'log',
  'test',
  'file',
  'port-range',
]);

/** A link to an object; see shared/snapshot/entity-ref.ts. */
export const entityRef = z.object({ kind: entityKind, id: z.string(), name: z.string() });
export type EntityLink = z.infer<typeof entityRef>;

export const evidence = z.object({
  file: z.string(),
  line: z.number().int(),
  endLine: z.number().int(),
  /** Of a capture: the packet, counted from 1, and the index of its flow. */
  packet: z.object({ number: z.number().int(), flow: z.number().int() }).exactOptional(),
});
export type EvidenceLink = z.infer<typeof evidence>;

/** Evidence with its text (at most 12 lines, secrets blanked). */
export const excerpt = evidence.extend({ lines: z.array(z.string()) });

export const remedy = z.object({
  text: z.string(),
  command: z.string().optional(),
  disturbs: z.string().optional(),
  /** How to see that it helped: what a command then shows, or what else can be seen. */
  verify: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('command'), command: z.string(), shows: z.string().optional() }),
      z.object({ kind: z.literal('observation'), text: z.string() }),
    ])
    .optional(),
});

export const finding = z.object({
  index: z.number().int(),
  ruleId: z.string(),
  aliases: z.array(z.string()),
  severity,
  step,
  title: z.string(),
  node: z.string(),
  snapshotId: z.string(),
  summary: z.string(),
  cause: z.string(),
  remedy: z.array(remedy),
  causedBy: z.number().int().nullable(),
  /** Indexes of findings that this one explains. */
  consequences: z.array(z.number().int()),
  entities: z.array(entityRef),
  evidence: z.array(excerpt),
  references: z.array(z.string()),
});
export type FindingView = z.infer<typeof finding>;

export const missingEvidence = z.object({
  what: z.string(),
  command: z.string(),
  where: z.enum(['node', 'cluster', 'another-node']),
});

export const check = z.object({
  ruleId: z.string(),
  title: z.string(),
  description: z.string(),
  impact: z.string(),
  step,
  severity,
  status: checkStatus,
  reason: z.string(),
  because: z.enum(['needs-evidence', 'does-not-apply', 'rule-failed']).optional(),
  missing: z.array(missingEvidence),
});
export type CheckView = z.infer<typeof check>;
