import { binaryFormat, looksBinary } from './binary-format';
import { decodeCodePage, guessCodePage, type CodePage } from './code-pages';
import type { Encoding } from './text-file';
import { ByteSink, utf16leBeginsAt, utf16Order, utf16ToUtf8 } from './utf16';

export interface DecodingNote {
  readonly line: number;
  readonly message: string;
  /** Text that stood there is lost: nothing may be said to be missing from the file. */
  readonly lost?: boolean;
}

/** A file's bytes as text. */
export interface Decoded {
  /** UTF-8 without BOM; the input itself where it already was; empty for binary files. */
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  readonly notes: readonly DecodingNote[];
  /** What a binary file is, in words; undefined for text. */
  readonly binary: string | undefined;
}

const HEAD = 4096;
const encoder = new TextEncoder();

/** Offset of the first byte that is not 0x01..0x7f, or the length. Reads four bytes at a time. */
function plainLength(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes.byteOffset + at) % 4 !== 0) {
    const byte = bytes[at] ?? 0;
    if (byte === 0 || byte > 127) return at;
    at += 1;
  }
  if (bytes.length - at >= 4) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >> 2);
    let word = 0;
    for (; word < words.length; word += 1) {
      const value = words[word] ?? 0;
      // The subtraction borrows into a top bit exactly when a byte of a pure ASCII word is zero.
      if (((value | (value - 0x01010101)) & 0x80808080) !== 0) break;
    }
    at += word * 4;
  }
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0 || byte > 127) return at;
  }
  return bytes.length;
}

/** Strict UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF). NULs are allowed. */
function isUtf8(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      const near = Math.min(at + 32, bytes.length);
      while (at < near && (bytes[at] ?? 0) < 0x80) at += 1;
      if (at === near) at = plainLength(bytes, at);
      continue;
    }
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return false;
    const second = bytes[at + 1] ?? 0;
    const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
    for (let i = 2; i < length; i += 1) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    at += length;
  }
  return true;
}

/** Number of bytes of a UTF-8 sequence that the end of the file cut; 0 when it ends whole. */
function cutTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

/** 1-based line on which an offset of the decoded text stands. */
function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1))
    line += 1;
  return line;
}

const PAGE_NAMES: Readonly<Record<CodePage, string>> = {
  437: 'code page 437 (OEM, United States)',
  850: 'code page 850 (OEM, Western Europe)',
  936: 'code page 936 (Chinese, GBK)',
  1252: 'code page 1252 (Windows, Western Europe)',
};

/** A line of single-byte text, or of UTF-8: where it stands, and whether it is strict UTF-8. */
interface HighLine {
  readonly start: number;
  readonly end: number;
  readonly utf8: boolean;
}

/** Lines that hold bytes over 0x7f. */
function highLines(bytes: Uint8Array): HighLine[] {
  const found: HighLine[] = [];
  let start = 0;
  while (start < bytes.length) {
    let high = start;
    while (high < bytes.length && (bytes[high] ?? 0) < 128) high += 1;
    if (high >= bytes.length) break;
    const from = bytes.lastIndexOf(10, high) + 1;
    const next = bytes.indexOf(10, high);
    const end = next === -1 ? bytes.length : next + 1;
    found.push({ start: from, end, utf8: isUtf8(bytes.subarray(from, end)) });
    start = end;
  }
  return found;
}

/** So many NULs in a row are no stray bytes but a part of the file that was never written. */
const UNWRITTEN = 16;

/** What the segments of a file were, gathered while they are decoded. */
class Decoding {
  readonly kinds = new Set<Encoding>();
  private readonly found: {
    readonly offset: number;
    readonly message: string;
    readonly lost: boolean;
  }[] = [];
  readonly sink: ByteSink;

  constructor(expected: number) {
    this.sink = new ByteSink(expected);
  }

  note(offset: number, message: string, lost = false): void {
    this.found.push({ offset, message, lost });
  }

