import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SourceError, type ReadOptions } from './source';

/** Bytes that can be read from any place: a file, or an archive held in memory. */
export interface RandomBytes {
  readonly size: number;
  readonly modifiedAt: number | undefined;
  /** Bytes start..end (exclusive), shorter where the source ends. */
  slice(start: number, end: number): Promise<Uint8Array>;
  /** The same in pieces. */
  chunks(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

const PIECE = 1 << 22;

/** A whole regular file. Not a link (as the last part of the path), device or pipe; those never block here. */
export async function fileBytes(path: string, follow = false): Promise<RandomBytes> {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new SourceError('is not a regular file');
    return handleBytes(handle, stat.size, stat.mtimeMs);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The first `size` bytes of an open file; closing closes the file. */
export function handleBytes(
  handle: FileHandle,
  size: number,
  modifiedAt: number | undefined,
): RandomBytes {
  return {
    size,
    modifiedAt,
    slice: (start, end) => readFully(handle, start, end),
    async *chunks(start, end, signal) {
      for (let at = start; at < end; at += PIECE) {
        signal?.throwIfAborted();
        const piece = await readFully(handle, at, Math.min(at + PIECE, end));
        yield piece;
        if (piece.length < Math.min(PIECE, end - at)) return;
      }
    },
    close: () => handle.close(),
  };
}

/** A part of other bytes, which stay open when it is closed. */
export function partOf(bytes: RandomBytes, start: number, size: number): RandomBytes {
  const within = (at: number): number => start + Math.min(at, size);
  return {
    size,
    modifiedAt: bytes.modifiedAt,
    slice: (from, to) => bytes.slice(within(from), within(to)),
    chunks: (from, to, signal) => bytes.chunks(within(from), within(to), signal),
    close: () => Promise.resolve(),
  };
}

async function readFully(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(end - start, 0));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) return bytes.slice(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** Bytes that are in memory already, such as pasted text, read as a file is. */
export function memoryBytes(bytes: Uint8Array, modifiedAt: number | undefined): RandomBytes {
  return {
    size: bytes.length,
    modifiedAt,
    slice: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    async *chunks(start, end, signal) {
      for (let at = start; at < end; at += PIECE) {
        signal?.throwIfAborted();
        yield bytes.subarray(at, Math.min(at + PIECE, end));
        // Long work in memory must leave room for a cancel.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Reads pieces into one array of the expected size. More than expected is refused: what a header
 * declares is the cap. Fewer bytes give a shorter array.
 */
export async function collect(
  pieces: AsyncIterable<Uint8Array>,
  expected: number,
  { signal, onBytes }: ReadOptions = {},
): Promise<Uint8Array> {
  const bytes = new Uint8Array(expected);
  let filled = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (filled + piece.length > expected)
      throw new SourceError('holds more data than its header declares');
    bytes.set(piece, filled);
    filled += piece.length;
    onBytes?.(piece.length);
  }
  return filled === expected ? bytes : bytes.slice(0, filled);
}
