import { z } from 'zod';
import { entityRef, evidence } from './finding-schemas';

/** One object with all that is known of it, and what a search finds. */

export const objectView = z.object({
  ref: entityRef,
  kindText: z.string(),
  /** `Load balancer · default/win-webserver`. */
  subtitle: z.string(),
  tone: z.enum(['error', 'warning', 'ok', 'unknown']),
  properties: z.array(
    z.object({
      label: z.string(),
      value: z.string(),
      mono: z.boolean().optional(),
      tone: z.enum(['error', 'warning', 'ok', 'dim']).optional(),
      refs: z.array(entityRef).optional(),
      evidence: evidence.optional(),
    }),
  ),
  findings: z.array(z.number().int()),
  related: z.array(
    z.object({ title: z.string(), refs: z.array(entityRef), total: z.number().int() }),
  ),
  evidence: z.array(evidence),
  contradictions: z.array(
    z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), evidence })) }),
  ),
});
export type ObjectView = z.infer<typeof objectView>;

export const searchResult = z.object({
  group: z.enum(['objects', 'findings', 'rules', 'files', 'text']),
  title: z.string(),
  subtitle: z.string(),
  ref: entityRef.optional(),
  evidence: evidence.optional(),
  finding: z.number().int().optional(),
  ruleId: z.string().optional(),
});
export type SearchResult = z.infer<typeof searchResult>;
