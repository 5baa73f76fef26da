import type { ParseNote } from '../../model/evidence';
import type { TextFile } from '../../text/text-file';
import { ruleType } from './vfp-body';
import { isCounterAt, spells, textEnd, textStart } from './vfp-lines';

/** A growing column of unsigned numbers: no object per row. */
export class Column {
  #items = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#items[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  /** The rows so far, without a copy. */
  view(): Uint32Array {
    return this.#items.subarray(0, this.length);
  }
}

/** Notes of one kind are cut off here: a hostile or badly cut file must not make one per rule. */
const MOST_NOTES = 100;

/**
 * The distinct rule texts of a dump. A busy node repeats each load-balancing rule on every port,
 * so equal texts are stored once: told by a hash of the trimmed lines (blanks, line ends and
 * counters do not count) and then compared with the first occurrence, byte by byte.
 *
 * Ports list the same rules in the same order, so the rule that followed last time is tried first:
 * then one comparison of raw bytes replaces scanning and hashing.
 */
export class BodyTable {
  readonly #file: TextFile;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly line = new Column();
  readonly endLine = new Column();
  /** 1 where the text ends with its `FlagsEx` line. */
  readonly #closed = new Column();
  readonly #hash = new Column();
  /** Body that followed this one last time, plus 1. */
  readonly #next = new Column();
  #slots = new Int32Array(4096);
  #previous = -1;
  readonly notes: ParseNote[] = [];
  readonly #unknownTypes = new Set<string>();
  #mismatches = 0;

