import { z } from 'zod';
import { severity } from './finding-schemas';

/** Files as they were read: their account, their lines, CNI configurations with notes. */

export const fileInfo = z.object({
  path: z.string(),
  name: z.string(),
  title: z.string(),
  command: z.string().optional(),
  kinds: z.array(z.string()),
  encoding: z.string(),
  bytes: z.number(),
  lineCount: z.number().int(),
  readLines: z.number().int(),
  status: z.enum(['parsed', 'partial', 'unrecognised', 'empty', 'binary']),
  notes: z.array(
    z.object({
      line: z.number().int(),
      endLine: z.number().int(),
      message: z.string(),
      kind: z.string(),
    }),
  ),
  unread: z.array(z.object({ line: z.number().int(), endLine: z.number().int() })),
  /** Rules whose evidence this file holds. */
  usedBy: z.array(z.string()),
  scope: z.enum(['node', 'cluster']),
  snapshotId: z.string().optional(),
});
export type FileInfo = z.infer<typeof fileInfo>;

export const fileLines = z.object({
  path: z.string(),
  from: z.number().int(),
  lineCount: z.number().int(),
  /** Lines over 4,000 characters are cut; `cut` lists their numbers. */
  lines: z.array(z.string()),
  cut: z.array(z.number().int()),
  /** Evidence of findings inside these lines. */
  marks: z.array(
    z.object({
      line: z.number().int(),
      endLine: z.number().int(),
      finding: z.number().int(),
      severity,
    }),
  ),
});
export type FileLines = z.infer<typeof fileLines>;

export const cniDocument = z.object({
  path: z.string(),
  title: z.string(),
  lines: z.array(z.string()),
  from: z.number().int(),
  annotations: z.array(
    z.object({
      line: z.number().int(),
      severity: z.enum(['error', 'warning', 'info', 'ok']),
      message: z.string(),
      /** The value expected here, and where that comes from. */
      expected: z.string().optional(),
      finding: z.number().int().optional(),
    }),
  ),
});
export type CniDocument = z.infer<typeof cniDocument>;
