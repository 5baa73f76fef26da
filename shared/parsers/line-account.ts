import type { Evidence, LineRange, ParseNote } from '../model/evidence';
import type { Facts } from '../model/facts';
import { linesOf } from './parser';
import type { ParseResult, Region } from './parser';

/** A line of a region without the indentation that all its lines share. */
export interface Line {
  readonly n: number;
  readonly text: string;
}

const QUOTE = /^\s*>\s?/;
const PROMPT_AT_START = /^\s*(?:\[[^\]]+\]:\s*)?(?:PS\s+)?[A-Za-z]:\\[^>]*>/;

/**
 * The lines of a region without what pasting added: one indentation shared by all lines (prompts
 * aside), or a `> ` quote mark on every line. For formats whose own indentation carries meaning.
 */
export function unindentedLines(region: Region): Line[] {
  const all = [...linesOf(region)];
  const filled = all.filter(({ text }) => text.trim() !== '');
  if (filled.length > 0 && filled.every(({ text }) => QUOTE.test(text))) {
    return all.map(({ n, text }) => ({ n, text: text.replace(QUOTE, '') }));
  }
  let shared = Infinity;
  for (const { text } of filled) {
    if (PROMPT_AT_START.test(text)) continue;
    shared = Math.min(shared, text.length - text.trimStart().length);
  }
  if (shared === 0 || shared === Infinity) return all;
  return all.map(({ n, text }) => ({
    n,
    text: text.slice(0, shared).trim() === '' ? text.slice(shared) : text.trimStart(),
  }));
}

/** Keeps account of what a parser did with the lines of its region: claimed lines and notes. */
export class LineAccount {
  private readonly claimed = new Set<number>();
  private readonly notes: ParseNote[] = [];

  constructor(private readonly region: Region) {}

  /** These lines were read, or are known to carry nothing. */
  claim(line: number, endLine = line): void {
    for (let n = line; n <= endLine; n += 1) this.claimed.add(n);
  }

  has(line: number): boolean {
    return this.claimed.has(line);
  }

  note(kind: ParseNote['kind'], message: string, line: number, endLine = line): void {
    this.notes.push({ kind, message, line, endLine });
  }

  /** Claims lines that belong to the format but could not be used, and says so. */
  skip(message: string, line: number, endLine = line): void {
    this.claim(line, endLine);
    this.note('skipped', message, line, endLine);
  }

  at(line: number, endLine = line): Evidence {
    return { file: this.region.file.path, line, endLine };
  }

  /** The parse result; blank lines between claimed lines count as claimed. */
  result(...facts: readonly Facts[]): ParseResult {
    const ranges: { line: number; endLine: number }[] = [];
    for (const n of [...this.claimed].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last && this.onlyBlank(last.endLine + 1, n - 1)) last.endLine = n;
      else ranges.push({ line: n, endLine: n });
    }
    return { facts, claimed: ranges satisfies LineRange[], notes: this.notes };
  }

  private onlyBlank(from: number, to: number): boolean {
    if (to - from > 20) return false;
    for (let n = from; n <= to; n += 1) if (this.region.file.line(n).trim() !== '') return false;
    return true;
  }
}
