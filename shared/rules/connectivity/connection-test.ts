import type { TestResult } from '../../model/system';
import type { EntityRef } from '../../model/finding';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { notChecked, passed, type Outcome } from '../rule';
import { resultsOf, type ValidationTest } from '../system/validation-tests';

/**
 * The failed results of one connection of the validation script, or the outcome where none failed:
 * passed with the names, or not checked where the test did not run.
 */
export function failedOrOutcome(
  snapshot: NodeSnapshot,
  test: ValidationTest,
): { readonly failed: readonly TestResult[] } | { readonly outcome: Outcome } {
  const results = resultsOf(snapshot, test);
  const failed = results.filter(({ result }) => result === 'failed');
  if (failed.length > 0) return { failed };
  const [first] = results;
  return {
    outcome: first
      ? passed(`Test "${first.name}" passed`)
      : notChecked('The test results do not hold this test', 'tests'),
  };
}

/** A connectivity test by suite and name, as Pester prints them. */
export function testRef(test: TestResult): EntityRef {
  return { kind: 'test', id: `${test.suite}/${test.name}`, name: test.name };
}

/** Pods that the script printed while the test ran: the last one named is where it failed. */
export function lastPodOf(
  test: TestResult,
): { readonly pod: string; readonly ip: string | undefined } | undefined {
  const lines = (test.message ?? '').split('\n');
  for (const line of lines.reverse()) {
    const match =
      /^(?:Checking|Testing from)\s+(\S+)(?:\s+has IP address)?\s*([0-9a-f.:]+)?\s*$/i.exec(
        line.trim(),
      );
    if (match?.[1] !== undefined) return { pod: match[1], ip: match[2] };
  }
  return undefined;
}

/** `Where` of a failed test, for a summary: the pod that the script named last. */
export function whereFailed(test: TestResult): string {
  const last = lastPodOf(test);
  if (!last) return '';
  return ` The script was at pod ${last.pod}${last.ip === undefined ? '' : ` (${last.ip})`}.`;
}
