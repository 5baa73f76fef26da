import type { Evidence, LineRange, ParseNote } from '../model/evidence';
import type { Facts } from '../model/facts';
import { endsOpen } from '../text/text-file';
import { linesOf } from './parser';
import type { ParseResult, Region } from './parser';
import { withoutSharedIndent } from './text-line';
import type { TextLine } from './text-line';

/** The lines of a region without the indentation or quote marks that pasting gave all of them. */
export function pastedLines(region: Region): TextLine[] {
  return withoutSharedIndent([...linesOf(region)]);
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

  /** Does the file stop inside of this line, so that the rest of it and all that followed is lost? */
  endsInside(line: number): boolean {
    return line === this.region.file.lineCount && endsOpen(this.region.file);
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
