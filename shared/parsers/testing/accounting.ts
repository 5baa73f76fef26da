import fc from 'fast-check';
import type { FactKind, Facts, FactsOf } from '../../model/facts';
import { textFileOf } from '../../text/text-file';
import type { ParseResult, Parser } from '../parser';
import { wholeFile } from '../parser';

/** What a parser makes of a text under a file name. */
export const parseText = (parser: Parser, text: string, path = 'file.txt'): ParseResult =>
  parser.parse(wholeFile(textFileOf(path, text)));

/** How sure a parser is of a text under a file name. */
export const scoreOf = (parser: Parser, text: string, path = 'file.bin'): number =>
  parser.recognise(wholeFile(textFileOf(path, text)), text.split('\n').slice(0, 80));

/** All facts of one kind. */
export function factsOf<K extends FactKind>(facts: readonly Facts[], kind: K): FactsOf<K>[] {
  return facts.filter((fact): fact is FactsOf<K> => fact.kind === kind);
}

/** Numbers of the non-blank lines that a result neither claims nor has a note on. */
export function unaccounted(text: string, { claimed, notes }: ParseResult): number[] {
  const covered = [...claimed, ...notes];
  return text.split('\n').flatMap((line, index) => {
    const n = index + 1;
    if (line.trim() === '' || covered.some((range) => range.line <= n && n <= range.endLine))
      return [];
    return [n];
  });
}

/**
 * Whatever place a text is cut at, the parser neither throws nor claims a line outside of it, and
 * of what it reads of the whole text only the last line of the cut may go unread.
 */
export function survivesEveryCut(parser: Parser, text: string): void {
  const whole = new Set(unaccounted(text, parseText(parser, text)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length }), (length) => {
      const cut = text.slice(0, length);
      const result = parseText(parser, cut);
      const count = cut.split('\n').length;
      if (result.claimed.some(({ line, endLine }) => line < 1 || endLine > count)) return false;
      // A table needs its dashes line; headers above are left to others until it is there.
      return unaccounted(cut, result).every((n) => whole.has(n) || n >= count - 6);
    }),
    { numRuns: 150 },
  );
}
