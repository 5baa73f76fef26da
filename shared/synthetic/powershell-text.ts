/** JSON as `ConvertTo-Json` of Windows PowerShell 5.1 prints it. */

export type Json = string | number | bigint | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const escapes: readonly (readonly [RegExp, string])[] = [
  [/</g, '\\u003c'],
  [/>/g, '\\u003e'],
  [/&/g, '\\u0026'],
  [/'/g, '\\u0027'],
];

function scalar(value: string | number | bigint | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return escapes.reduce((text, [from, to]) => text.replace(from, to), JSON.stringify(value));
}

/**
 * Two blanks after the colon, and every nested value hangs at the column where it starts; empty
 * objects and lists hold a blank line. `<`, `>`, `&` and `'` are escaped.
 */
export function convertToJson(value: Json, column = 0): string {
  const inner = ' '.repeat(column + 4);
  const end = ' '.repeat(column);
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (items.length === 0) return `[\n\n${end}]`;
    const lines = items.map((item) => `${inner}${convertToJson(item, column + 4)}`);
    return `[\n${lines.join(',\n')}\n${end}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as JsonObject);
    if (entries.length === 0) return `{\n\n${end}}`;
    const lines = entries.map(([key, item]) => {
      const head = `${inner}${JSON.stringify(key)}:  `;
      return `${head}${convertToJson(item, head.length)}`;
    });
    return `{\n${lines.join(',\n')}\n${end}}`;
  }
  return scalar(value as string | number | bigint | boolean | null);
}

/** A pipeline of objects through ConvertTo-Json: one object is not wrapped, none prints nothing. */
export function jsonOutput(values: readonly JsonObject[]): string {
  const [first] = values;
  if (first === undefined) return '';
  return `${convertToJson(values.length === 1 ? first : values)}\n`;
}

/** JSON as `hnsdiag -d` prints it: four blanks, no blank after the colon, an empty line in empty ones. */
export function hnsdiagJson(value: Json, depth = 0): string {
  const inner = ' '.repeat(4 * (depth + 1));
  const end = ' '.repeat(4 * depth);
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (items.length === 0) return `[\n\n${end}]`;
    return `[\n${items.map((i) => `${inner}${hnsdiagJson(i, depth + 1)}`).join(',\n')}\n${end}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as JsonObject);
    if (entries.length === 0) return `{\n\n${end}}`;
    const lines = entries.map(
      ([k, v]) => `${inner}${JSON.stringify(k)}:${hnsdiagJson(v, depth + 1)}`,
    );
    return `{\n${lines.join(',\n')}\n${end}}`;
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/**
 * `Format-Table` of up to four properties: header, dashes, rows; a value wider than its column ends
 * in `...`. Numbers are right-aligned by the caller.
 */
export function formatTable(
  columns: readonly { readonly name: string; readonly width: number; readonly right?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const cell = (text: string, width: number, right: boolean): string => {
    const cut = text.length > width ? `${text.slice(0, Math.max(width - 3, 0))}...` : text;
    return right ? cut.padStart(width) : cut.padEnd(width);
  };
  const line = (cells: readonly string[]): string =>
    columns
      .map((c, i) => cell(cells[i] ?? '', c.width, c.right ?? false))
      .join(' ')
      .trimEnd();
  const dashes = columns.map((c) => '-'.repeat(c.name.length));
  const all = [line(columns.map((c) => c.name)), line(dashes), ...rows.map(line)];
  return `\n${all.join('\n')}\n\n\n`;
}

/** `Format-List` of objects: names padded to the longest, one blank line between objects. */
export function formatList(objects: readonly (readonly (readonly [string, string])[])[]): string {
  const blocks = objects.map((pairs) => {
    const width = Math.max(...pairs.map(([name]) => name.length));
    return pairs.map(([name, value]) => `${name.padEnd(width)} : ${value}`.trimEnd()).join('\n');
  });
  return `\n\n${blocks.join('\n\n')}\n\n\n\n`;
}
