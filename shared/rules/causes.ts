import type { Finding, Severity } from '../model/finding';
import type { Rule, RuleMeta } from './rule';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * Groups consequences under their cause and orders the list: root causes first (worst first; among
 * equals the one that explains most, then by step), each followed by what it explains. `causedBy`
 * points into the returned list. Chains (a explains b explains c) end at the outermost cause.
 */
export function groupCauses(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const metas = new Map(rules.map((r) => [r.meta.id, r.meta]));
  const causeOf = new Map<Finding, Finding>();
  for (const finding of findings) {
    const cause = findings.find((c) => isCause(c, finding, metas));
    if (cause) causeOf.set(finding, cause);
  }
  const rootOf = (finding: Finding): Finding => {
    const seen = new Set<Finding>([finding]);
    let at = finding;
    for (let next = causeOf.get(at); next && !seen.has(next); next = causeOf.get(at)) {
      seen.add(next);
      at = next;
    }
    return at;
  };
  const groups = new Map<Finding, Finding[]>();
  for (const finding of findings) {
    const root = rootOf(finding);
    const group = groups.get(root) ?? [];
    if (finding !== root) group.push(finding);
    groups.set(root, group);
  }
  const ordered = [...groups].sort(
    ([a, as], [b, bs]) => weigh(a, as) - weigh(b, bs) || a.step - b.step || bs.length - as.length,
  );
  const out: Finding[] = [];
  for (const [root, consequences] of ordered) {
    const index = out.length;
    out.push({ ...root, causedBy: null });
    const sorted = [...consequences].sort(
      (a, b) => RANK[a.severity] - RANK[b.severity] || a.step - b.step,
    );
    for (const consequence of sorted) out.push({ ...consequence, causedBy: index });
  }
  return out;
}

/** A cause that explains others outranks a lone finding of the same severity. */
function weigh(root: Finding, consequences: readonly Finding[]): number {
  return RANK[root.severity] * 10 - (consequences.length > 0 ? 1 : 0);
}

function isCause(cause: Finding, finding: Finding, rules: ReadonlyMap<string, RuleMeta>): boolean {
  if (cause === finding || cause.snapshotId !== finding.snapshotId) return false;
  const meta = rules.get(cause.ruleId);
  if (meta?.explains?.includes(finding.ruleId) !== true) return false;
  if (RANK[cause.severity] > RANK[finding.severity]) return false;
  if (meta.explainsBySameLine?.includes(finding.ruleId) === true && !shareLine(cause, finding))
    return false;
  return !aboutOtherObject(cause, finding);
}

/** Do both cite one line? Two codes in two events are two stories, though one rule tells both. */
const shareLine = (cause: Finding, finding: Finding): boolean =>
  cause.evidence.some((a) =>
    finding.evidence.some((b) => a.file === b.file && a.line <= b.endLine && b.line <= a.endLine),
  );

/**
 * Both name objects of a kind that a cause is specific to, and share none of any such kind: another
 * story. One shared object (the service, though its load balancers differ) makes it the same.
 */
function aboutOtherObject(cause: Finding, finding: Finding): boolean {
  let compared = false;
  for (const kind of ['load-balancer', 'service', 'endpoint'] as const) {
    const a = cause.entities.filter((e) => e.kind === kind);
    const b = finding.entities.filter((e) => e.kind === kind);
    if (a.length === 0 || b.length === 0) continue;
    if (a.some((x) => b.some((y) => x.id === y.id))) return false;
    compared = true;
  }
  return compared;
}