  constructor(file: TextFile) {
    this.#file = file;
    this.#bytes = file.bytes;
    this.#view = new DataView(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  }

  get length(): number {
    return this.line.length;
  }

  /** Does the text of the body end with `FlagsEx`? Then only counters can follow. */
  isClosed(body: number): boolean {
    return this.#closed.at(body) === 1;
  }

  linesOf(body: number): number {
    return this.endLine.at(body) - this.line.at(body) + 1;
  }

  /** The body that stands at a line, if it is the expected one; -1 when another text stands there. */
  expectedAt(line: number, lastLine: number): number {
    if (this.#previous < 0) return -1;
    const body = this.#next.at(this.#previous) - 1;
    if (body < 0) return -1;
    const file = this.#file;
    const count = this.linesOf(body);
    if (line + count - 1 > lastLine) return -1;
    const from = file.offset(this.line.at(body));
    const last = this.endLine.at(body);
    const length = textEnd(this.#bytes, file.offset(last), file.offset(last + 1)) - from;
    const start = file.offset(line);
    return this.#same(from, start, length) ? body : -1;
  }

  #same(a: number, b: number, length: number): boolean {
    const bytes = this.#bytes;
    if (b + length > bytes.length) return false;
    const view = this.#view;
    let i = 0;
    for (const words = length - 3; i < words; i += 4) {
      if (view.getInt32(a + i, true) !== view.getInt32(b + i, true)) return false;
    }
    for (; i < length; i += 1) if (bytes[a + i] !== bytes[b + i]) return false;
    const after = bytes[b + length];
    return after === undefined || after === 13 || after === 10;
  }

  /** Notes which body a rule has, so that the next one can be expected. */
  follow(body: number): void {
    if (this.#previous >= 0) this.#next.set(this.#previous, body + 1);
    this.#previous = body;
  }

  /** The body of the text at these lines; a new one when it was not seen before. */
  intern(line: number, endLine: number): number {
    const hash = this.#hashOf(line, endLine);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const body = (this.#slots[slot] ?? 0) - 1;
      if (body < 0) break;
      if (this.#hash.at(body) === hash && this.#equal(body, line, endLine)) return body;
      slot = (slot + 1) & mask;
    }
    const body = this.line.length;
    this.line.push(line);
    this.endLine.push(endLine);
    this.#hash.push(hash);
    this.#next.push(0);
    this.#slots[slot] = body + 1;
    this.#closed.push(this.#inspect(line, endLine) ? 1 : 0);
    if (this.length * 2 > this.#slots.length) this.#grow();
    return body;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let body = 0; body < this.length; body += 1) {
      let slot = this.#hash.at(body) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = body + 1;
    }
    this.#slots = slots;
  }

  #hashOf(line: number, endLine: number): number {
    const bytes = this.#bytes;
    const file = this.#file;
    let hash = 0x811c9dc5;
    let start = file.offset(line);
    for (let n = line; n <= endLine; n += 1) {
      const next = file.offset(n + 1);
      const at = textStart(bytes, start, next);
      const end = textEnd(bytes, at, next);
      start = next;
      if (at === end || isCounterAt(bytes, at, end)) continue;
      for (let i = at; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
      hash = Math.imul(hash ^ 10, 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #equal(body: number, line: number, endLine: number): boolean {
    const bytes = this.#bytes;
    const file = this.#file;
    let a = this.line.at(body);
    const lastA = this.endLine.at(body);
    let b = line;
    for (;;) {
      let startA = 0;
      let endA = 0;
      for (; a <= lastA; a += 1) {
        startA = textStart(bytes, file.offset(a), file.offset(a + 1));
        endA = textEnd(bytes, startA, file.offset(a + 1));
        if (startA < endA && !isCounterAt(bytes, startA, endA)) break;
      }
      let startB = 0;
      let endB = 0;
      for (; b <= endLine; b += 1) {
        startB = textStart(bytes, file.offset(b), file.offset(b + 1));
        endB = textEnd(bytes, startB, file.offset(b + 1));
        if (startB < endB && !isCounterAt(bytes, startB, endB)) break;
      }
      if (a > lastA || b > endLine) return a > lastA && b > endLine;
      if (endA - startA !== endB - startB) return false;
      for (let i = endA - startA - 1; i >= 0; i -= 1) {
        if (bytes[startA + i] !== bytes[startB + i]) return false;
      }
      a += 1;
      b += 1;
    }
  }

  /** Looks once at a new text: is its type known, is its count of DIPs right, does it end with FlagsEx? */
  #inspect(line: number, endLine: number): boolean {
    const bytes = this.#bytes;
    const file = this.#file;
    let closed = false;
    let dips = 0;
    let said = -1;
    let typed = false;
    for (let n = line; n <= endLine; n += 1) {
      const end = file.offset(n + 1);
      const at = textStart(bytes, file.offset(n), end);
      const c = bytes[at];
      if (c === 123) dips += this.#pairs(at, end);
      else if (c === 84 && !typed && spells(bytes, at, 'Type')) {
        typed = true;
        this.#checkType(n);
      } else if (c === 67 && spells(bytes, at, 'Count of DIP Ranges')) {
        said = Number(/:\s*(\d+)/.exec(file.line(n))?.[1] ?? -1);
      } else if (c === 70 && spells(bytes, at, 'FlagsEx')) closed = true;
    }
    if (said >= 0 && said !== dips) this.#mismatch(line, endLine, said, dips);
    return closed;
  }

  #pairs(at: number, end: number): number {
    let count = 0;
    for (let i = at; i < end; i += 1) if (this.#bytes[i] === 123) count += 1;
    return count;
  }

  #checkType(line: number): void {
    const text = /:\s*(.*?)\s*$/.exec(this.#file.line(line))?.[1] ?? '';
    if (ruleType(text) !== 'other' || this.#unknownTypes.has(text)) return;
    if (this.#unknownTypes.size >= MOST_NOTES) return;
    this.#unknownTypes.add(text);
    this.notes.push({
      line,
      endLine: line,
      kind: 'info',
      message: `Rules of type "${text}" are kept as text and not interpreted.`,
    });
  }

  #mismatch(line: number, endLine: number, said: number, dips: number): void {
    this.#mismatches += 1;
    if (this.#mismatches > MOST_NOTES) return;
    this.notes.push({
      line,
      endLine,
      kind: 'truncated',
      message: `The rule says it has ${said} DIP ranges and lists ${dips}.`,
    });
  }
}
