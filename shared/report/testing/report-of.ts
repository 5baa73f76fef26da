import { analyse } from '../../rules/engine';
import { RULES } from '../../rules/catalogue';
import type { BundleTexts } from '../../synthetic/bundle';
import { caseOf } from '../../synthetic/case-of';
import type { ReportInput } from '../report-input';

/** What a report of these bundles is made from, through the real parsers and rules. */
export function reportOf(...bundles: readonly BundleTexts[]): ReportInput {
  const theCase = caseOf(...bundles);
  return {
    tool: { name: 'hns-workbench', version: '1.2.3' },
    case: theCase,
    ...analyse(theCase, RULES),
    rules: RULES.map((rule) => rule.meta),
    rejected: [],
  };
}
