import type { JsonMember, JsonValue } from './json-tree';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Thrown inside only: the text is not what RFC 8259 allows, and the tolerant reader takes over. */
class NotStrict extends Error {}

/**
 * Reads one JSON value that holds to RFC 8259, several times faster than the tolerant reader: HNS
 * prints some 20 KB for each endpoint, and a busy node has hundreds. `lines` are the line numbers of
 * the text's lines. Undefined for a text with any irregularity.
 */
export function readStrictJson(text: string, lines: readonly number[]): JsonValue | undefined {
  const reader = new StrictReader(text, lines);
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof NotStrict) return undefined;
    throw error;
  }
}

class StrictReader {
  private at = 0;
  /** Index of the current line. */
  private row = 0;

  constructor(
    private readonly text: string,
    private readonly lines: readonly number[],
  ) {}

  whole(): JsonValue {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) throw new NotStrict();
    return value;
  }

  private get line(): number {
    const line = this.lines[this.row];
    if (line === undefined) throw new NotStrict();
    return line;
  }

  private blanks(): void {
    for (; ; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 10) this.row += 1;
      else if (code !== 32 && code !== 13 && code !== 9) return;
    }
  }

  private value(): JsonValue {
    this.blanks();
    const line = this.line;
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object(line);
      case 0x5b:
        return this.array(line);
      case 0x22:
        return { line, endLine: line, kind: 'string', value: this.string() };
      case 0x74:
        return this.word('true', { line, endLine: line, kind: 'boolean', value: true });
      case 0x66:
        return this.word('false', { line, endLine: line, kind: 'boolean', value: false });
      case 0x6e:
        return this.word('null', { line, endLine: line, kind: 'null' });
      default:
        return this.number(line);
    }
  }

  private object(line: number): JsonValue {
    const members: JsonMember[] = [];
    this.at += 1;
    this.blanks();
    if (this.text.charCodeAt(this.at) === 0x7d) this.at += 1;
    else {
      for (;;) {
        this.blanks();
        const keyLine = this.line;
        const key = this.string();
        this.blanks();
        this.expect(0x3a);
        const value = this.value();
        members.push({ key, value, line: keyLine, endLine: value.endLine });
        if (this.ends(0x7d)) break;
      }
    }
    return { line, endLine: this.line, kind: 'object', members, closed: true };
  }

  private array(line: number): JsonValue {
    const items: JsonValue[] = [];
    this.at += 1;
    this.blanks();
    if (this.text.charCodeAt(this.at) === 0x5d) this.at += 1;
    else {
      do items.push(this.value());
      while (!this.ends(0x5d));
    }
    return { line, endLine: this.line, kind: 'array', items, closed: true };
  }

  /** After a member or item: a comma goes on, the bracket ends. */
  private ends(bracket: number): boolean {
    this.blanks();
    const code = this.text.charCodeAt(this.at);
    if (code !== bracket && code !== 0x2c) throw new NotStrict();
    this.at += 1;
    return code === bracket;
  }

  private expect(code: number): void {
    if (this.text.charCodeAt(this.at) !== code) throw new NotStrict();
    this.at += 1;
  }

  private string(): string {
    this.expect(0x22);
    const start = this.at;
    let escaped = false;
    for (; ; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        this.at += 1;
      } else if (!(code >= 32)) throw new NotStrict();
    }
    const raw = this.text.slice(start, this.at);
    this.at += 1;
    return escaped ? unescaped(raw) : raw;
  }

  private word(word: string, value: JsonValue): JsonValue {
    if (!this.text.startsWith(word, this.at)) throw new NotStrict();
    this.at += word.length;
    return value;
  }

  private number(line: number): JsonValue {
    NUMBER.lastIndex = this.at;
    const text = NUMBER.exec(this.text)?.[0];
    if (text === undefined) throw new NotStrict();
    this.at += text.length;
    return { line, endLine: line, kind: 'number', value: Number(text), text };
  }
}

function unescaped(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    throw new NotStrict();
  }
}
