/** A line of a file with its 1-based number; what `linesOf` gives and the readers of one format take. */
export interface TextLine {
  readonly n: number;
  readonly text: string;
}

/** No-break and other fixed blanks that editors and web pages put in place of U+0020. */
const FIXED_BLANKS = /[\u00a0\u2007\u202f]/g;

/** The text with no-break blanks made ordinary ones; same length, so columns stay. */
export function plainBlanks(text: string): string {
  return text.replace(FIXED_BLANKS, ' ');
}

/** True for a line of blanks of any kind only. */
export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/**
 * Removes what a paste added to every line: a shared indent, or the `> ` of a quoted mail.
 * Line numbers stay. Prompt lines do not count for the indent, since they are often flush left.
 */
export function withoutSharedIndent(lines: readonly TextLine[]): TextLine[] {
  const plain = lines.map(({ n, text }) => ({ n, text: plainBlanks(text) }));
  const filled = plain.filter(({ text }) => !isBlank(text));
  const quoted = filled.length > 1 && filled.every(({ text }) => /^> ?/.test(text));
  const bare = quoted ? plain.map(({ n, text }) => ({ n, text: text.replace(/^> ?/, '') })) : plain;
  const indents = bare
    .filter(({ text }) => !isBlank(text) && !/^\s*(PS\s|[A-Za-z]:\\[^>]*>)/.test(text))
    .map(({ text }) => text.length - text.trimStart().length);
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  if (!Number.isFinite(shared) || shared === 0) return bare;
  return bare.map(({ n, text }) => ({
    n,
    text: /^ *$/.test(text.slice(0, shared)) ? text.slice(shared) : text,
  }));
}

/** East Asian wide characters take two columns of a console. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** True when the text holds a character that takes two console columns. */
export function hasWide(text: string): boolean {
  return WIDE.test(text);
}

/** How many console columns a text takes. */
export function displayWidth(text: string): number {
  if (!hasWide(text)) return text.length;
  let width = 0;
  for (const char of text) width += WIDE.test(char) ? 2 : 1;
  return width;
}
