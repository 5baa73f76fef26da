import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { LineRange } from '../model/evidence';
import { scanJson, startsJson, type JsonProblem, type JsonScan } from './json-scan';
import { readStrictJson } from './json-strict';
import type { TextLine } from './text-line';

export type { JsonProblem } from './json-scan';

/**
 * A JSON value that knows its lines. Numbers keep their text, because a FILETIME has more digits
 * than a number holds. `closed` is false where the text ended inside the value.
 */
export type JsonValue = LineRange &
  (
    | { readonly kind: 'object'; readonly members: readonly JsonMember[]; readonly closed: boolean }
    | { readonly kind: 'array'; readonly items: readonly JsonValue[]; readonly closed: boolean }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number; readonly text: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
  );

export type JsonObject = Extract<JsonValue, { readonly kind: 'object' }>;

export interface JsonMember extends LineRange {
  readonly key: string;
  readonly value: JsonValue;
}

/** One JSON value of a file with what was wrong with its text. */
export interface JsonDocument extends LineRange {
  readonly root: JsonValue;
  /** False when the text ends before the value does. */
  readonly complete: boolean;
  readonly problems: readonly JsonProblem[];
  /** Text before the value on its first line (`Response: {...}`), '' mostly. */
  readonly before: string;
  /** Text after the value on its last line, '' mostly. */
  readonly after: string;
}

/**
 * Reads the JSON value that starts at `lines[at]`, or undefined when none starts there. It may
 * stand after other text of the line when `column` says where. Tolerates comments, trailing
 * commas, no-break spaces, console wrapping inside strings and a cut end; each is a problem with
 * its line. Numbers and strings at the cut are left out: half a value is a wrong value.
 */
export function readJsonAt(
  lines: readonly TextLine[],
  at: number,
  column = 0,
): JsonDocument | undefined {
  const scan = scanJson(lines, at, column);
  if (!scan) return undefined;
  const strict =
    scan.complete && scan.problems.length === 0 && scan.lines !== undefined
      ? readStrictJson(scan.text, scan.lines)
      : undefined;
  if (strict?.kind === 'object' || strict?.kind === 'array') {
    const { line, endLine } = strict;
    const { before, after } = scan;
    return { root: strict, line, endLine, complete: true, problems: [], before, after };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(scan.text, errors, { disallowComments: true, allowTrailingComma: false });
  const root = tree && convert(tree, scan);
  if (!root || (root.kind !== 'object' && root.kind !== 'array')) return undefined;
  const hasContent = root.kind === 'object' ? root.members.length > 0 : root.items.length > 0;
  if (errors.length > 0 && !hasContent && scan.complete) return undefined;
  const problems = [...scan.problems, ...errors.flatMap((error) => problemOf(error, scan))];
  return {
    root,
    line: scan.lineOf(0),
    endLine: scan.lineOf(scan.text.length - 1),
    complete: scan.complete,
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column),
    before: scan.before,
    after: scan.after,
  };
}

/**
 * Finds the JSON values of some lines, one after another (a table and then JSON; several objects
 * of `hnsdiag -d`). A value starts with `{` or `[` as the first character of a line; lines must
 * have lost their shared indent before (`withoutSharedIndent`), since a nested value does not count.
 */
export function findJson(lines: readonly TextLine[]): JsonDocument[] {
  const found: JsonDocument[] = [];
  let at = 0;
  while (at < lines.length) {
    const document = startsJson(lines, at, 0) ? readJsonAt(lines, at) : undefined;
    if (!document) {
      at += 1;
      continue;
    }
    found.push(document);
    while (at < lines.length && (lines[at]?.n ?? 0) <= document.endLine) at += 1;
  }
  return found;
}

function problemOf(error: ParseError, scan: JsonScan): JsonProblem[] {
  const code = printParseErrorCode(error.error);
  const { line, column } = scan.place(error.offset);
  if (code === 'InvalidCommentToken') {
    return [{ kind: 'comment', message: 'a comment, which JSON does not allow', line, column }];
  }
  // Errors at the very end of a cut text are the cut itself, which is noted once.
  if (!scan.complete && error.offset + error.length >= scan.text.trimEnd().length) return [];
  return [{ kind: 'syntax', message: SYNTAX[code] ?? 'not valid JSON here', line, column }];
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is no JSON value',
  InvalidNumberFormat: 'a number that is not well formed',
  PropertyNameExpected: 'a property name is missing here (a comma too many?)',
  ValueExpected: 'a value is missing here (a comma too many?)',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace is missing here',
  CloseBracketExpected: 'a closing bracket is missing here',
  EndOfFileExpected: 'text after the end of the value',
  UnexpectedEndOfString: 'a string without its closing quote',
  UnexpectedEndOfNumber: 'a number that ends early',
  InvalidEscapeCharacter: 'a backslash that escapes nothing JSON knows',
  InvalidCharacter: 'a control character inside a string',
};

