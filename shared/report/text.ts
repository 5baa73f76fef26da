import { placeText } from '../model/evidence';
import { verificationText, type CheckResult, type Finding, type Severity } from '../model/finding';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import { snapshotSummary, type SnapshotSummary } from '../views/snapshot-summary';
import { bundlePath, Excerpts } from './excerpt';
import { snapshotsOf, type ReportInput } from './report-input';
import { STEP_TITLES } from '../model/step-titles';

const WIDTH = 100;
const EXCERPT_LINES = 6;
/** Rows that one long line may take: the first place is what a reader goes by. */
const ROWS = { first: 9, others: 2 };
const SEVERITY: Readonly<Record<Severity, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'NOTE',
};

/** The analysis for a ticket or a terminal: plain text, 100 columns, no colours. */
export function analysisText(input: ReportInput): string {
  const out: string[] = [];
  const excerpts = new Excerpts(input.case);
  const snapshots = snapshotsOf(input.case);
  for (const snapshot of snapshots) out.push(...snapshotText(input, snapshot, excerpts), '');
  if (snapshots.length === 0) out.push('No node was found in what was opened.', '');
  if (input.rejected.length > 0) {
    out.push(
      'LEFT OUT',
      ...input.rejected.flatMap(({ path, reason }) => hanging('  ', `${path}: ${reason}`)),
      '',
    );
  }
  out.push(`${input.tool.name} ${input.tool.version}`);
  return `${out.map((line) => visible(line.trimEnd())).join('\n')}\n`;
}

function snapshotText(input: ReportInput, snapshot: NodeSnapshot, excerpts: Excerpts): string[] {
  const summary = snapshotSummary(snapshot, input.findings, input.checks);
  const own = input.findings
    .map((finding, index) => ({ finding, index }))
    .filter(({ finding }) => finding.snapshotId === snapshot.id);
  const roots = own.filter(({ finding }) => finding.causedBy === null);
  const problems = roots.filter(({ finding }) => finding.severity !== 'info');
  const notes = roots.filter(({ finding }) => finding.severity === 'info');
  const lines = [
    '='.repeat(WIDTH),
    ...hanging('', aboutNode(snapshot, summary)),
    '='.repeat(WIDTH),
    '',
    ...hanging('', blankSecretsInLine(summary.verdict.title)),
    ...hanging('', blankSecretsInLine(summary.verdict.detail)),
    '',
  ];
  let number = 0;
  for (const { finding, index } of [...problems, ...notes]) {
    number += 1;
    const explained = own
      .filter((each) => each.finding.causedBy === index)
      .map((each) => each.finding);
    lines.push(...findingText(number, finding, explained, snapshot, excerpts), '');
  }
  lines.push(
    ...stepsText(summary),
    '',
    ...notCheckedText(input.checks.filter((check) => check.snapshotId === snapshot.id)),
  );
  lines.push(...filesText(snapshot));
  return lines;
}

function aboutNode(snapshot: NodeSnapshot, summary: SnapshotSummary): string {
  const collected =
    summary.collectedAt === undefined
      ? 'time of collection not known'
      : `collected ${new Date(summary.collectedAt).toISOString().slice(0, 19)}Z (${summary.collectedAtSource ?? ''})`;
  const name = snapshot.nameGuessed
    ? `${snapshot.node} (named after its folder or archive)`
    : snapshot.node;
  return [name, summary.address, summary.os, summary.modeText, collected]
    .filter((part) => part !== undefined)
    .join(' | ');
}

function findingText(
  number: number,
  finding: Finding,
  explained: readonly Finding[],
  snapshot: NodeSnapshot,
  excerpts: Excerpts,
): string[] {
  const lines = [
    ...hanging(`${number}. ${SEVERITY[finding.severity]}  `, blankSecretsInLine(finding.title)),
  ];
  const add = (label: string, text: string): void => {
    if (text.trim() !== '') lines.push(...hanging(`   ${label}`, blankSecretsInLine(text)));
  };
  add('', finding.summary);
  add('Cause: ', finding.cause);
  if (finding.evidence.length > 0) lines.push('   Evidence:');
  for (const [place, evidence] of finding.evidence.slice(0, 6).entries()) {
    const excerpt = excerpts.of(evidence, snapshot);
    const { lines: text, more } = excerpt;
    lines.push(`     ${placeText(excerpt)}`);
    const shown = text.slice(0, EXCERPT_LINES);
    const indents = shown.filter((each) => each.trim() !== '').map((each) => each.search(/\S/));
    const indent = indents.length === 0 ? 0 : Math.min(...indents);
    const rows = shown.length > 2 ? 1 : place === 0 ? ROWS.first : ROWS.others;
    lines.push(
      ...shown.flatMap((each) =>
        inRows(each.slice(indent), WIDTH - 9, rows).map((row) => `       | ${row}`),
      ),
    );
    const rest = more + text.length - shown.length;
    if (rest > 0) lines.push(`       | … ${rest} more lines`);
  }
  if (finding.evidence.length > 6)
    lines.push(`     and ${finding.evidence.length - 6} more places`);
  if (finding.remedy.length > 0) lines.push('   What to do:');
  finding.remedy.forEach((remedy, i) => {
    lines.push(...hanging(`     ${i + 1}. `, blankSecretsInLine(remedy.text)));
    if (remedy.command !== undefined)
      lines.push(...remedy.command.split('\n').map((command) => `        > ${command}`));
    if (remedy.disturbs !== undefined)
      lines.push(...hanging('        Disturbs: ', remedy.disturbs));
    if (remedy.verify !== undefined)
      lines.push(...hanging('        Check: ', verificationText(remedy.verify)));
  });
  if (explained.length > 0) lines.push('   This explains:');
  for (const consequence of explained) {
    const [first] = consequence.evidence;
    const place =
      first === undefined
        ? ''
        : ` (${placeText({ ...first, file: bundlePath(first.file, snapshot), endLine: first.line })})`;
    lines.push(
      ...hanging(
        '     - ',
        `${blankSecretsInLine(consequence.title)}${place} [${consequence.ruleId}]`,
      ),
    );
  }
  lines.push(`   Step ${finding.step}, ${STEP_TITLES[finding.step]}. Rule ${finding.ruleId}`);
  return lines;
}

