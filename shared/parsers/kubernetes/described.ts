import type { Evidence } from '../../model/evidence';
import type { LineAccount } from '../line-account';
import type { TextLine } from '../text-line';
import { isBlank } from '../text-line';

/** A line of a description: `Key:   value` at some indent, or a line without a key. */
export interface DescribedField {
  /** Keys from the outermost to this one: `['Containers', 'iis', 'State', 'Reason']`. */
  readonly path: readonly string[];
  readonly value: string;
  readonly evidence: Evidence;
}

/** The fields of one object of `kubectl describe`, before its events. */
export interface Described {
  readonly kind: 'pod' | 'node' | 'service' | 'other';
  readonly name: string;
  readonly namespace: string | undefined;
  readonly fields: readonly DescribedField[];
}

const KEY = /^(\s*)([^\s:][^:]*?):(?:\s+(.*))?$/;

/**
 * Reads the indented fields of a description and claims their lines. A line without a key belongs to
 * the key above it (more labels, conditions).
 */
export function readDescribed(lines: readonly TextLine[], account: LineAccount): Described {
  const fields: DescribedField[] = [];
  const stack: { readonly key: string; readonly indent: number }[] = [];
  for (const { n, text } of lines) {
    if (isBlank(text)) continue;
    account.claim(n);
    const evidence = account.at(n);
    const match = keyOf(text);
    const indent = text.length - text.trimStart().length;
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
    const parents = stack.map(({ key }) => key);
    if (!match) {
      fields.push({ path: parents, value: text.trim(), evidence });
      continue;
    }
    fields.push({ path: [...parents, match.key], value: match.value, evidence });
    stack.push({ key: match.key, indent });
  }
  const name = valueAt(fields, 'Name')?.value ?? '';
  return { kind: kindOf(fields), name, namespace: valueAt(fields, 'Namespace')?.value, fields };
}

function keyOf(text: string): { key: string; value: string } | undefined {
  const match = KEY.exec(text);
  // Labels and annotations (`app=iis`, `a/b: c` values) and condition rows have no key of their own.
  if (!match || /[=]|\s{2,}/.test(match[2] ?? '')) return undefined;
  return { key: match[2] ?? '', value: (match[3] ?? '').trim() };
}

function kindOf(fields: readonly DescribedField[]): Described['kind'] {
  const top = new Set(fields.filter(({ path }) => path.length === 1).map(({ path }) => path[0]));
  if (top.has('Capacity') || top.has('System Info') || top.has('Roles')) return 'node';
  if (top.has('Containers') || (top.has('Node') && top.has('Namespace'))) return 'pod';
  if (
    top.has('Selector') &&
    (top.has('Endpoints') || top.has('TargetPort') || top.has('Session Affinity'))
  )
    return 'service';
  return 'other';
}

/** The first field with exactly this path. */
export function valueAt(
  fields: readonly DescribedField[],
  ...path: readonly string[]
): DescribedField | undefined {
  return fields.find(
    (f) => f.path.length === path.length && path.every((key, i) => f.path[i] === key),
  );
}

/** All fields whose path begins with these keys, itself included. */
export function fieldsUnder(
  fields: readonly DescribedField[],
  ...path: readonly string[]
): DescribedField[] {
  return fields.filter((f) => path.every((key, i) => f.path[i] === key));
}