  /** A segment that is not UTF-16: UTF-8 where it is, line by line a code page where it is not. */
  singleBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (plainLength(bytes, 0) === bytes.length) {
      this.kinds.add('ascii');
      this.sink.append(bytes);
      return;
    }
    const cut = cutTail(bytes);
    const whole = cut === 0 ? bytes : bytes.subarray(0, bytes.length - cut);
    if (isUtf8(whole)) {
      this.kinds.add(plainLength(whole, 0) === whole.length ? 'ascii' : 'utf-8');
      if (cut > 0 && whole.length > 0) {
        this.sink.append(whole);
        this.note(this.sink.length, `ends in the middle of a character: ${cut} bytes left out`);
        return;
      }
      if (cut === 0) {
        this.sink.append(whole);
        return;
      }
    }
    this.codePage(bytes);
  }

  private codePage(bytes: Uint8Array): void {
    const lines = highLines(bytes);
    const foreign = lines.filter((line) => !line.utf8);
    const sample = new ByteSink(4096);
    for (const line of foreign) {
      if (sample.length > 1 << 16) break;
      sample.append(bytes.subarray(line.start, Math.min(line.end, line.start + 4096)));
    }
    const page = guessCodePage(sample.bytes());
    this.kinds.add(page === 1252 ? 'ansi' : 'oem');
    if (foreign.length < lines.length) this.kinds.add('utf-8');
    let at = 0;
    let first = -1;
    for (const line of foreign) {
      this.sink.append(bytes.subarray(at, line.start));
      if (first === -1) first = this.sink.length;
      this.sink.append(encoder.encode(decodeCodePage(bytes.subarray(line.start, line.end), page)));
      at = line.end;
    }
    this.sink.append(bytes.subarray(at));
    const count =
      foreign.length === 1 ? 'this line is' : `this and ${foreign.length - 1} more lines are`;
    this.note(
      Math.max(first, 0),
      `${count} not UTF-8; read as ${PAGE_NAMES[page]}, which is a guess`,
    );
  }

  /** A run of UTF-16 from `start`; gives where it ended. */
  utf16(raw: Uint8Array, start: number, order: 'le' | 'be'): number {
    const from = this.sink.length;
    const run = utf16ToUtf8(raw, start, order === 'le', this.sink);
    if (this.sink.length > from || run.cut)
      this.kinds.add(order === 'le' ? 'utf-16le' : 'utf-16be');
    if (run.unpaired > 0) {
      this.note(
        run.firstUnpaired,
        `${run.unpaired} UTF-16 units without their other half replaced by U+FFFD`,
      );
    }
    if (run.cut)
      this.note(this.sink.length, 'ends in the middle of a UTF-16 unit: 1 byte left out');
    const decoded = this.sink.bytes().subarray(from);
    const nul = decoded.indexOf(0);
    if (nul !== -1) this.nuls(decoded.subarray(nul), from + nul, UNWRITTEN / 2);
    return run.end;
  }

  /** Says what NULs in the text are; `bytes` begins at the first of them, which is at `offset` of the text. */
  nuls(bytes: Uint8Array, offset: number, unwritten: number): void {
    let from = 0;
    while (from !== -1) {
      let to = from;
      while (bytes[to] === 0) to += 1;
      if (to - from >= unwritten) {
        this.note(offset + from, 'a stretch of NULs: what stood here was not written', true);
        return;
      }
      from = bytes.indexOf(0, to);
    }
    this.note(offset, 'holds NUL bytes');
  }

  notes(): DecodingNote[] {
    const bytes = this.sink.bytes();
    return this.found.map(({ offset, message, lost }) => ({
      line: lineAt(bytes, offset),
      message,
      ...(lost ? { lost } : {}),
    }));
  }
}

/**
 * Where UTF-16LE begins at or after `from` inside single-byte text: at a BOM, or where a NUL shows
 * ASCII units. Also from the line's start when the characters before that NUL are not UTF-8.
 * Gives -1 when none does.
 */
function nextUtf16(
  raw: Uint8Array,
  from: number,
): { readonly at: number; readonly text: number } | undefined {
  let bom = raw.indexOf(0xff, from);
  while (bom !== -1 && raw[bom + 1] !== 0xfe) bom = raw.indexOf(0xff, bom + 1);
  for (let nul = raw.indexOf(0, from); nul !== -1; nul = raw.indexOf(0, nul + 1)) {
    if (bom !== -1 && bom < nul && utf16leBeginsAt(raw, bom + 2)) return { at: bom, text: bom + 2 };
    const unit = nul - 1;
    if (unit < from || !utf16leBeginsAt(raw, unit)) {
      // A stretch of NULs is one stray; skip it as one.
      while (raw[nul + 1] === 0) nul += 1;
      continue;
    }
    const line = Math.max(raw.lastIndexOf(10, unit) + 1, from);
    const before = raw.subarray(line, unit);
    if (before.length > 0 && before.length % 2 === 0 && !isUtf8(before))
      return { at: line, text: line };
    return { at: unit, text: unit };
  }
  return undefined;
}

const kindOf = (kinds: ReadonlySet<Encoding>): Encoding => {
  const all = [...kinds];
  if (all.length === 2 && kinds.has('ascii') && (kinds.has('utf-8') || kinds.has('utf-8-bom'))) {
    return all.find((kind) => kind !== 'ascii') ?? 'ascii';
  }
  if (all.length > 1) return 'mixed';
  return all[0] ?? 'ascii';
};

/**
 * Turns a file into UTF-8 bytes. Encodings are told per segment: byte order marks, then the pattern of
 * NULs (Windows PowerShell 5.1 writes UTF-16LE, and `>>` appends it without a BOM to ASCII at any
 * offset), then strict UTF-8, else a code page guessed from the text, line by line. Files that are not
 * text stay undecoded. ASCII and UTF-8 cost one pass and no copy. Never throws.
 */
