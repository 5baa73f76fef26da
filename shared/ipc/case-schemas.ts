import { z } from 'zod';
import { step } from './finding-schemas';

/** What is open: nodes with their snapshots, and evidence offered for adding. */

/** Counts of a step for the rail. `notChecked` counts what needs evidence, not what does not apply. */
export const stepStatus = z.object({
  step,
  errors: z.number().int(),
  warnings: z.number().int(),
  infos: z.number().int(),
  passed: z.number().int(),
  notChecked: z.number().int(),
  doesNotApply: z.number().int(),
});

export const snapshotSummary = z.object({
  id: z.string(),
  node: z.string(),
  nameGuessed: z.boolean(),
  address: z.string().optional(),
  collectedAt: z.number().optional(),
  collectedAtSource: z.string().optional(),
  os: z.string().optional(),
  mode: z.string(),
  modeText: z.string(),
  modeReason: z.string(),
  collector: z.string().optional(),
  /** What is missing from the collection, where not all of it came. */
  incomplete: z.string().optional(),
  /** The node was read live: key of its collection, and whether that goes on. */
  live: z.object({ key: z.string(), running: z.boolean() }).optional(),
  verdict: z.object({
    tone: z.enum(['error', 'warning', 'info', 'ok', 'unknown']),
    title: z.string(),
    detail: z.string(),
    findingIndex: z.number().int().nullable(),
  }),
  steps: z.array(stepStatus),
  counts: z.object({
    files: z.number().int(),
    filesRead: z.number().int(),
    skippedLines: z.number().int(),
    networks: z.number().int(),
    endpoints: z.number().int(),
    loadBalancers: z.number().int(),
    namespaces: z.number().int(),
    vfpPorts: z.number().int(),
    vfpRules: z.number().int(),
    contradictions: z.number().int(),
    checksMade: z.number().int(),
    checksTotal: z.number().int(),
    needEvidence: z.number().int(),
  }),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;

export const caseSummary = z.object({
  caseId: z.string(),
  title: z.string(),
  nodes: z.array(z.object({ name: z.string(), snapshots: z.array(snapshotSummary) })),
  /** Entries of what was opened that were refused (guards) or could not be read. */
  rejected: z.array(z.object({ path: z.string(), reason: z.string() })),
  nestedArchives: z.array(z.string()),
  clusterFiles: z.array(z.string()),
  /** True when evidence was added that `evidence:undo` can take back. */
  canUndo: z.boolean(),
  undoLabel: z.string().optional(),
  sampleNote: z.string().optional(),
});
export type CaseSummary = z.infer<typeof caseSummary>;

/** Evidence offered for adding, with what it was recognised as and where it likely belongs. */
export const evidenceProposal = z.object({
  id: z.string(),
  name: z.string(),
  recognised: z.string(),
  lines: z.number().int(),
  preview: z.array(z.string()),
  suggestion: z.enum(['node', 'new-node', 'cluster']),
  suggestedNode: z.string().optional(),
  reason: z.string(),
});
export type EvidenceProposal = z.infer<typeof evidenceProposal>;

export const progress = z.object({
  phase: z.enum(['listing', 'reading', 'parsing', 'analysing', 'done', 'failed', 'cancelled']),
  /** What is being opened, said when it begins and when it fails. */
  name: z.string().optional(),
  file: z.string().optional(),
  filesDone: z.number().int(),
  filesTotal: z.number().int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  message: z.string().optional(),
});
export type Progress = z.infer<typeof progress>;
