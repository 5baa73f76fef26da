import type { CheckResult, Finding } from '../model/finding';

export interface Verdict {
  readonly tone: 'error' | 'warning' | 'info' | 'ok' | 'unknown';
  readonly title: string;
  readonly detail: string;
  /** The finding that the verdict speaks of: index into the list given. */
  readonly findingIndex: number | null;
}

/**
 * One sentence for a snapshot: what is broken, or how much was looked at. "Nothing found" is said
 * with the number of checks behind it, and never when hardly anything could be checked.
 */
export function verdictOf(
  snapshotId: string,
  findings: readonly Finding[],
  checks: readonly CheckResult[],
): Verdict {
  const index = findings.findIndex((f) => f.snapshotId === snapshotId && f.causedBy === null);
  const first = findings[index];
  if (first && first.severity !== 'info') {
    return { tone: first.severity, title: first.title, detail: first.summary, findingIndex: index };
  }
  const own = checks.filter((c) => c.snapshotId === snapshotId);
  const made = own.filter((c) => c.status !== 'not-checked').length;
  const waiting = own.filter((c) => c.because === 'needs-evidence').length;
  const looked = `${made} ${made === 1 ? 'check was' : 'checks were'} made, ${waiting} ${waiting === 1 ? 'needs' : 'need'} evidence.`;
  if (made === 0) {
    return {
      tone: 'unknown',
      title: 'Nothing could be checked yet',
      detail: looked,
      findingIndex: null,
    };
  }
  const title = waiting > made ? 'No fault found in what was collected' : 'No fault found';
  return {
    tone: waiting > made ? 'unknown' : 'ok',
    title,
    detail: looked,
    findingIndex: first ? index : null,
  };
}