export function decode(raw: Uint8Array, name = ''): Decoded {
  if (raw.length === 0) return { bytes: raw, encoding: 'empty', notes: [], binary: undefined };
  const utf8Bom = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
  const body = utf8Bom ? raw.subarray(3) : raw;
  const ascii = plainLength(body, 0);
  if (ascii === body.length) {
    return text(body, utf8Bom ? 'utf-8-bom' : 'ascii', colourNotes(body));
  }
  const what = binaryFormat(raw, name);
  if (what !== undefined) return binary(raw, what);
  const hasNul = body.indexOf(0, ascii) !== -1;
  const marked =
    raw[0] === 0xff && raw[1] === 0xfe
      ? 'le'
      : raw[0] === 0xfe && raw[1] === 0xff
        ? 'be'
        : undefined;
  if (!hasNul && marked === undefined && isUtf8(body.subarray(ascii))) {
    return text(body, utf8Bom ? 'utf-8-bom' : 'utf-8', colourNotes(body));
  }
  const order = marked ?? (hasNul ? utf16Order(raw.subarray(0, HEAD)) : undefined);
  if (order === undefined && looksBinary(raw.subarray(0, mixedHead(raw))))
    return binary(raw, 'data of an unknown format');
  return mixed(raw, utf8Bom ? 3 : 0, marked, order);
}

/** How much of the head may be judged by its controls: up to the UTF-16 that may follow ASCII. */
function mixedHead(raw: Uint8Array): number {
  const head = raw.subarray(0, HEAD);
  const turn = nextUtf16(head, 0);
  return turn === undefined || turn.at === 0 ? head.length : turn.at;
}

function mixed(
  raw: Uint8Array,
  from: number,
  marked: 'le' | 'be' | undefined,
  order: 'le' | 'be' | undefined,
): Decoded {
  const decoding = new Decoding((raw.length >> 1) + (1 << 18));
  let at = marked === undefined ? from : 2;
  if (from === 3) decoding.kinds.add('utf-8-bom');
  let trailing = raw.length;
  if (order === undefined) while (trailing > at && raw[trailing - 1] === 0) trailing -= 1;
  // One NUL may be the high byte of the last UTF-16 unit; a stretch of them is a block never written.
  if (raw.length - trailing < UNWRITTEN) trailing = raw.length;
  const input = raw.subarray(0, trailing);
  if (order !== undefined) {
    at = decoding.utf16(input, at, order);
    if (marked === undefined)
      decoding.note(
        0,
        `no byte order mark; read as UTF-16${order.toUpperCase()} by the pattern of its bytes`,
      );
  }
  while (at < input.length) {
    const turn = nextUtf16(input, at);
    const end = turn?.at ?? input.length;
    const startsAt = decoding.sink.length;
    decoding.singleBytes(input.subarray(at, end));
    if (at > from && at > 2 && end > at)
      decoding.note(startsAt, 'from here on single-byte text after UTF-16');
    const nul = input.subarray(at, end).indexOf(0);
    if (nul !== -1) decoding.nuls(input.subarray(at + nul, end), startsAt + nul, UNWRITTEN);
    at = end;
    if (turn === undefined) break;
    if (decoding.sink.length > 0)
      decoding.note(decoding.sink.length, 'from here on UTF-16LE after single-byte text');
    const next = decoding.utf16(input, turn.text, 'le');
    if (next <= at) break;
    at = next;
  }
  if (trailing < raw.length) {
    decoding.note(
      decoding.sink.length,
      `${raw.length - trailing} NUL bytes at the end left out: the file was not written to its end`,
      true,
    );
  }
  const bytes = decoding.sink.finish();
  return text(bytes, kindOf(decoding.kinds), [...decoding.notes(), ...colourNotes(bytes)]);
}

function text(decoded: Uint8Array, encoding: Encoding, notes: readonly DecodingNote[]): Decoded {
  const { bytes, note } = withLineFeeds(decoded);
  return { bytes, encoding, notes: [...notes, ...note], binary: undefined };
}

/** Some tools end lines with a lone CR; a text that has no LF at all would be a single line. */
function withLineFeeds(bytes: Uint8Array): { bytes: Uint8Array; note: readonly DecodingNote[] } {
  const first = bytes.indexOf(13);
  if (first === -1 || first === bytes.length - 1 || bytes.includes(10)) return { bytes, note: [] };
  const message = 'lines end with CR alone; each is read as a line of its own';
  return {
    bytes: bytes.map((byte) => (byte === 13 ? 10 : byte)),
    note: [{ line: 1, message }],
  };
}

const binary = (raw: Uint8Array, what: string): Decoded => ({
  bytes: new Uint8Array(0),
  encoding: 'binary',
  notes: [{ line: 1, message: `not text: ${what}, ${raw.length} bytes` }],
  binary: what,
});

/** Terminal colours stay in the text (it is evidence); the reader is told that they are there. */
function colourNotes(bytes: Uint8Array): DecodingNote[] {
  const at = bytes.subarray(0, 1 << 20).indexOf(0x1b);
  return at === -1
    ? []
    : [{ line: lineAt(bytes, at), message: 'holds terminal escape sequences (colours)' }];
}
