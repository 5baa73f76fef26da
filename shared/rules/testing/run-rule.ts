import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import type { BundleTexts } from '../../synthetic/bundle';
import { analyse } from '../engine';
import type { Rule } from '../rule';

/** What one rule said. */
export interface Ran {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

/** Runs one rule on the first node of the bundles. @throws Error when the case holds no node. */
export function runOn(rule: Rule, ...bundles: readonly BundleTexts[]): Ran {
  const { checks, findings } = analyse(caseOf(...bundles), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('the case holds no node');
  return { check, findings: findings.filter((f) => f.node === check.node) };
}

/** The bundle with a file added, or its text replaced. */
export function withFile(bundle: BundleTexts, path: string, text: string): BundleTexts {
  return new Map([...bundle, [path, text]]);
}

/** The lines that a finding's evidence names, trimmed, in order. */
export function citedLines(bundle: BundleTexts, finding: Finding | undefined): string[] {
  return (finding?.evidence ?? []).flatMap((e) =>
    (bundle.get(e.file) ?? '')
      .split('\n')
      .slice(e.line - 1, e.endLine)
      .map((line) => line.trim()),
  );
}
