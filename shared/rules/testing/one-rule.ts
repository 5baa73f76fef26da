import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import type { BundleTexts } from '../../synthetic/bundle';
import { analyse } from '../engine';
import type { Rule } from '../rule';

/** What one rule says of a bundle, through parsers, assembly and engine. @throws Error when nothing ran. */
export function outcomeOf(
  rule: Rule,
  bundle: BundleTexts,
): { readonly check: CheckResult; readonly findings: readonly Finding[] } {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

/** The first line that each evidence of a finding names, trimmed. */
export function firstLines(bundle: BundleTexts, finding: Finding | undefined): string[] {
  return (finding?.evidence ?? []).map(
    ({ file, line }) => (bundle.get(file) ?? '').split('\n')[line - 1]?.trim() ?? '',
  );
}

/** The bundle with one file replaced or added. */
export function having(bundle: BundleTexts, path: string, text: string): BundleTexts {
  return new Map([...bundle, [path, text]]);
}
