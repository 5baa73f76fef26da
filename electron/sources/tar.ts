import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { archiveKind, isTarHeader } from './archive-kind';
import { checkEntryPath, NameRegister, type Budget } from './guards';
import type { Listing } from './listing';
import type { RandomBytes } from './random-bytes';
import { reasonOf, SourceError, type Rejection, type SourceEntry } from './source';

const held = (path: string, data: Uint8Array, modifiedAt: number | undefined): SourceEntry => ({
  path,
  size: data.length,
  modifiedAt,
  kind: archiveKind(path) === undefined ? 'file' : 'nested-archive',
  read: () => Promise.resolve(data),
});

/** Output of gunzip in pieces; what decompressed before an error still comes out. */
async function* gunzipped(
  bytes: RandomBytes,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes.chunks(0, bytes.size, signal));
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece as Uint8Array;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/**
 * Opens a gzip file: a tar inside becomes its listing; anything else is one file, named without `.gz`.
 */
export async function listGzip(
  bytes: RandomBytes,
  name: string,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: 'tar.gz' | 'file'; readonly listing: Listing }> {
  const pieces = gunzipped(bytes, signal);
  const head: Uint8Array[] = [];
  let length = 0;
  let failure: unknown;
  while (length < 512 && failure === undefined) {
    const next = await pieces.next().catch((error: unknown) => {
      failure = error;
    });
    if (next === undefined || next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  signal?.throwIfAborted();
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* head;
    if (failure !== undefined) throw new SourceError(reasonOf(failure));
    yield* pieces;
  }
  if (isTarHeader(Buffer.concat(head).subarray(0, 512))) {
    return { kind: 'tar.gz', listing: await listTar(all(), budget, signal, () => bytes.close()) };
  }
  return {
    kind: 'file',
    listing: await oneFile(all(), bytes, name.replace(/\.gz$/i, ''), budget, signal),
  };
}

async function oneFile(
  pieces: AsyncIterable<Uint8Array>,
  bytes: RandomBytes,
  path: string,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Listing> {
  const kept: Uint8Array[] = [];
  const rejected: Rejection[] = [];
  try {
    for await (const piece of pieces) {
      const admission = await budget.admit(path, piece.length);
      // Each piece counts as bytes, all of them as one file.
      if (admission !== 'yes') {
        rejected.push({ path, reason: 'stop' in admission ? admission.stop : admission.reason });
        break;
      }
      if (kept.length > 0) budget.entries -= 1;
      kept.push(piece);
      budget.step(path);
    }
  } catch (error) {
    signal?.throwIfAborted();
    rejected.push({ path, reason: `cut short: ${reasonOf(error)}` });
  }
  return {
    entries: [held(path, Buffer.concat(kept), bytes.modifiedAt)],
    rejected,
    close: () => bytes.close(),
  };
}

/** A time that a date can hold; archives may claim any number. */
function timeOf(date: Date): number | undefined {
  return Number.isFinite(date.getTime()) ? date.getTime() : undefined;
}

function refusal(header: Header): string | undefined {
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return undefined;
    case 'symlink':
      return 'a symbolic link';
    case 'link':
      return 'a hard link';
    case 'fifo':
      return 'a pipe';
    case 'character-device':
    case 'block-device':
      return 'a device';
    case 'directory':
      return undefined;
  }
}

/**
 * Reads a tar as it streams by, into memory: the format has no directory and a gzip cannot be entered
 * in the middle. Where it breaks off, what came before stays, and the file that was cut is kept as far as it goes.
 */
export async function listTar(
  pieces: AsyncIterable<Uint8Array>,
  budget: Budget,
  signal: AbortSignal | undefined,
  close: () => Promise<void>,
): Promise<Listing> {
  const entries: SourceEntry[] = [];
  const rejected: Rejection[] = [];
  const names = new NameRegister();
  const tar = extract();
  const source = Readable.from(capped(pieces, budget));
  source.on('error', (error) => tar.destroy(error));
  source.pipe(tar);
  let current = '';
  try {
    for await (const entry of tar) {
      const { header } = entry;
      current = header.name.replaceAll('\\', '/');
      budget.step(current);
      const checked = checkEntryPath(current, budget.limits);
      const directory =
        header.type === 'directory' || (header.type === 'file' && current.endsWith('/'));
      const reason = directory
        ? ''
        : 'reason' in checked
          ? checked.reason
          : (refusal(header) ?? names.refuse(checked.path));
      if (reason !== undefined || 'reason' in checked) {
        if (!directory) rejected.push({ path: current, reason: reason ?? '' });
        entry.resume();
        continue;
      }
      const size = header.size;
      const admission = await budget.admit(checked.path, size);
      if (admission !== 'yes') {
        rejected.push({
          path: current,
          reason: 'stop' in admission ? admission.stop : admission.reason,
        });
        if ('stop' in admission) break;
        entry.resume();
        continue;
      }
      const { data, failure } = await readEntry(entry, size);
      signal?.throwIfAborted();
      entries.push(held(checked.path, data, timeOf(header.mtime)));
      if (failure !== undefined)
        rejected.push({ path: checked.path, reason: `cut short: ${data.length} of ${size} bytes` });
    }
  } catch (error) {
    signal?.throwIfAborted();
    const reason = `the archive is damaged or cut off after ${current === '' ? 'its beginning' : current} (${reasonOf(error)})`;
    rejected.push({ path: '', reason });
  } finally {
    source.destroy();
    tar.destroy();
  }
  return { entries, rejected, close };
}

async function readEntry(
  entry: AsyncIterable<unknown>,
  size: number,
): Promise<{ data: Uint8Array; failure: unknown }> {
  const data = new Uint8Array(size);
  let filled = 0;
  try {
    for await (const piece of entry) {
      if (!(piece instanceof Uint8Array)) continue;
      data.set(piece, filled);
      filled += piece.length;
    }
    return { data, failure: filled < size ? 'short' : undefined };
  } catch (error) {
    return { data: data.slice(0, filled), failure: error };
  }
}

/**
 * Stops a stream that decompresses without end in places that no entry accounts for: headers,
 * padding, entries that were refused.
 */
async function* capped(
  pieces: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of pieces) {
    passed += piece.length;
    const allowance = Math.max(budget.limits.totalBytes, budget.bytes) * 2 + (1 << 26);
    if (passed > allowance)
      throw new SourceError(`it decompresses to more than ${allowance} bytes`);
    yield piece;
  }
}
