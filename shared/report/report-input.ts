import type { CheckResult, Finding } from '../model/finding';
import type { RuleMeta } from '../rules/rule';
import type { FlowQuestion } from '../trace/flow';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';

/** A trace that the user chose for the report. */
export interface PinnedTrace {
  readonly snapshotId: string;
  readonly question: FlowQuestion;
}

/** What every form of the report is made from. */
export interface ReportInput {
  readonly tool: { readonly name: string; readonly version: string };
  readonly case: Case;
  /** In the order of the analysis: root causes first, each followed by what it explains. */
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckResult[];
  readonly rules: readonly RuleMeta[];
  /** Said when what is open is a built-in sample. */
  readonly sampleNote?: string | undefined;
  /** Traces shown beside those of the broken symptom paths. */
  readonly pinned?: readonly PinnedTrace[] | undefined;
  /** Entries of the sources that were left out, and why. */
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
}

/** All snapshots of a case: nodes in order, each node's snapshots in time order. */
export function snapshotsOf(theCase: Case): readonly NodeSnapshot[] {
  return theCase.nodes.flatMap((node) => node.snapshots);
}
