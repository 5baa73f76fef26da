/** Encodings a file of a bundle may be in; `mixed` changes inside the file. */
export type Encoding =
  | 'utf-8'
  | 'utf-8-bom'
  | 'utf-16le'
  | 'utf-16be'
  | 'ascii'
  | 'oem'
  | 'ansi'
  | 'mixed'
  | 'binary'
  | 'empty';

/**
 * One file as decoded UTF-8 bytes with a line index. Lines are 1-based and end at LF; CRs before
 * the LF are not part of the line (text with CRLF that was once more written as text ends in CR CR LF). Text is decoded only for the lines asked for, so a dump of
 * hundreds of MB costs its bytes and four bytes a line.
 */
export interface TextFile {
  readonly path: string;
  /** Decoded content, UTF-8 without BOM. */
  readonly bytes: Uint8Array;
  readonly lineCount: number;
  readonly encoding: Encoding;
  /** Bytes of the original file. */
  readonly originalBytes: number;
  /** Milliseconds UTC of the file's own time stamp, where the source keeps it. */
  readonly modifiedAt: number | undefined;
  /** Remarks of decoding (a code page was guessed, bytes could not be decoded). */
  readonly decodingNotes: readonly {
    readonly line: number;
    readonly message: string;
    /** Text that stood there is lost. */
    readonly lost?: boolean;
  }[];
  /** Text of a line; '' outside 1..lineCount. */
  line(n: number): string;
  /** Lines first..last inclusive, clipped to the file. */
  lines(first: number, last: number): string[];
  /** Byte offset where a line starts; of `lineCount + 1`: the end. */
  offset(line: number): number;
  /** Text of lines first..last joined with LF. */
  text(first?: number, last?: number): string;
  /** The 1-based line that holds a byte offset. */
  lineAt(offset: number): number;
}

const decoder = new TextDecoder('utf-8');

/** Start offsets of all lines (one number per line, and one for the end). Counts first: one pass to size, one to fill. */
function lineOffsets(bytes: Uint8Array): Uint32Array {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  const endsOpen = bytes.length > 0 && bytes[bytes.length - 1] !== 10;
  const offsets = new Uint32Array(count + (endsOpen ? 2 : 1));
  let next = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    offsets[next] = at + 1;
    next += 1;
  }
  if (endsOpen) offsets[next] = bytes.length;
  return offsets;
}

/**
 * Makes a TextFile of UTF-8 bytes (no BOM). Files up to 4 GiB.
 * @throws RangeError beyond 4 GiB, which intake refuses before.
 */
export function textFile(
  path: string,
  bytes: Uint8Array,
  about: Partial<
    Pick<TextFile, 'encoding' | 'originalBytes' | 'modifiedAt' | 'decodingNotes'>
  > = {},
): TextFile {
  if (bytes.length >= 0xffffffff) throw new RangeError(`${path} is larger than 4 GiB`);
  const offsets = lineOffsets(bytes);
  const lineCount = offsets.length - 1;
  const offset = (line: number): number =>
    offsets[Math.min(Math.max(line - 1, 0), lineCount)] ?? bytes.length;
  const line = (n: number): string => {
    if (n < 1 || n > lineCount) return '';
    let end = offset(n + 1);
    const start = offset(n);
    if (end > start && bytes[end - 1] === 10) end -= 1;
    while (end > start && bytes[end - 1] === 13) end -= 1;
    return decoder.decode(bytes.subarray(start, end));
  };
  const lines = (first: number, last: number): string[] => {
    const from = Math.max(first, 1);
    const to = Math.min(last, lineCount);
    if (to < from) return [];
    const all = decoder.decode(bytes.subarray(offset(from), offset(to + 1))).split('\n');
    if (all.length > to - from + 1) all.pop();
    return all.map(withoutReturns);
  };
  const lineAt = (byte: number): number => {
    let low = 0;
    let high = lineCount;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((offsets[middle] ?? 0) <= byte) low = middle;
      else high = middle - 1;
    }
    return Math.min(low + 1, Math.max(lineCount, 1));
  };
  return {
    path,
    bytes,
    lineCount,
    encoding: about.encoding ?? (bytes.length === 0 ? 'empty' : 'utf-8'),
    originalBytes: about.originalBytes ?? bytes.length,
    modifiedAt: about.modifiedAt,
    decodingNotes: about.decodingNotes ?? [],
    line,
    lines,
    offset,
    text: (first = 1, last = lineCount) => lines(first, last).join('\n'),
    lineAt,
  };
}

/** A line without the CRs at its end; a pattern would try each run of CRs inside of it too. */
function withoutReturns(line: string): string {
  let end = line.length;
  while (line.charCodeAt(end - 1) === 13) end -= 1;
  return line.slice(0, end);
}

/**
 * Does the text stop without a line end? Whatever redirects or writes listings and logs ends its last
 * line, so a file that stops inside one was cut, or its end was trimmed by hand.
 */
export function endsOpen(file: TextFile): boolean {
  return file.bytes.length > 0 && file.bytes[file.bytes.length - 1] !== 10;
}

/** A TextFile of a string: for pasted text and tests. */
export function textFileOf(path: string, content: string): TextFile {
  return textFile(path, new TextEncoder().encode(content));
}
