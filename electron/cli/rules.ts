import { RULES } from '../../shared/rules/catalogue';
import { EVIDENCE_NEEDS, type EvidenceNeed } from '../../shared/rules/evidence-needs';
import type { RuleMeta } from '../../shared/rules/rule';
import { rulePage } from '../../shared/rules/rule-page';
import { ArgumentError } from './arguments';

/** The catalogue, or one rule of it, in a format. @throws ArgumentError for an unknown id. */
export function rulesText(id: string | undefined, format: 'text' | 'json' | 'markdown'): string {
  const wanted = id?.toUpperCase();
  const rules = RULES.filter(
    ({ meta }) =>
      wanted === undefined || meta.id === wanted || meta.aliases?.includes(wanted) === true,
  );
  if (rules.length === 0)
    throw new ArgumentError(`there is no rule ${id ?? ''}; "rules" lists all of them`);
  switch (format) {
    case 'json':
      return `${JSON.stringify(id === undefined ? rules.map(({ meta }) => meta) : rules[0]?.meta, null, 2)}\n`;
    case 'markdown':
      return rules.map((rule) => rulePage(rule)).join('\n');
    case 'text':
      return id === undefined
        ? listText(rules.map(({ meta }) => meta))
        : rules.map(({ meta }) => ruleText(meta)).join('\n');
  }
}

function listText(rules: readonly RuleMeta[]): string {
  const width = Math.max(...rules.map((meta) => meta.id.length));
  const lines = rules.map(
    (meta) => `${meta.step}  ${meta.severity.padEnd(7)}  ${meta.id.padEnd(width)}  ${meta.title}`,
  );
  return `${lines.join('\n')}\n${rules.length} rules. "rules ID" tells more of one.\n`;
}

function ruleText(meta: RuleMeta): string {
  const needs = meta.needs.map((group) => {
    const options: readonly EvidenceNeed[] = typeof group === 'string' ? [group] : group;
    return options
      .map((need) => `  ${EVIDENCE_NEEDS[need].what}\n    > ${EVIDENCE_NEEDS[need].command}`)
      .join('\n  or\n');
  });
  return [
    `${meta.id}  (step ${meta.step}, ${meta.severity})`,
    meta.title,
    '',
    meta.description,
    '',
    `Why it matters: ${meta.impact}`,
    `When it may be wrong: ${meta.falsePositives}`,
    ...(meta.modes === undefined ? [] : [`Network modes: ${meta.modes.join(', ')}`]),
    ...(meta.cnis === undefined ? [] : [`CNIs: ${meta.cnis.join(', ')}`]),
    'Needs:',
    ...(needs.length === 0 ? ['  nothing in particular'] : needs),
    ...(meta.references.length === 0
      ? []
      : ['See:', ...meta.references.map((each) => `  ${each}`)]),
    '',
  ].join('\n');
}
