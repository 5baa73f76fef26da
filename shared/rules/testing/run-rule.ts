import type { CheckResult, Finding } from '../../model/finding';
import { parseFile } from '../../parsers/parse-file';
import { assembleCase } from '../../snapshot/assemble';
import type { Case } from '../../snapshot/node-snapshot';
import { caseOf } from '../../synthetic/case-of';
import type { BundleTexts } from '../../synthetic/bundle';
import { textFileOf } from '../../text/text-file';
import { analyse } from '../engine';
import type { Rule } from '../rule';

export interface Ran {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

/** Runs one rule on the first node of the bundles. @throws Error when the case holds no node. */
export function runRule(rule: Rule, ...bundles: readonly BundleTexts[]): Ran {
  return runOn(rule, caseOf(...bundles));
}

/** Runs one rule on the first node of some files that are no bundle; the node has no name of its own. */
export function runOnFiles(rule: Rule, ...files: readonly (readonly [string, string])[]): Ran {
  const parsed = files.map(([path, text]) => parseFile(textFileOf(path, text)));
  return runOn(rule, assembleCase([{ name: 'pasted', scope: 'node', files: parsed }]));
}

function runOn(rule: Rule, opened: Case): Ran {
  const { checks, findings } = analyse(opened, [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('the case holds no node');
  return { check, findings: findings.filter((f) => f.node === check.node) };
}

/** The text of the lines that a finding's evidence names, in order. */
export function cited(bundle: BundleTexts, finding: Finding | undefined): string[] {
  return (finding?.evidence ?? []).map((e) =>
    (bundle.get(e.file) ?? '')
      .split('\n')
      .slice(e.line - 1, e.endLine)
      .join('\n')
      .trim(),
  );
}
