/** What became of a run of UTF-16. */
export interface Utf16Run {
  /** Where the run ended in the input: the end, or the start of the single-byte text after it. */
  readonly end: number;
  readonly unpaired: number;
  /** Offset in the output of the first replaced unit; -1 for none. */
  readonly firstUnpaired: number;
  /** The input ended in the middle of a unit. */
  readonly cut: boolean;
}

/** Bytes that grow: UTF-16 of western text halves, of Chinese text grows by half. */
export class ByteSink {
  private buffer: Uint8Array;
  length = 0;

  constructor(expected: number) {
    this.buffer = new Uint8Array(Math.max(expected, 64));
  }

  /** A buffer with room for `more` bytes behind `length`. */
  reserve(more: number): Uint8Array {
    const needed = this.length + more;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(needed, Math.ceil(this.buffer.length * 1.5)));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    return this.buffer;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** What was written, without holding on to much more memory than it needs. */
  finish(): Uint8Array {
    const spare = this.buffer.length - this.length;
    return spare > 1 << 19 || spare > this.length
      ? this.buffer.slice(0, this.length)
      : this.bytes();
  }
}

const plain = (byte: number): boolean =>
  (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;

/**
 * Whether single-byte text begins at a line start inside UTF-16LE: sixteen pairs of plain ASCII
 * without a NUL, with blanks, digits or line ends where UTF-16 would have high bytes (U+2000..U+3fff
 * are rare). Shorter only where the file ends on such text.
 */
function asciiBeginsAt(bytes: Uint8Array, at: number): boolean {
  const end = Math.min(at + 32, bytes.length);
  let telling = 0;
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i] ?? 0;
    if (!plain(byte)) return false;
    if ((i - at) % 2 === 1 && byte < 0x41) telling += 1;
  }
  if (end - at === 32) return telling >= 2;
  return end - at >= 4 && (bytes[end - 1] === 10 || (end - at) % 2 === 1);
}

const BLOCK = 1 << 16;

/**
 * Converts UTF-16 from `start` on to UTF-8 in `sink`, until the input ends or, for little endian,
 * plain single-byte text follows a line end (`> a.txt` by one tool, `>> a.txt` by another).
 * Unpaired surrogates become U+FFFD and are counted.
 */
export function utf16ToUtf8(
  bytes: Uint8Array,
  start: number,
  littleEndian: boolean,
  sink: ByteSink,
): Utf16Run {
  const low = littleEndian ? 0 : 1;
  const high = 1 - low;
  const last = bytes.length - 1;
  let unpaired = 0;
  let firstUnpaired = -1;
  let at = start;
  const misaligned = (bytes.byteOffset + start) % 4;
  // A view of whole words is possible where the units are aligned; an odd start goes unit by unit.
  const wordsFrom = start + (misaligned === 0 ? 0 : 4 - misaligned);
  const words =
    littleEndian && misaligned % 2 === 0 && wordsFrom + 4 <= bytes.length
      ? new Int32Array(bytes.buffer, bytes.byteOffset + wordsFrom, (bytes.length - wordsFrom) >> 2)
      : undefined;
  const phase = wordsFrom & 3;
  while (at < last) {
    const out = sink.reserve(BLOCK * 3 + 4);
    const stop = Math.min(last, at + BLOCK * 2);
    let to = sink.length;
    while (at < stop) {
      // Pairs of ASCII other than LF, the bulk of every file, two units at a time.
      if (words !== undefined && (at & 3) === phase) {
        const lastWord = (stop - wordsFrom) >> 2;
        let word = (at - wordsFrom) >> 2;
        for (; word < lastWord; word += 1) {
          const pair = words[word] ?? 0;
          if ((pair & ~0x007f007f) !== 0 || (pair & 0xffff) === 10 || pair >>> 16 === 10) break;
          out[to] = pair;
          out[to + 1] = pair >>> 16;
          to += 2;
        }
        at = wordsFrom + word * 4;
        if (at >= stop) break;
      }
      const unit = (bytes[at + low] ?? 0) | ((bytes[at + high] ?? 0) << 8);
      at += 2;
      if (unit < 0x80) {
        out[to] = unit;
        to += 1;
        if (unit === 10 && littleEndian && bytes[at + 1] !== 0 && asciiBeginsAt(bytes, at)) {
          sink.length = to;
          return { end: at, unpaired, firstUnpaired, cut: false };
        }
      } else if (unit < 0x800) {
        out[to] = 0xc0 | (unit >> 6);
        out[to + 1] = 0x80 | (unit & 0x3f);
        to += 2;
      } else if (unit >= 0xd800 && unit < 0xe000) {
        const next = at < last ? (bytes[at + low] ?? 0) | ((bytes[at + high] ?? 0) << 8) : 0;
        if (unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
          const point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
          out[to] = 0xf0 | (point >> 18);
          out[to + 1] = 0x80 | ((point >> 12) & 0x3f);
          out[to + 2] = 0x80 | ((point >> 6) & 0x3f);
          out[to + 3] = 0x80 | (point & 0x3f);
          to += 4;
          at += 2;
        } else {
          if (unpaired === 0) firstUnpaired = to;
          unpaired += 1;
          out[to] = 0xef;
          out[to + 1] = 0xbf;
          out[to + 2] = 0xbd;
          to += 3;
        }
      } else {
        out[to] = 0xe0 | (unit >> 12);
        out[to + 1] = 0x80 | ((unit >> 6) & 0x3f);
        out[to + 2] = 0x80 | (unit & 0x3f);
        to += 3;
      }
    }
    sink.length = to;
  }
  return { end: bytes.length, unpaired, firstUnpaired, cut: at === last };
}

/**
 * Whether bytes from `at` on are UTF-16LE text without a BOM: of eight units at least half, and the
 * first two, are plain ASCII with a NUL behind.
 */
export function utf16leBeginsAt(bytes: Uint8Array, at: number): boolean {
  const units = Math.min(8, (bytes.length - at) >> 1);
  if (units < 2) return false;
  let ascii = 0;
  for (let i = 0; i < units; i += 1) {
    const isAscii = plain(bytes[at + 2 * i] ?? 0) && bytes[at + 2 * i + 1] === 0;
    if (isAscii) ascii += 1;
    else if (i < 2) return false;
  }
  return ascii * 2 >= units;
}

/** Byte order of a head without BOM by where its NULs stand: 'le' odd offsets, 'be' even ones; undefined when it is not UTF-16. */
export function utf16Order(head: Uint8Array): 'le' | 'be' | undefined {
  // A first line of single bytes is not UTF-16, whatever follows it.
  const lineEnd = head.indexOf(10);
  const wide = lineEnd !== -1 && (head[lineEnd + 1] === 0 || head[lineEnd - 1] === 0);
  if (plain(head[0] ?? 0) && plain(head[1] ?? 0) && !wide) return undefined;
  let odd = 0;
  let even = 0;
  let controls = 0;
  for (let i = 0; i < head.length; i += 1) {
    const byte = head[i] ?? 0;
    if (byte === 0) {
      if (i % 2 === 1) odd += 1;
      else even += 1;
    } else if (byte < 8) controls += 1;
  }
  // Text of any language has line ends, blanks or digits every few units; data has other controls too.
  const units = head.length / 2;
  if (controls * 8 > units) return undefined;
  if (odd * 10 >= units && even * 20 <= odd) return 'le';
  if (even * 10 >= units && odd * 20 <= even) return 'be';
  return undefined;
}