function stepsText(summary: SnapshotSummary): string[] {
  const many = (n: number, one: string, several: string): string =>
    n === 0 ? '' : `${n} ${n === 1 ? one : several}`;
  return [
    'STEPS',
    ...summary.steps.map((status) => {
      const parts = [
        many(status.errors, 'error', 'errors'),
        many(status.warnings, 'warning', 'warnings'),
        many(status.infos, 'note', 'notes'),
        many(status.passed, 'passed', 'passed'),
        many(status.notChecked, 'not checked', 'not checked'),
      ].filter((part) => part !== '');
      return `  ${status.step}  ${STEP_TITLES[status.step].padEnd(22)} ${parts.length === 0 ? 'nothing to check' : parts.join(', ')}`;
    }),
  ];
}

/** What would be needed, each command once, with how many checks wait for it. */
function notCheckedText(checks: readonly CheckResult[]): string[] {
  const waiting = new Map<string, { what: string; ids: string[] }>();
  for (const check of checks) {
    for (const { what, command } of check.because === 'needs-evidence' ? check.missing : []) {
      const entry = waiting.get(command) ?? { what, ids: [] };
      entry.ids.push(check.ruleId);
      waiting.set(command, entry);
    }
  }
  if (waiting.size === 0) return [];
  const lines = ['NOT CHECKED, because evidence is missing'];
  for (const [command, { what, ids }] of waiting) {
    lines.push(
      ...hanging(
        '  - ',
        `${what}, for ${ids.length} ${ids.length === 1 ? 'check' : 'checks'} (${ids.slice(0, 4).join(', ')}${ids.length > 4 ? ', …' : ''})`,
      ),
    );
    lines.push(`      > ${command}`);
  }
  return [...lines, ''];
}

function filesText(snapshot: NodeSnapshot): string[] {
  const read = snapshot.files.filter(
    (file) => file.status === 'parsed' || file.status === 'partial',
  );
  const lines = [`FILES  ${read.length} of ${snapshot.files.length} read`];
  for (const file of snapshot.files) {
    const unread = file.unread.reduce((sum, range) => sum + range.endLine - range.line + 1, 0);
    const notes = [
      file.status === 'parsed' ? '' : file.status,
      unread > 0
        ? `${unread} of ${file.file.lineCount} lines not read (from line ${file.unread[0]?.line ?? 1})`
        : '',
      ...file.notes
        .slice(0, 2)
        .map((note) => `line ${note.line}: ${blankSecretsInLine(note.message)}`),
    ].filter((part) => part !== '');
    if (notes.length > 0)
      lines.push(...hanging('  ', `${bundlePath(file.file.path, snapshot)}: ${notes.join('; ')}`));
  }
  return lines;
}

/** Wraps text to the width; lines after the first begin below the end of the lead. */
function hanging(lead: string, text: string): string[] {
  const indent = ' '.repeat(Math.min(lead.length, 12));
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return empty && lead.trim() === '' ? [] : [...lines, line];
}

/** A line in at most so many rows, broken at blanks where there are any; what is left out is marked. */
function inRows(text: string, width: number, most: number): string[] {
  const rows: string[] = [];
  let rest = text.replaceAll('\t', '    ');
  while (rows.length < most - 1 && rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const at = blank > width / 2 ? blank : width;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...rows, rest.length > width ? `${rest.slice(0, width - 1)}…` : rest];
}

/** Controls of a terminal or of text direction shown by their code, never obeyed. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => {
      return `<U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
    },
  );
}
