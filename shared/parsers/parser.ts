import type { Facts } from '../model/facts';
import type { LineRange, ParseNote } from '../model/evidence';
import type { TextFile } from '../text/text-file';

/**
 * The lines of a file that a parser is offered. A file may hold the output of several commands:
 * what one parser does not claim is offered to the others as a region of its own.
 */
export interface Region extends LineRange {
  readonly file: TextFile;
}

/** What a parser made of a region. */
export interface ParseResult {
  readonly facts: readonly Facts[];
  /** Lines this parser read or knows to be without content for us (headers, separators). The rest goes to others. */
  readonly claimed: readonly LineRange[];
  readonly notes: readonly ParseNote[];
}

/**
 * One file format. `recognise` looks at the first lines of the region (and the file's name, which
 * carries prefixes, suffixes and sub-folders and so is only a hint) and answers how sure it is:
 * 0 not mine, up to 40 by name alone, 50..100 by content. The highest wins; ties go to the order
 * of the index. `parse` never throws on bad input.
 */
export interface Parser {
  /** Stable id of the format, kebab case, also the file's name: `hns-json`, `ipconfig`. */
  readonly kind: string;
  /** What such a file is, one sentence for the Files view. */
  readonly title: string;
  /** The command that makes it, as an operator would type it on the node. */
  readonly command: string;
  recognise(region: Region, head: readonly string[]): number;
  parse(region: Region): ParseResult;
}

/** The lines of a region, as `{ n, text }` in order. Decodes in blocks so that large files stay cheap. */
export function* linesOf(region: Region): Generator<{ readonly n: number; readonly text: string }> {
  const block = 4096;
  for (let first = region.line; first <= region.endLine; first += block) {
    const last = Math.min(first + block - 1, region.endLine);
    const lines = region.file.lines(first, last);
    for (let i = 0; i < lines.length; i += 1) yield { n: first + i, text: lines[i] ?? '' };
  }
}

/** The region that is a whole file. */
export function wholeFile(file: TextFile): Region {
  return { file, line: 1, endLine: file.lineCount };
}
