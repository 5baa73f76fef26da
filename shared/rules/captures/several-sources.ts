import type { Outcome } from '../rule';

/**
 * One outcome of several kinds of evidence that tell of the same: all findings; else what any of
 * them passed; else why the first could not tell.
 */
export function together(first: Outcome, ...more: readonly Outcome[]): Outcome {
  const all = [first, ...more];
  const findings = all.flatMap((each) => (each.status === 'fired' ? each.findings : []));
  if (findings.length > 0) return { status: 'fired', findings };
  const checked = all.flatMap((each) => (each.status === 'passed' ? [each.detail] : []));
  return checked.length > 0 ? { status: 'passed', detail: checked.join('; ') } : first;
}
