import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, ParsedNode } from 'yaml';
import type { JsonValue } from '../json-tree';
import type { TextLine } from '../text-line';

/** A YAML document as a tree of JSON values with lines, and where its reading failed. */
export interface YamlDocument {
  readonly root: JsonValue;
  readonly line: number;
  readonly endLine: number;
  readonly errors: readonly { readonly message: string; readonly line: number }[];
}

const MAX_DEPTH = 100;

/**
 * Reads the YAML documents (`---` between them) of some lines, as `kubectl -o yaml` prints them.
 * Broken documents give what could be read and errors with their lines. Aliases become null:
 * kubectl prints none, and following them lets a small text grow without bound.
 */
export function readYaml(lines: readonly TextLine[]): YamlDocument[] {
  const counter = new LineCounter();
  const text = lines.map((line) => line.text).join('\n');
  const documents: Document.Parsed[] = [];
  const parsed = parseAllDocuments(text, {
    lineCounter: counter,
    logLevel: 'silent',
    uniqueKeys: false,
  });
  for (const document of parsed) documents.push(document as Document.Parsed);
  const lineAt = (offset: number): number => {
    const index = counter.linePos(Math.max(0, Math.min(offset, text.length))).line - 1;
    return lines[Math.min(index, lines.length - 1)]?.n ?? 1;
  };
  return documents.flatMap((document) => {
    const root = document.contents ? valueOf(document.contents, text, lineAt, 0) : undefined;
    if (!root) return [];
    const errors = document.errors.map((error) => ({
      message: error.message.split('\n')[0] ?? 'not valid YAML',
      line: lineAt(error.pos[0]),
    }));
    return [{ root, line: root.line, endLine: root.endLine, errors }];
  });
}

type Place = (offset: number) => number;

function valueOf(node: ParsedNode | null, text: string, lineAt: Place, depth: number): JsonValue {
  const [from, to] = rangeOf(node, text);
  const range = { line: lineAt(from), endLine: lineAt(Math.max(from, to - 1)) };
  if (node === null || depth > MAX_DEPTH || isAlias(node)) return { ...range, kind: 'null' };
  if (isMap(node)) {
    const members = node.items.flatMap((pair) => {
      const key = pair.key;
      if (!isScalar(key)) return [];
      const value = valueOf(pair.value as ParsedNode | null, text, lineAt, depth + 1);
      const line = lineAt(key.range?.[0] ?? from);
      const placed = pair.value === null ? { ...value, line, endLine: line } : value;
      return [{ key: String(key.value), value: placed, line, endLine: placed.endLine }];
    });
    return { ...range, kind: 'object', members, closed: true };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => valueOf(item as ParsedNode, text, lineAt, depth + 1));
    return { ...range, kind: 'array', items, closed: true };
  }
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return { ...range, kind: 'string', value };
  if (typeof value === 'boolean') return { ...range, kind: 'boolean', value };
  if (typeof value === 'number') {
    return { ...range, kind: 'number', value, text: text.slice(from, to) };
  }
  return { ...range, kind: 'null' };
}

/** Start and end of a node without the blank lines that follow it. */
function rangeOf(node: ParsedNode | null, text: string): readonly [number, number] {
  const range = node?.range;
  if (!range) return [0, 0];
  const body = text.slice(range[0], range[1]);
  return [range[0], range[0] + body.trimEnd().length];
}
