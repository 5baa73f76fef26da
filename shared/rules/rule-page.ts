import { STEP_TITLES } from '../model/step-titles';
import { EVIDENCE_NEEDS, type EvidenceNeed } from './evidence-needs';
import type { Rule } from './rule';

/** The catalogue page of a rule as Markdown: what it looks at, why, what it needs, when it may be wrong. */
export function rulePage({ meta }: Rule): string {
  const lines = [
    `# ${meta.id}`,
    '',
    `**${meta.title}**`,
    '',
    meta.description,
    '',
    `- Step: ${meta.step} (${STEP_TITLES[meta.step]})`,
    `- Severity: ${meta.severity}`,
    ...(meta.symptom === undefined ? [] : [`- Symptom path: ${meta.symptom}`]),
    ...(meta.modes === undefined ? [] : [`- Network modes: ${meta.modes.join(', ')}`]),
    ...(meta.cnis === undefined ? [] : [`- CNIs: ${meta.cnis.join(', ')}`]),
    ...(meta.aliases === undefined || meta.aliases.length === 0
      ? []
      : [`- Also known as: ${meta.aliases.join(', ')}`]),
    '',
    '## Why it matters',
    '',
    meta.impact,
    '',
    '## Evidence it needs',
    '',
    ...needLines(meta.needs),
    '',
    ...timeGateLines(meta.compares),
    '## When it may be wrong',
    '',
    meta.falsePositives,
    ...(meta.explains === undefined || meta.explains.length === 0
      ? []
      : ['', '## Explains', '', ...meta.explains.map((id) => `- ${id}`)]),
    '',
    '## Sources',
    '',
    ...meta.references.map((reference) => `- ${reference}`),
    '',
  ];
  return lines.join('\n');
}

function needLines(needs: Rule['meta']['needs']): string[] {
  if (needs.length === 0) return ['None beyond what it finds; it says itself what is missing.'];
  return needs.map((group) => {
    const options: readonly EvidenceNeed[] = typeof group === 'string' ? [group] : group;
    return `- ${options.map((n) => `${EVIDENCE_NEEDS[n].what}: \`${EVIDENCE_NEEDS[n].command}\``).join(', or ')}`;
  });
}

function timeGateLines(compares: Rule['meta']['compares']): string[] {
  if (compares === undefined) return [];
  const sides = compares.map((need) => EVIDENCE_NEEDS[need].what.replace(/ \(.*/, ''));
  return [
    '## Time gate',
    '',
    `It holds against each other: ${sides.join(', ')}. Where their collection times are provably more than one sync period of kube-proxy (30 s) apart, an error becomes a warning and the finding says which is from when.`,
    '',
  ];
}

/** The index of the catalogue as Markdown, by step. */
export function ruleIndex(rules: readonly Rule[]): string {
  const lines = [
    '# Rules',
    '',
    'Made from the rules themselves. Each ends as fired, passed or not checked; what is not checked names the evidence it lacks.',
    '',
  ];
  for (const step of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const own = rules.filter((r) => r.meta.step === step);
    if (own.length === 0) continue;
    lines.push(
      `## Step ${step}. ${STEP_TITLES[step]}`,
      '',
      '| Rule | Holds when all is well | Severity |',
      '|---|---|---|',
    );
    for (const { meta } of own)
      lines.push(
        `| [${meta.id}](${meta.id}.md) | ${meta.title.replaceAll('|', '\\|')} | ${meta.severity} |`,
      );
    lines.push('');
  }
  return lines.join('\n');
}
