/** Text that is markup already. Only `markup` makes it, so everything else is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | undefined | readonly Part[];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/**
 * Text for an element or a quoted attribute, whatever it holds. Characters that change the direction of
 * text, are invisible, or are controls are shown by their code: hostile names must not disguise themselves.
 */
export function escaped(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (c) => {
        return c === '\r'
          ? ''
          : `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
      },
    )
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (c) => ENTITIES.get(c) ?? c);
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(render).join('');
}

/** Template tag: the literal text is markup, every value in it is escaped unless it is markup itself. */
export function markup(literals: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let text = literals[0] ?? '';
  values.forEach((value, i) => {
    text += render(value) + (literals[i + 1] ?? '');
  });
  return new Markup(text);
}
