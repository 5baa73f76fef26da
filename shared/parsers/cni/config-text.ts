import type { CniConfig, ConfigProblem, Placed } from '../../model/cni';
import type { Evidence } from '../../model/evidence';
import type { JsonDocument, JsonValue } from '../json-tree';
import { findJson, textOf } from '../json-tree';
import type { LineAccount } from '../line-account';
import { pastedLines } from '../line-account';
import type { Region } from '../parser';
import { promptAt } from '../powershell/prompt';
import type { TextLine } from '../text-line';
import { isBlank } from '../text-line';

/** The JSON values of a configuration's text and what a strict JSON reader would refuse in it. */
export interface ConfigText {
  readonly documents: readonly JsonDocument[];
  /** Lines with a `#` comment or a byte order mark; the documents hold their own problems. */
  readonly problems: readonly ConfigProblem[];
  readonly lines: readonly TextLine[];
}

/**
 * Reads the JSON of a configuration file as tolerantly as possible. The plugins read it with Go's
 * encoding/json, which refuses comments, no-break spaces and a byte order mark (RFC 8259 section 8.1),
 * so each of these is kept as a problem with line and column.
 */
export function readConfigText(region: Region): ConfigText {
  const problems: ConfigProblem[] = [];
  const path = region.file.path;
  const lines = pastedLines(region);
  if (region.line === 1 && region.file.encoding === 'utf-8-bom') {
    problems.push({
      message: 'the file starts with a byte order mark (BOM), which Go’s JSON reader refuses',
      column: 1,
      evidence: { file: path, line: 1, endLine: 1 },
    });
  }
  const clean = lines.map(({ n, text }) => {
    if (!/^\s*#/.test(text)) return { n, text };
    const column = text.indexOf('#') + 1;
    const message = 'a # comment, which JSON does not allow';
    problems.push({ message, column, evidence: { file: path, line: n, endLine: n } });
    return { n, text: '' };
  });
  return { documents: findJson(withoutPlainBlanksOnly(clean, region)), problems, lines };
}

/** `pastedLines` makes no-break blanks plain, but here they are what is wrong: take the original text. */
function withoutPlainBlanksOnly(lines: readonly TextLine[], region: Region): TextLine[] {
  return lines.map(({ n, text }) => {
    const original = region.file.line(n);
    if (text === '' || !/[\u00a0\u2007\u202f]/.test(original)) return { n, text };
    return { n, text: original.slice(original.length - text.length) };
  });
}

/** Problems of one JSON value as problems of the configuration. Console wrapping is an accident of copying, not of the file. */
export function documentProblems(document: JsonDocument, file: string): ConfigProblem[] {
  return document.problems
    .filter(({ kind }) => kind !== 'wrapped')
    .map(({ message, line, column }) => ({
      message,
      column,
      evidence: { file, line, endLine: line },
    }));
}

/**
 * Accounts for the lines of a value: claims them, notes a cut end, and claims `#` comment lines
 * around it. Text behind the value is a problem when the file is a configuration and not a transcript.
 */
export function claimDocument(
  account: LineAccount,
  config: ConfigText,
  document: JsonDocument,
): ConfigProblem[] {
  account.claim(document.line, document.endLine);
  if (!document.complete) {
    account.note('truncated', 'the JSON ends before it is complete', document.endLine);
  }
  for (const { evidence } of config.problems) {
    const next = config.lines.find(({ n, text }) => n > evidence.line && !/^\s*(#|$)/.test(text));
    const inside = evidence.line > document.line && evidence.line < document.endLine;
    if (inside || next?.n === document.line) account.claim(evidence.line);
  }
  if (!document.complete || config.documents.length > 1) return [];
  return trailingText(account, config, document);
}

function trailingText(
  account: LineAccount,
  config: ConfigText,
  document: JsonDocument,
): ConfigProblem[] {
  const rest = config.lines.filter(({ n, text }) => n > document.endLine && !isBlank(text));
  const first = rest[0];
  if (document.after !== '') {
    return [problemAt(account, 'text after the end of the JSON value', document.endLine)];
  }
  if (!first || rest.length > 5 || rest.some(({ text }) => promptAt(text) !== undefined)) return [];
  if (!rest.every(({ text }) => /^[\s{}[\],]*(?:#.*)?$/.test(text))) return [];
  for (const { n } of rest) account.claim(n);
  return [problemAt(account, 'text after the end of the JSON value', first.n)];
}

function problemAt(account: LineAccount, message: string, line: number): ConfigProblem {
  return { message, column: 1, evidence: account.at(line) };
}

/** A text value with its lines. */
export function placedText(value: JsonValue | undefined, file: string): Placed<string> | undefined {
  const text = textOf(value);
  if (text === undefined || !value) return undefined;
  return { value: text, evidence: evidenceOf(value, file) };
}

/** The lines of a value as evidence. */
export function evidenceOf(value: JsonValue, file: string): Evidence {
  return { file, line: value.line, endLine: value.endLine };
}

/** A configuration that could not be read at all: only its problems are known. */
export function unreadableConfig(
  file: string,
  problems: readonly ConfigProblem[],
  evidence: Evidence,
): CniConfig {
  return { file, plugins: [], problems, evidence: [evidence] };
}
