import type { CheckResult, Finding } from '../../model/finding';
import { parseFile } from '../../parsers/parse-file';
import { assembleCase } from '../../snapshot/assemble';
import type { Case } from '../../snapshot/node-snapshot';
import { caseOf } from '../../synthetic/case-of';
import type { BundleTexts } from '../../synthetic/bundle';
import { textFile } from '../../text/text-file';
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

/** A file that is no part of a bundle, with its own time where a rule looks at it. */
export type LooseFile = readonly [path: string, text: string, modifiedAt?: number];

/** Runs one rule on some files of one node; the node has no name of its own. @throws Error without files. */
export function runOnFiles(rule: Rule, ...files: readonly LooseFile[]): Ran {
  const parsed = files.map(([path, text, modifiedAt]) =>
    parseFile(textFile(path, new TextEncoder().encode(text), { modifiedAt })),
  );
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
