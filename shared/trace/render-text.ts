import { placeText } from '../model/evidence';
import { isDelivered, DISPOSITIONS } from './disposition';
import { changeText, headerText } from './packet';
import type { TraceBranch, TraceStep } from './steps';
import { verdictOf, type Trace } from './trace';

/** `minimal`: what changes the packet and how it ends. `summary`: every stop. `full`: all that was weighed. */
export type Depth = 'minimal' | 'summary' | 'full';

export const DEPTHS: readonly Depth[] = ['minimal', 'summary', 'full'];

/** The trace as plain text for a terminal or a ticket. */
export function traceText(trace: Trace, depth: Depth): string {
  const out: string[] = [];
  const { header, steps, branches } = trace;
  if (header !== undefined) out.push(headerText(header));
  // The only way of the shortest form ends with the verdict.
  if (depth !== 'minimal' || branches.length > 1) out.push(verdictOf(trace), '');
  if (depth !== 'minimal') for (const note of trace.notes) out.push(`note: ${note}`);
  if (depth !== 'minimal' && trace.notes.length > 0) out.push('');
  let place = '';
  for (const step of steps) place = stepLines(step, depth, place, '', out);
  branches.forEach((branch, i) => {
    branchLines(branch, depth, place, branches.length > 1 ? i + 1 : undefined, out);
  });
  if (depth !== 'minimal' && trace.assumptions.length > 0) {
    out.push('', 'This trace rests on:');
    for (const { id, statement, confidence } of trace.assumptions)
      out.push(`  ${id} (${confidence}): ${statement}`);
  }
  return `${out.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Steps that say nothing new are left out of the shorter forms. */
export function isShown(step: TraceStep, depth: Depth): boolean {
  switch (depth) {
    case 'full':
      return true;
    case 'minimal':
      return step.changes.some(({ field }) => !field.endsWith('Mac')) || tunnelChanged(step);
    case 'summary':
      return step.kind !== 'layer-default' || step.assumes.length > 0;
  }
}

const tunnelChanged = ({ before, after }: TraceStep): boolean =>
  before.encap.length !== after.encap.length;

function stepLines(
  step: TraceStep,
  depth: Depth,
  before: string,
  indent: string,
  out: string[],
): string {
  if (!isShown(step, depth)) return before;
  const place = `${step.place.node} | ${step.place.name}`;
  if (depth !== 'minimal' && place !== before) out.push(`${indent}${place}`);
  const inner = depth === 'minimal' ? indent : `${indent}  `;
  const where =
    step.kind === 'rule'
      ? `${step.layer} / ${step.group}: `
      : step.kind === 'layer-default'
        ? `${step.layer}: `
        : '';
  out.push(`${inner}${depth === 'minimal' ? '' : where}${step.text}`);
  if (depth === 'minimal') {
    out.push(`${inner}  = ${headerText(step.after)}`);
    return place;
  }
  if (step.changes.length > 0) out.push(`${inner}    ${step.changes.map(changeText).join(', ')}`);
  if (tunnelChanged(step)) out.push(`${inner}    = ${headerText(step.after)}`);
  for (const remark of step.remarks) out.push(`${inner}    ! ${remark}`);
  if (depth === 'full') details(step, `${inner}    `, out);
  return place;
}

function details(step: TraceStep, indent: string, out: string[]): void {
  if (step.kind === 'rule') {
    const { priority, typeText, terminating } = step.rule;
    out.push(
      `${indent}${typeText}, priority ${priority ?? 'not shown'}${terminating ? ', terminating' : ''}`,
    );
    if (step.why.length === 0) out.push(`${indent}matches: it has no conditions`);
    for (const { condition, result, value } of step.why)
      out.push(
        `${indent}${result === 'yes' ? 'matches' : 'not known'}: ${condition} (packet: ${value})`,
      );
  }
  if (step.kind === 'rule' || step.kind === 'layer-default')
    for (const { name, why, evidence } of step.runnersUp)
      out.push(`${indent}not ${name}: ${why} (${placeText(evidence)})`);
  for (const evidence of step.evidence) out.push(`${indent}${placeText(evidence)}`);
}

function branchLines(
  branch: TraceBranch,
  depth: Depth,
  before: string,
  number: number | undefined,
  out: string[],
): void {
  const indent = number === undefined ? '' : '  ';
  let place = number === undefined ? before : '';
  if (number !== undefined) {
    const choice = branch.choices.map(({ text }) => text).join(', then ');
    out.push('', `way ${number}${choice === '' ? '' : `: ${choice}`}`);
  }
  for (const step of branch.steps) place = stepLines(step, depth, place, indent, out);
  const { disposition, reply } = branch;
  const mark = isDelivered(disposition) ? '=>' : 'XX';
  out.push(`${indent}${mark} ${DISPOSITIONS[disposition.kind].title}: ${disposition.text}`);
  if (depth !== 'minimal') {
    for (const evidence of disposition.evidence) out.push(`${indent}   ${placeText(evidence)}`);
    for (const { what, command } of disposition.missing)
      out.push(`${indent}   missing: ${what} (${command})`);
  }
  if (reply === undefined || depth === 'minimal') return;
  out.push(`${indent}<= ${reply.text}`);
  if (depth !== 'full') return;
  let back = '';
  for (const step of reply.steps) back = stepLines(step, 'summary', back, `${indent}   `, out);
}
