import type { LineRange } from '../../model/evidence';
import type { JsonObject, JsonValue } from '../json-tree';
import { nestedValue, type NestedValue } from '../powershell/nested-value';
import type { ListObject } from '../powershell/object-list';

/**
 * A value of an HNS object, however it was printed: JSON, Format-List, or the strings that
 * ConvertTo-Json leaves past its depth. `hidden` is a value of which only the type was printed.
 */
export type HnsValue = LineRange &
  (
    | {
        readonly kind: 'object';
        readonly fields: ReadonlyMap<string, HnsValue>;
        readonly complete: boolean;
      }
    | { readonly kind: 'list'; readonly items: readonly HnsValue[]; readonly complete: boolean }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'hidden'; readonly text: string }
    | { readonly kind: 'null' }
  );

export type HnsObject = Extract<HnsValue, { readonly kind: 'object' }>;

/**
 * A JSON object as HNS value whose fields are made when somebody looks: most of what HNS prints of an
 * endpoint (allocators, counters) is never asked for.
 */
class JsonObjectFields {
  readonly kind = 'object' as const;
  readonly complete: boolean;
  readonly endLine: number;
  private made: ReadonlyMap<string, HnsValue> | undefined;

  constructor(
    private readonly json: JsonObject,
    readonly line: number,
  ) {
    this.complete = json.closed;
    this.endLine = json.endLine;
  }

  get fields(): ReadonlyMap<string, HnsValue> {
    if (this.made) return this.made;
    const fields = new Map<string, HnsValue>();
    for (const { key, value, line } of this.json.members) {
      const name = key.toLowerCase();
      if (!fields.has(name)) fields.set(name, valueOfJson(value, line));
    }
    this.made = fields;
    return fields;
  }
}

/**
 * The HNS value of a JSON value, beginning at `line` (that of its key). Field names become lower
 * case: HNS writes them in varying case.
 */
export function valueOfJson(json: JsonValue, line = json.line): HnsValue {
  const { endLine } = json;
  switch (json.kind) {
    case 'object':
      return new JsonObjectFields(json, line);
    case 'array':
      return {
        kind: 'list',
        items: json.items.map((item) => valueOfJson(item)),
        complete: json.closed,
        line,
        endLine,
      };
    case 'string':
      return /^(@\{|System\.)/.test(json.value)
        ? valueOfNested(nestedValue(json.value), { line, endLine })
        : { kind: 'text', text: json.value, line, endLine };
    case 'number':
      return { kind: 'text', text: json.text, line, endLine };
    case 'boolean':
      return { kind: 'text', text: String(json.value), line, endLine };
    case 'null':
      return { kind: 'null', line, endLine };
  }
}

/** The HNS value of a Format-List object. */
export function valueOfList(object: ListObject): HnsObject {
  const fields = new Map<string, HnsValue>();
  for (const [name, { value, line, endLine }] of object.properties) {
    fields.set(name, valueOfNested(nestedValue(value), { line, endLine }));
  }
  const { line, endLine, complete } = object;
  return { kind: 'object', fields, complete, line, endLine };
}

function valueOfNested(nested: NestedValue, range: LineRange): HnsValue {
  switch (nested.kind) {
    case 'text':
      return { kind: 'text', text: nested.text, ...range };
    case 'hidden':
      return { kind: 'hidden', text: nested.text, ...range };
    case 'list':
      return {
        kind: 'list',
        items: nested.items.map((item) => valueOfNested(item, range)),
        complete: nested.complete,
        ...range,
      };
    case 'object': {
      const fields = new Map<string, HnsValue>();
      for (const [name, value] of nested.fields) fields.set(name, valueOfNested(value, range));
      return { kind: 'object', fields, complete: nested.complete, ...range };
    }
  }
}

/** A field by any of its names (lower case). Undefined when absent or null. */
export function field(
  value: HnsValue | undefined,
  ...names: readonly string[]
): HnsValue | undefined {
  if (value?.kind !== 'object') return undefined;
  for (const name of names) {
    const found = value.fields.get(name);
    if (found && found.kind !== 'null') return found;
  }
  return undefined;
}

/** Text of a field, trimmed; undefined when it is absent, empty or not text. */
export function textField(
  value: HnsValue | undefined,
  ...names: readonly string[]
): string | undefined {
  const found = field(value, ...names);
  return found?.kind === 'text' && found.text.trim() !== '' ? found.text.trim() : undefined;
}

/** A whole number of a field; undefined for anything else. FILETIMEs are read as text. */
export function numberField(
  value: HnsValue | undefined,
  ...names: readonly string[]
): number | undefined {
  const text = textField(value, ...names);
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** True or false of a field in any case and form (`True`, `true`). */
export function booleanField(
  value: HnsValue | undefined,
  ...names: readonly string[]
): boolean | undefined {
  const text = textField(value, ...names)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Items of a list field; a single value counts as a list of one, an empty text as none. */
export function itemsField(
  value: HnsValue | undefined,
  ...names: readonly string[]
): readonly HnsValue[] {
  const found = field(value, ...names);
  if (!found || found.kind === 'hidden') return [];
  if (found.kind === 'list') return found.items;
  return found.kind === 'text' && found.text.trim() === '' ? [] : [found];
}

/** Texts of a list field, and of one text that lists them with commas or blanks. */
export function textsField(value: HnsValue | undefined, ...names: readonly string[]): string[] {
  return itemsField(value, ...names).flatMap((item) =>
    item.kind === 'text' ? item.text.split(/[,\s]+/).filter((text) => text !== '') : [],
  );
}

/** Is the field there and were all of its items printed? */
export function isWhole(value: HnsValue | undefined): boolean {
  if (!value || value.kind === 'hidden') return false;
  return value.kind === 'list' || value.kind === 'object' ? value.complete : true;
}

/** Short text of any value: for policies of types we do not know. */
export function compactText(value: HnsValue): string {
  switch (value.kind) {
    case 'text':
    case 'hidden':
      return value.text;
    case 'null':
      return '';
    case 'list':
      return `{${value.items.map(compactText).join(', ')}}`;
    case 'object':
      return [...value.fields].map(([name, item]) => `${name}=${compactText(item)}`).join('; ');
  }
}
