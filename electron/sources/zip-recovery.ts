import { inflateRaw, constants, type InflateRaw } from 'node:zlib';
import { archiveKind } from './archive-kind';
import { checkEntryPath, NameRegister, type Budget } from './guards';
import type { Listing } from './listing';
import type { RandomBytes } from './random-bytes';
import type { Rejection, SourceEntry } from './source';

/** A damaged archive is searched in memory; one larger than this is not. */
const LARGEST = 512 * 1024 ** 2;
const LOCAL_HEADER = Buffer.from([0x50, 0x4b, 0x03, 0x04]);

/**
 * Reads a zip whose central directory is missing or damaged (a copy that broke off, a disk that was
 * full) from its local headers in order, up to where the damage begins. The last file may be cut; it
 * is kept as far as it goes, and said to be cut.
 */
export async function recoverZip(
  bytes: RandomBytes,
  why: string,
  budget: Budget,
): Promise<Listing> {
  const close = (): Promise<void> => bytes.close();
  if (bytes.size > LARGEST) {
    return {
      entries: [],
      rejected: [
        {
          path: '',
          reason: `the archive's directory is damaged (${why}), and it is too large to search`,
        },
      ],
      close,
    };
  }
  const all = Buffer.from(await bytes.slice(0, bytes.size));
  const entries: SourceEntry[] = [];
  const rejected: Rejection[] = [];
  const names = new NameRegister();
  let at = all.indexOf(LOCAL_HEADER);
  while (at !== -1 && at + 30 <= all.length) {
    const found = await localEntry(all, at, budget);
    budget.step(found.name);
    const checked = checkEntryPath(found.name, budget.limits);
    const refused =
      'reason' in checked ? checked.reason : (found.problem ?? names.refuse(checked.path));
    if (found.name.endsWith('/')) {
      // A folder holds nothing of its own.
    } else if ('reason' in checked || refused !== undefined)
      rejected.push({ path: found.name, reason: refused ?? '' });
    else {
      const admission = await budget.admit(checked.path, found.data.length);
      if (admission === 'yes') {
        entries.push(recovered(checked.path, found.data));
        if (found.cut)
          rejected.push({
            path: checked.path,
            reason: `cut short: only its first ${found.data.length} bytes could be read`,
          });
      } else
        rejected.push({
          path: checked.path,
          reason: 'stop' in admission ? admission.stop : admission.reason,
        });
    }
    at = all.indexOf(LOCAL_HEADER, found.next);
  }
  rejected.unshift({
    path: '',
    reason: `the archive is damaged (${why}): ${entries.length} files could be read from it, others may be missing`,
  });
  return { entries, rejected, close };
}

function recovered(path: string, data: Uint8Array): SourceEntry {
  return {
    path,
    size: data.length,
    modifiedAt: undefined,
    kind: archiveKind(path) === undefined ? 'file' : 'nested-archive',
    read: () => Promise.resolve(data),
  };
}

interface LocalEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly cut: boolean;
  readonly problem: string | undefined;
  /** Where to look for the next header. */
  readonly next: number;
}

async function localEntry(all: Buffer, at: number, budget: Budget): Promise<LocalEntry> {
  const flags = all.readUInt16LE(at + 6);
  const method = all.readUInt16LE(at + 8);
  const packed = all.readUInt32LE(at + 18);
  const nameLength = all.readUInt16LE(at + 26);
  const start = at + 30 + nameLength + all.readUInt16LE(at + 28);
  const name = all
    .subarray(at + 30, at + 30 + nameLength)
    .toString((flags & 0x800) === 0 ? 'latin1' : 'utf8')
    .replaceAll('\\', '/');
  const nothing = { name, data: new Uint8Array(0), cut: false, next: at + 4 };
  if ((flags & 1) !== 0) return { ...nothing, problem: 'encrypted' };
  if (method === 0 && (flags & 8) === 0) {
    const data = all.subarray(start, start + packed);
    return { name, data, cut: data.length < packed, problem: undefined, next: start + data.length };
  }
  if (method !== 8)
    return { ...nothing, problem: `compressed by a method that is not supported (${method})` };
  const known = (flags & 8) === 0;
  const input = all.subarray(start, known ? start + packed : all.length);
  const limit = Math.min(budget.limits.entryBytes, 0x7fffffff);
  const { data, consumed, problem } = await inflateAsFarAsPossible(input, limit);
  const cut = problem === undefined && known && start + packed > all.length;
  return { name, data, cut, problem, next: problem === undefined ? start + consumed : at + 4 };
}

interface Inflated {
  readonly data: Uint8Array;
  readonly consumed: number;
  readonly problem: string | undefined;
}

/** Inflates what is there; a stream that breaks off gives what came before, garbage gives a problem. */
function inflateAsFarAsPossible(input: Uint8Array, limit: number): Promise<Inflated> {
  const options = {
    finishFlush: constants.Z_SYNC_FLUSH,
    maxOutputLength: limit,
    chunkSize: 1 << 20,
    info: true,
  };
  return new Promise((resolve) => {
    inflateRaw(input, options, (error, result) => {
      if (error !== null)
        resolve({ data: new Uint8Array(0), consumed: 0, problem: `damaged (${error.message})` });
      else {
        // With `info` the result also holds the engine, which knows how much of the input it used.
        const { buffer, engine } = result as unknown as { buffer: Buffer; engine: InflateRaw };
        resolve({ data: buffer, consumed: engine.bytesWritten, problem: undefined });
      }
    });
  });
}
