import type { CheckResult, Finding } from '../model/finding';
import { whyNotCollected } from '../snapshot/collection-cuts';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { groupCauses } from './causes';
import { EVIDENCE_NEEDS, missingEvidence, type EvidenceNeed } from './evidence-needs';
import type { FindingDraft, Outcome, Rule } from './rule';
import { throughTimeGate } from './time-gate';

export interface AnalysisResult {
  /** Root causes first, worst first; `causedBy` points into this list. */
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckResult[];
}

/** Runs the rules over every snapshot of a case and groups consequences under their causes. */
export function analyse(theCase: Case, rules: readonly Rule[]): AnalysisResult {
  const checks: CheckResult[] = [];
  const findings: Finding[] = [];
  for (const step of analysisSteps(theCase, rules)) {
    const { check, findings: found } = step();
    checks.push(check);
    findings.push(...found);
  }
  return { findings: groupCauses(findings, rules), checks };
}

/**
 * The same work in pieces, one rule on one snapshot each, so that a caller can yield between them
 * (progress, cancel). The caller joins the results and calls `groupCauses` at the end.
 */
export function* analysisSteps(
  theCase: Case,
  rules: readonly Rule[],
): Generator<() => { readonly check: CheckResult; readonly findings: readonly Finding[] }> {
  for (const node of theCase.nodes) {
    for (const snapshot of node.snapshots) {
      for (const rule of rules) yield () => runRule(rule, snapshot, theCase);
    }
  }
}

/** Runs one rule on one snapshot. A rule that throws is our defect: it never hides the others. */
export function runRule(
  rule: Rule,
  snapshot: NodeSnapshot,
  theCase: Case,
): { readonly check: CheckResult; readonly findings: readonly Finding[] } {
  const outcome = gate(rule, snapshot) ?? attempt(rule, snapshot, theCase);
  const base = {
    ruleId: rule.meta.id,
    node: snapshot.node,
    snapshotId: snapshot.id,
    step: rule.meta.step,
  };
  switch (outcome.status) {
    case 'fired':
      return {
        check: { ...base, status: 'fired', reason: firedReason(outcome.findings), missing: [] },
        findings: throughTimeGate(outcome.findings, rule.meta, snapshot).map((draft) =>
          finish(draft, rule, snapshot),
        ),
      };
    case 'passed':
      return {
        check: { ...base, status: 'passed', reason: outcome.detail, missing: [] },
        findings: [],
      };
    case 'not-checked':
      return {
        check: {
          ...base,
          status: 'not-checked',
          because: 'needs-evidence',
          reason: outcome.reason,
          missing: outcome.missing.map(missingEvidence),
        },
        findings: [],
      };
    case 'does-not-apply':
      return {
        check: {
          ...base,
          status: 'not-checked',
          because: 'does-not-apply',
          reason: outcome.reason,
          missing: [],
        },
        findings: [],
      };
    case 'failed':
      return {
        check: {
          ...base,
          status: 'not-checked',
          because: 'rule-failed',
          reason: outcome.reason,
          missing: [],
        },
        findings: [],
      };
  }
}

type Attempt = Outcome | { readonly status: 'failed'; readonly reason: string };

/** Mode and evidence gates, before the rule itself looks. Undefined: the rule may run. */
function gate(rule: Rule, snapshot: NodeSnapshot): Outcome | undefined {
  const { modes, cnis, needs } = rule.meta;
  const { mode, cni } = snapshot.mode;
  if (modes && mode !== 'unknown' && !modes.includes(mode)) {
    return {
      status: 'does-not-apply',
      reason: `Applies to ${modes.join(', ')}; this node runs ${mode}`,
    };
  }
  if (cnis && cni !== 'unknown' && !cnis.includes(cni)) {
    return {
      status: 'does-not-apply',
      reason: `Applies to ${cnis.join(', ')}; this node runs ${cni}`,
    };
  }
  const missing = needs.flatMap((group) => {
    const options: readonly EvidenceNeed[] = typeof group === 'string' ? [group] : group;
    return options.some((need) => hasEvidence(snapshot, need)) ? [] : options.slice(0, 1);
  });
  if (missing.length > 0) {
    return {
      status: 'not-checked',
      reason: `Needs ${missing.map((n) => whatIs(n, snapshot)).join(' and ')}`,
      missing,
    };
  }
  if ((modes && mode === 'unknown') || (cnis && cni === 'unknown' && mode === 'unknown')) {
    return {
      status: 'not-checked',
      reason: `Applies to some network modes only, and the mode of this node is not known: ${snapshot.mode.reason}`,
      missing: ['networks', 'cniConfig'],
    };
  }
  return undefined;
}

/** Was this evidence collected with content? An empty file is no evidence. */
export function hasEvidence(snapshot: NodeSnapshot, need: EvidenceNeed): boolean {
  const spec = EVIDENCE_NEEDS[need];
  if (need === 'peerNode' || spec.fact === undefined) return false;
  if ('component' in spec)
    return snapshot.logs.some((log) => log.component === spec.component && log.entryCount > 0);
  const state = snapshot.evidence.get(spec.fact)?.state;
  return state === 'present' || state === 'partial';
}

function whatIs(need: EvidenceNeed, snapshot: NodeSnapshot): string {
  const spec = EVIDENCE_NEEDS[need];
  if (spec.fact === undefined) return spec.what;
  const state = snapshot.evidence.get(spec.fact);
  if (state?.state === 'empty') return `${spec.what}; ${state.files.join(', ')} is empty`;
  const why = state === undefined ? whyNotCollected(snapshot.files, spec.fact) : undefined;
  return why === undefined ? spec.what : `${spec.what}; ${why}`;
}

function attempt(rule: Rule, snapshot: NodeSnapshot, theCase: Case): Attempt {
  try {
    return rule.check({ snapshot, case: theCase });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'failed', reason: `This check failed (a defect of this program): ${reason}` };
  }
}

function firedReason(drafts: readonly FindingDraft[]): string {
  const first = drafts[0]?.title ?? 'fired';
  return drafts.length > 1 ? `${first}, and ${drafts.length - 1} more` : first;
}

function finish(draft: FindingDraft, rule: Rule, snapshot: NodeSnapshot): Finding {
  return {
    ruleId: rule.meta.id,
    aliases: rule.meta.aliases ?? [],
    severity: draft.severity ?? rule.meta.severity,
    ...(draft.lowered === true ? { lowered: true } : {}),
    step: rule.meta.step,
    title: draft.title,
    node: snapshot.node,
    snapshotId: snapshot.id,
    summary: draft.summary,
    cause: draft.cause,
    remedy: draft.remedy,
    causedBy: null,
    entities: draft.entities,
    evidence: draft.evidence,
    references: rule.meta.references,
  };
}
