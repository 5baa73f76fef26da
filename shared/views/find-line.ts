import type { TextFile } from '../text/text-file';

const BLOCK = 2000;

/**
 * The first line at or after `from` (at or before it when searching backwards) that holds the text.
 * Column is 0-based. Null when there is none; the caller wraps around.
 */
export function findLine(
  file: TextFile,
  text: string,
  from: number,
  backwards: boolean,
  matchCase: boolean,
): { readonly line: number; readonly column: number } | null {
  if (text === '' || file.lineCount === 0) return null;
  const wanted = matchCase ? text : text.toLowerCase();
  const columnOf = (line: string): number =>
    (matchCase ? line : line.toLowerCase()).indexOf(wanted);
  if (backwards) {
    for (let last = Math.min(from, file.lineCount); last >= 1; last -= BLOCK) {
      const first = Math.max(1, last - BLOCK + 1);
      const lines = file.lines(first, last);
      for (let i = lines.length - 1; i >= 0; i -= 1) {
        const column = columnOf(lines[i] ?? '');
        if (column >= 0) return { line: first + i, column };
      }
    }
    return null;
  }
  for (let first = Math.max(from, 1); first <= file.lineCount; first += BLOCK) {
    const lines = file.lines(first, Math.min(first + BLOCK - 1, file.lineCount));
    for (let i = 0; i < lines.length; i += 1) {
      const column = columnOf(lines[i] ?? '');
      if (column >= 0) return { line: first + i, column };
    }
  }
  return null;
}
