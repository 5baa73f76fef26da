import type { TextLine } from '../text-line';
import { displayWidth, isBlank } from '../text-line';
import { promptAt } from './prompt';

/** One `Name : value` of a Format-List object; a wrapped value is joined. */
export interface ListProperty {
  /** As printed. */
  readonly name: string;
  readonly value: string;
  readonly line: number;
  readonly endLine: number;
}

/** One object as Format-List prints it. */
export interface ListObject {
  /** By lower case name, in the order of the file. The first of a repeated name stays. */
  readonly properties: ReadonlyMap<string, ListProperty>;
  readonly line: number;
  readonly endLine: number;
  /** False when a value was cut (an open bracket at the end of the text). */
  readonly complete: boolean;
}

interface OpenProperty {
  readonly name: string;
  readonly line: number;
  readonly pieces: TextLine[];
}

interface OpenObject {
  readonly indent: number;
  readonly colon: number;
  readonly properties: OpenProperty[];
}

const NAME_LIMIT = 80;

/**
 * Reads all Format-List objects of some lines. All colons of one object are in one column; a value
 * that does not fit goes on in the lines below, indented to where values start; a blank line, a
 * prompt or any other text ends the object (formats as Windows PowerShell 5.1 and PowerShell 7
 * print them). Lines that belong to no object are not covered by the result's line ranges.
 */
export function readObjectLists(lines: readonly TextLine[]): ListObject[] {
  const closed: OpenObject[] = [];
  let open: OpenObject | undefined;
  for (const line of lines) {
    if (isBlank(line.text) || promptAt(line.text)) {
      open = undefined;
      continue;
    }
    const current = open?.properties.at(-1);
    const indent = line.text.length - line.text.trimStart().length;
    if (open && current && indent >= open.colon + 2) {
      current.pieces.push({ n: line.n, text: line.text.slice(open.colon + 2) });
      continue;
    }
    const colon = line.text.indexOf(':');
    const name = propertyName(line.text, colon);
    if (name === undefined) {
      open = undefined;
      continue;
    }
    if (!open || open.colon !== colon || open.indent !== indent) {
      open = { indent, colon, properties: [] };
      closed.push(open);
    }
    open.properties.push({
      name,
      line: line.n,
      pieces: [{ n: line.n, text: line.text.slice(colon + 2) }],
    });
  }
  const join = joiner(closed);
  return closed.map((object) => finished(object, join));
}

/** The name left of the first colon, where the line is a `Name : value`. ipconfig's dotted labels are not. */
function propertyName(text: string, colon: number): string | undefined {
  if (colon < 1 || colon > NAME_LIMIT || !/\s/.test(text[colon - 1] ?? '')) return undefined;
  if (!/^\s?$/.test(text.slice(colon + 1, colon + 2))) return undefined;
  const name = text.slice(0, colon).trim();
  return name === '' || /[{}@"|]|\. \./.test(name) ? undefined : name;
}

function finished(object: OpenObject, join: Joiner): ListObject {
  const properties = new Map<string, ListProperty>();
  let complete = true;
  for (const property of object.properties) {
    const value = join(property.pieces).trim();
    const endLine = property.pieces.at(-1)?.n ?? property.line;
    if (opens(value) > 0) complete = false;
    const key = property.name.toLowerCase();
    if (!properties.has(key)) {
      properties.set(key, { name: property.name, value, line: property.line, endLine });
    }
  }
  const line = object.properties[0]?.line ?? 0;
  const last = object.properties.at(-1);
  return { properties, line, endLine: last?.pieces.at(-1)?.n ?? line, complete };
}

/** How many braces stay open: a value that starts one and was cut. */
function opens(value: string): number {
  if (!/^@?\{/.test(value)) return 0;
  let depth = 0;
  for (const char of value) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
  }
  return depth;
}

type Joiner = (pieces: readonly TextLine[]) => string;

/**
 * How wrapped values of this listing go together. A console wraps at its width, in the middle of
 * words (then all wrapped lines are equally wide, one column less where a trailing blank was lost),
 * or PowerShell wraps between words (then the widths differ and a blank was there).
 */
function joiner(objects: readonly OpenObject[]): Joiner {
  const wrapped = objects.flatMap(({ properties }) =>
    properties.flatMap(({ pieces }) => pieces.slice(0, -1).map(({ text }) => text.trimEnd())),
  );
  // Some consoles count characters, others columns (a CJK character takes two).
  const measure = evenWidth(wrapped, (text) => text.length) ?? evenWidth(wrapped, displayWidth);
  return (pieces) => {
    let joined = '';
    pieces.forEach(({ text }, index) => {
      const next = text.trim();
      if (index === 0) {
        joined = next;
        return;
      }
      const before = pieces[index - 1]?.text ?? '';
      const full = before === before.trimEnd() && measure?.(before) === 'full';
      joined += splitsToken(joined, next) || full ? next : ` ${next}`;
    });
    return joined;
  };
}

/** Where all wrapped lines end at one column: says of a line whether it reaches it or lost a blank there. */
function evenWidth(
  wrapped: readonly string[],
  widthOf: (text: string) => number,
): ((text: string) => 'full' | 'short') | undefined {
  const widths = wrapped.map(widthOf);
  const most = widths.reduce((max, width) => Math.max(max, width), 0);
  if (widths.length < 2 || widths.some((width) => width < most - 1)) return undefined;
  return (text) => (widthOf(text) >= most ? 'full' : 'short');
}

/** A GUID that only the two sides together make: the wrap fell inside it. */
function splitsToken(before: string, after: string): boolean {
  const tail = /[0-9a-f-]*$/i.exec(before)?.[0] ?? '';
  const head = /^[0-9a-f-]*/i.exec(after)?.[0] ?? '';
  const whole = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  return tail !== '' && head !== '' && whole.test(tail + head);
}
