import type { TextLine } from '../text-line';
import { hasWide, isBlank, displayWidth } from '../text-line';
import { promptAt } from './prompt';

export interface TableRow {
  readonly line: number;
  /** Cell text by lower case column name. Absent columns are ''. */
  readonly cells: ReadonlyMap<string, string>;
  /** Lower case names of the columns whose value PowerShell cut (`...`). */
  readonly cut: ReadonlySet<string>;
}

/** A table as Format-Table prints it. `line` is its first header line, `endLine` its last row. */
export interface ObjectTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly line: number;
  readonly endLine: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const DASHES = /^\s*-+(\s+-+)*\s*$/;
/** Vertical wrapping of a narrow header takes a few lines; more is other text. */
const MAX_HEADER_LINES = 8;

/**
 * Reads all Format-Table tables of some lines. The dashes line says where columns are; header words
 * above it may be wrapped vertically (`if` / `Me` / `tr` / `ic`), numbers are right-aligned and may
 * start left of their dashes, wide (CJK) characters take two columns. A table ends at a blank line,
 * a prompt or the next dashes line. Tables without a dashes line are not read.
 */
export function readObjectTables(lines: readonly TextLine[]): ObjectTable[] {
  const tables: ObjectTable[] = [];
  lines.forEach((line, at) => {
    if (!DASHES.test(line.text) || !/--/.test(line.text)) return;
    const spans = spansOf(line.text);
    const header = headerAbove(lines, at);
    if (header.length === 0) return;
    const columns = spans.map((span) => columnName(header, span));
    if (columns.some((name) => name === '')) return;
    const rows: TableRow[] = [];
    for (let i = at + 1; i < lines.length; i += 1) {
      const row = lines[i];
      if (!row || isBlank(row.text) || promptAt(row.text) || DASHES.test(row.text)) break;
      rows.push(tableRow(row, columns, spans));
    }
    const first = header[0]?.n ?? line.n;
    tables.push({ columns, rows, line: first, endLine: rows.at(-1)?.line ?? line.n });
  });
  return tables;
}

function spansOf(dashes: string): Span[] {
  return [...dashes.matchAll(/-+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function headerAbove(lines: readonly TextLine[], dashesAt: number): TextLine[] {
  const header: TextLine[] = [];
  for (let i = dashesAt - 1; i >= 0 && header.length < MAX_HEADER_LINES; i -= 1) {
    const line = lines[i];
    if (!line || isBlank(line.text) || promptAt(line.text) || DASHES.test(line.text)) break;
    header.unshift(line);
  }
  return header;
}

function columnName(header: readonly TextLine[], span: Span): string {
  return header
    .map(({ text }) => expand(text).slice(span.start, span.end).replaceAll('\0', '').trim())
    .join('');
}

/** Puts a filler after each wide character so that indexes are console columns. */
function expand(text: string): string {
  if (!hasWide(text)) return text;
  let wide = '';
  for (const char of text) wide += displayWidth(char) === 2 ? `${char}\0` : char;
  return wide;
}

function tableRow(row: TextLine, columns: readonly string[], spans: readonly Span[]): TableRow {
  const plain = cut(row.text, spans);
  const wide = hasWide(row.text) ? cut(expand(row.text), spans) : plain;
  // A file of a console that counts characters, not columns, keeps the plain positions.
  const { texts } = wide.straddles <= plain.straddles ? wide : plain;
  const cells = new Map<string, string>();
  const short = new Set<string>();
  columns.forEach((column, index) => {
    const key = column.toLowerCase();
    const text = (texts[index] ?? '').replaceAll('\0', '').trim();
    if (cells.has(key)) return;
    cells.set(key, text);
    if (/(\.{3}|…)$/.test(text)) short.add(key);
  });
  return { line: row.n, cells, cut: short };
}

function cut(text: string, spans: readonly Span[]): { texts: string[]; straddles: number } {
  const texts: string[] = [];
  let straddles = 0;
  let from = 0;
  spans.forEach((span, index) => {
    const next = spans[index + 1];
    if (!next) {
      texts.push(text.slice(from));
      return;
    }
    let to = next.start;
    const joined = /\S/.test(text[to - 1] ?? ' ') && /\S/.test(text[to] ?? ' ');
    if (joined) {
      // A right-aligned number may start left of its dashes: look for the blank before it.
      const blank = text.lastIndexOf(' ', to - 1);
      if (blank >= span.end - 1 && blank >= from) to = blank + 1;
      else straddles += 1;
    }
    texts.push(text.slice(from, to));
    from = to;
  });
  return { texts, straddles };
}
