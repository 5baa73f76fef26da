/**
 * Controls that reorder the text after them (Unicode Standard Annex 9): with them a name looks like
 * another one, an address is read backwards, and a command does other than is seen. Marks that Windows
 * puts into dates, and letters that are read from the right by themselves, are none of these.
 */
const REORDERS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Properties of elements that are read as text. */
const READ = ['children', 'title', 'aria-label', 'alt'] as const;

const visible = (text: string): string =>
  text.search(REORDERS) === -1
    ? text
    : text.replace(REORDERS, (c) => `<U+${c.charCodeAt(0).toString(16).toUpperCase()}>`);

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (!Array.isArray(value)) return value;
  const items: readonly unknown[] = value;
  return items.some((item) => typeof item === 'string' && visible(item) !== item)
    ? items.map((item) => (typeof item === 'string' ? visible(item) : item))
    : items;
}

/** Properties of an element with controls that reorder text shown by their code; the same object where there are none. */
export function shown<T>(props: T): T {
  if (typeof props !== 'object' || props === null) return props;
  let changed: Record<string, unknown> | undefined;
  const given = props as Record<string, unknown>;
  for (const name of READ) {
    const value = shownValue(given[name]);
    if (value === given[name]) continue;
    changed ??= { ...given };
    changed[name] = value;
  }
  return changed === undefined ? props : (changed as T);
}
