/** An element without its namespace prefix; text is that directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const DEPTH = 64;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;

/**
 * Reads a document as SOAP allows it: elements, attributes, text and the five entities. No document
 * type, so nothing can be defined or fetched.
 * @returns undefined when it is not well-formed, or nested deeper than any reply
 */
export function readXml(text: string): XmlElement | undefined {
  const root = new Open('', new Map());
  const open = [root];
  const source = text.replace(/^\ufeff/, '');
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) return undefined;
    const [whole, cdata, closing, name, attributes = '', empty] = match;
    const top = open.at(-1);
    if (top === undefined) return undefined;
    if (cdata !== undefined) top.text += cdata;
    else if (closing !== undefined) {
      if (open.length < 2 || local(closing) !== top.name) return undefined;
      open.pop();
    } else if (name !== undefined) {
      const element = new Open(local(name), attributesOf(attributes));
      top.children.push(element);
      if (empty !== '/') open.push(element);
      if (open.length > DEPTH) return undefined;
    } else if (!whole.startsWith('<')) top.text += unescaped(whole);
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
}

class Open implements XmlElement {
  readonly children: Open[] = [];
  text = '';
  constructor(
    readonly name: string,
    readonly attributes: ReadonlyMap<string, string>,
  ) {}
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
      ([, name = '', double, single]) => [local(name), unescaped(double ?? single ?? '')],
    ),
  );
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));/g,
    (all: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES.get(name) ?? all;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}

/** Every element of a name, wherever it is. */
export function* elements(of: XmlElement, name: string): Generator<XmlElement> {
  if (of.name === name) yield of;
  for (const child of of.children) yield* elements(child, name);
}

/** The first of them. */
export function element(of: XmlElement, name: string): XmlElement | undefined {
  for (const first of elements(of, name)) return first;
  return undefined;
}

/** Text as content or attribute; what XML 1.0 does not allow is left out. */
export function escapeXml(text: string): string {
  const names: ReadonlyMap<string, string> = new Map(
    [...ENTITIES].map(([name, char]) => [char, `&${name};`]),
  );
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replace(/[<>&"']/g, (char) => names.get(char) ?? char);
}
