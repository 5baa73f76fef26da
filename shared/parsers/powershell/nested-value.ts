/**
 * A value as Format-List and depth-cut ConvertTo-Json print it: `@{k=v; k=v}`, `{a, b}`,
 * `System.Object[]`. `complete` is false where the text ended early or PowerShell cut it (`...`).
 */
export type NestedValue =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'object';
      /** By lower case name. */
      readonly fields: ReadonlyMap<string, NestedValue>;
      readonly complete: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly NestedValue[]; readonly complete: boolean }
  /** A collection of which only the type was printed. */
  | { readonly kind: 'hidden'; readonly text: string };

const HIDDEN = /^System\.(Object|String|Collections)[\w.]*(\[\])?$/;
const MAX_DEPTH = 40;

/** Reads one printed value. Never throws; what is not structured is text. */
export function nestedValue(text: string, depth = 0): NestedValue {
  const value = text.trim();
  if (HIDDEN.test(value)) return { kind: 'hidden', text: value };
  if (depth > MAX_DEPTH) return { kind: 'text', text: value };
  if (value.startsWith('@{')) {
    const inner = inside(value, 2);
    const fields = new Map<string, NestedValue>();
    const parts = splitFields(inner.text);
    parts.forEach((part, index) => {
      const at = part.indexOf('=');
      const name = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase();
      // A cut text ends inside its last field: half a value would be a wrong value.
      if (name === '' || (!inner.closed && index === parts.length - 1 && !/[}]\s*$/.test(part))) {
        return;
      }
      if (!fields.has(name))
        fields.set(name, nestedValue(at < 0 ? '' : part.slice(at + 1), depth + 1));
    });
    return { kind: 'object', fields, complete: inner.closed };
  }
  if (value.startsWith('{')) {
    const inner = inside(value, 1);
    const parts = splitItems(inner.text);
    const cut = /^(\.{3}|…)$/.test(parts.at(-1)?.trim() ?? '');
    const last = parts.at(-1)?.replace(/(\.{3}|…)\s*$/, '') ?? '';
    const endsCut = cut || last !== (parts.at(-1) ?? '');
    const texts = cut ? parts.slice(0, -1) : endsCut ? [...parts.slice(0, -1), last] : parts;
    return {
      kind: 'list',
      items: texts.filter((part) => part.trim() !== '').map((part) => nestedValue(part, depth + 1)),
      complete: inner.closed && !endsCut,
    };
  }
  return { kind: 'text', text: value };
}

/** The text between the bracket before `from` and its partner, and whether the partner is there. */
function inside(value: string, from: number): { readonly text: string; readonly closed: boolean } {
  let depth = 1;
  for (let i = from; i < value.length; i += 1) {
    if (value[i] === '{') depth += 1;
    if (value[i] === '}') {
      depth -= 1;
      if (depth === 0) return { text: value.slice(from, i), closed: true };
    }
  }
  return { text: value.slice(from), closed: false };
}

/** Splits at `;` outside braces, only where a name and `=` follow: values hold `;` unescaped. */
function splitFields(text: string): string[] {
  return splitAt(text, ';', (rest) => /^\s*[A-Za-z_][\w.-]*=/.test(rest));
}

function splitItems(text: string): string[] {
  return splitAt(text, ',', (rest) => /^\s/.test(rest) || /^[@{]/.test(rest));
}

function splitAt(text: string, mark: string, follows: (rest: string) => boolean): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '{') depth += 1;
    else if (char === '}') depth = Math.max(0, depth - 1);
    else if (char === mark && depth === 0 && follows(text.slice(i + 1, i + 80))) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
