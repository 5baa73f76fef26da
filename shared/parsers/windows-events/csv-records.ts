import type { LineRange } from '../../model/evidence';
import type { TextLine } from '../text-line';

/** A record of a CSV file; its values may have line breaks. */
export interface CsvRecord extends LineRange {
  readonly values: readonly string[];
  /** False where the text ends inside of a quoted value. */
  readonly closed: boolean;
}

/** A message of Windows has some dozens of lines; a quote that stays open longer is damage. */
const MOST_LINES = 400;

/**
 * Records as ConvertTo-Csv and Export-Csv write them: values in quotes, quotes in them doubled, line
 * breaks kept. A quote that is never closed ends its record at the line it began in.
 */
export function* csvRecords(lines: readonly TextLine[]): Generator<CsvRecord> {
  for (let at = 0; at < lines.length;) {
    const first = lines[at];
    if (first === undefined) return;
    if (first.text.trim() === '') {
      at += 1;
      continue;
    }
    const read = recordAt(lines, at);
    yield {
      values: read.values,
      closed: read.closed,
      line: first.n,
      endLine: lines[read.last]?.n ?? first.n,
    };
    at = read.last + 1;
  }
}

interface Read {
  readonly values: string[];
  readonly closed: boolean;
  /** Index of the record's last line. */
  readonly last: number;
}

function recordAt(lines: readonly TextLine[], from: number): Read {
  let text = lines[from]?.text ?? '';
  let last = from;
  while (openQuote(text)) {
    const next = lines[last + 1];
    if (next === undefined) return { values: valuesOf(text), closed: false, last };
    if (last - from >= MOST_LINES)
      return { values: valuesOf(lines[from]?.text ?? ''), closed: false, last: from };
    text += `\n${next.text}`;
    last += 1;
  }
  return { values: valuesOf(text), closed: true, last };
}

/** Doubled quotes stand for one, so a record is whole when the number of quotes is even. */
function openQuote(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function valuesOf(text: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] === '"') {
      let value = '';
      let end = at + 1;
      for (; end < text.length; end += 1) {
        if (text[end] !== '"') value += text[end] ?? '';
        else if (text[end + 1] === '"') {
          value += '"';
          end += 1;
        } else break;
      }
      values.push(value);
      const comma = text.indexOf(',', end);
      at = comma < 0 ? text.length + 1 : comma + 1;
    } else {
      const comma = text.indexOf(',', at);
      values.push(text.slice(at, comma < 0 ? undefined : comma));
      at = comma < 0 ? text.length + 1 : comma + 1;
    }
  }
  return values;
}