/** Undefined for a value that the end of a cut text went through. */
function convert(node: Node, scan: JsonScan): JsonValue | undefined {
  const end = node.offset + node.length;
  const source = scan.text;
  const range = {
    line: scan.lineOf(node.offset),
    endLine: scan.lineOf(Math.max(node.offset, end - 1)),
  };
  switch (node.type) {
    case 'object': {
      const members = (node.children ?? []).flatMap((child) => memberOf(child, scan));
      return {
        ...range,
        kind: 'object',
        members,
        closed: source[end - 1] === '}' && end > node.offset + 1,
      };
    }
    case 'array': {
      const items = (node.children ?? []).flatMap((child) => convert(child, scan) ?? []);
      return {
        ...range,
        kind: 'array',
        items,
        closed: source[end - 1] === ']' && end > node.offset + 1,
      };
    }
    case 'string': {
      const cut = node.length < 2 || source[end - 1] !== '"';
      if (cut) return undefined;
      return { ...range, kind: 'string', value: String(node.value) };
    }
    case 'number': {
      if (!scan.complete && end >= source.trimEnd().length) return undefined;
      return {
        ...range,
        kind: 'number',
        value: Number(node.value),
        text: source.slice(node.offset, end),
      };
    }
    case 'boolean':
      return { ...range, kind: 'boolean', value: node.value === true };
    case 'null':
      return { ...range, kind: 'null' };
    case 'property':
      return undefined;
  }
}

function memberOf(property: Node, scan: JsonScan): JsonMember[] {
  const [keyNode, valueNode] = property.children ?? [];
  const value = valueNode && convert(valueNode, scan);
  if (!keyNode || !value) return [];
  return [
    {
      key: String(keyNode.value),
      value,
      line: scan.lineOf(keyNode.offset),
      endLine: value.endLine,
    },
  ];
}

/** A member by name, letter case ignored; the first of several names that is there. Undefined for null too. */
export function member(
  value: JsonValue | undefined,
  ...names: readonly string[]
): JsonValue | undefined {
  const found = memberEntry(value, ...names)?.value;
  return found?.kind === 'null' ? undefined : found;
}

/** The member with its key's line; null values included. */
export function memberEntry(
  value: JsonValue | undefined,
  ...names: readonly string[]
): JsonMember | undefined {
  if (value?.kind !== 'object') return undefined;
  for (const name of names) {
    const wanted = name.toLowerCase();
    const found = value.members.find(({ key }) => key.toLowerCase() === wanted);
    if (found) return found;
  }
  return undefined;
}

/** Text of a string, number or boolean. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (value?.kind === 'string') return value.value;
  if (value?.kind === 'number') return value.text;
  return value?.kind === 'boolean' ? String(value.value) : undefined;
}

/** A number, also one in quotes. Undefined when it is none. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (value?.kind === 'number') return Number.isFinite(value.value) ? value.value : undefined;
  if (value?.kind !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(value.value)) return undefined;
  return Number(value.value);
}

/** A boolean, also in quotes (`"True"`). */
export function booleanOf(value: JsonValue | undefined): boolean | undefined {
  if (value?.kind === 'boolean') return value.value;
  if (value?.kind !== 'string' || !/^(true|false)$/i.test(value.value)) return undefined;
  return value.value.toLowerCase() === 'true';
}

/** Items of an array; a single value where ConvertTo-Json unrolled an array of one; none for nothing. */
export function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (!value || value.kind === 'null') return [];
  return value.kind === 'array' ? value.items : [value];
}

/** Key names of an object in lower case. */
export function keysOf(value: JsonValue | undefined): ReadonlySet<string> {
  return new Set(value?.kind === 'object' ? value.members.map(({ key }) => key.toLowerCase()) : []);
}
