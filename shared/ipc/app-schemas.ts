import { z } from 'zod';

/** Settings of the application, and where it opens from. */

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  inspectorOpen: z.boolean(),
  inspectorWidth: z.number(),
  railWidth: z.number(),
  drawerHeight: z.number(),
  learnOpen: z.boolean(),
  rawWrap: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const recentItem = z.object({
  id: z.string(),
  name: z.string(),
  detail: z.string(),
  openedAt: z.number(),
  errors: z.number().int(),
  warnings: z.number().int(),
  /** Enough was checked for a verdict; not known of what an earlier version opened. */
  judged: z.boolean().optional(),
  exists: z.boolean(),
});

export const sampleItem = z.object({
  id: z.string(),
  title: z.string(),
  sentence: z.string(),
  broken: z.boolean(),
});

/** Where to open from. Paths never come from the renderer: it holds tokens for them. */
export const sourceRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string().max(64) }),
  z.object({ kind: z.literal('recent'), id: z.string().max(64) }),
  z.object({ kind: z.literal('sample'), id: z.string().max(64) }),
]);
export type SourceRef = z.infer<typeof sourceRef>;
