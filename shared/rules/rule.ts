import type { Evidence } from '../model/evidence';
import type { EntityRef, Remedy, Severity, Step } from '../model/finding';
import type { Case, NetworkMode, NodeSnapshot } from '../snapshot/node-snapshot';
import type { EvidenceNeed } from './evidence-needs';

/** Everything a person should know of a rule; the catalogue page is made from it. */
export interface RuleMeta {
  /** Catalogue id, upper case; the file's name is the same in lower case. */
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly step: Step;
  /** Which symptom path of step 7 the rule belongs to. */
  readonly symptom?: 'inter-node' | 'outbound' | 'services' | 'dns';
  /** Severity of its findings, unless a finding says otherwise. */
  readonly severity: Severity;
  /** Short name of the check, as a statement that holds when all is well: "HNS is running". */
  readonly title: string;
  /** What it looks at and what would be wrong, two sentences at most. */
  readonly description: string;
  /** Why it matters: what the user suffers. */
  readonly impact: string;
  /**
   * Evidence it cannot do without: every group must be met, a group by any of its members.
   * The engine answers not-checked with the commands that make what is missing.
   */
  readonly needs: readonly (EvidenceNeed | readonly EvidenceNeed[])[];
  /**
   * Evidence of the API, of HNS and of VFP that it holds against each other as sets. Where the
   * sides are provably of different times, the engine makes its errors warnings (time-gate.ts).
   */
  readonly compares?: readonly EvidenceNeed[];
  /** Modes and CNIs it applies to; absent: all. Outside of them it does not apply. */
  readonly modes?: readonly NetworkMode['mode'][];
  readonly cnis?: readonly NetworkMode['cni'][];
  /** When it is known to be wrong or too strict. */
  readonly falsePositives: string;
  /** Where the fact comes from. */
  readonly references: readonly string[];
  /** Ids of rules whose findings this one explains: they are grouped under it (same node, or no node-specific entity clash). */
  readonly explains?: readonly string[];
  /** Of those, the ones whose findings it explains only where they cite a line that it cites too. */
  readonly explainsBySameLine?: readonly string[];
}

/** What a rule reports; the engine adds rule id, node, snapshot and defaults. */
export interface FindingDraft {
  readonly title: string;
  readonly summary: string;
  readonly cause: string;
  readonly remedy: readonly Remedy[];
  readonly severity?: Severity;
  /** Set by the time gate. */
  readonly lowered?: boolean;
  /** What this finding compares, where it is less than what the rule as a whole does. */
  readonly compares?: readonly EvidenceNeed[];
  readonly entities: readonly EntityRef[];
  /** First the most telling line. Never empty. */
  readonly evidence: readonly Evidence[];
}

export type Outcome =
  /** `detail` says what was looked at with honest numbers: "all 6 ports", "3 of 3 peers". */
  | { readonly status: 'passed'; readonly detail: string }
  | { readonly status: 'fired'; readonly findings: readonly FindingDraft[] }
  | {
      readonly status: 'not-checked';
      readonly reason: string;
      readonly missing: readonly EvidenceNeed[];
    }
  | { readonly status: 'does-not-apply'; readonly reason: string };

/** What a rule sees. It reads nothing else. */
export interface RuleContext {
  readonly snapshot: NodeSnapshot;
  /** The other nodes and snapshots of the case, for cross-node rules. */
  readonly case: Case;
}

export interface Rule {
  readonly meta: RuleMeta;
  check(context: RuleContext): Outcome;
}

/**
 * The rule looked at everything it speaks of and found nothing wrong; `detail` says at what,
 * with numbers.
 */
export const passed = (detail: string): Outcome => ({ status: 'passed', detail });

/** Something is wrong: one draft a finding, at least one. Where there may be none: `firedOrPassed`. */
export const fired = (...findings: readonly FindingDraft[]): Outcome => ({
  status: 'fired',
  findings,
});

/**
 * The evidence does not suffice: `reason` says why, `missing` what would have to be collected.
 * Never for "nothing there".
 */
export const notChecked = (reason: string, ...missing: readonly EvidenceNeed[]): Outcome => ({
  status: 'not-checked',
  reason,
  missing,
});

/**
 * The rule has no meaning on this node (another network mode, another CNI): counted apart from
 * what lacks evidence.
 */
export const doesNotApply = (reason: string): Outcome => ({ status: 'does-not-apply', reason });

/** Fired when there are findings, else passed with the detail. */
export const firedOrPassed = (findings: readonly FindingDraft[], detail: string): Outcome =>
  findings.length > 0 ? { status: 'fired', findings } : passed(detail);
