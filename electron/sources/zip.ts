import * as zlib from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { archiveKind } from './archive-kind';
import { checkEntryPath, NameRegister, type Budget } from './guards';
import type { Listing } from './listing';
import { collect, partOf, type RandomBytes } from './random-bytes';
import { spool } from './spool';
import {
  reasonOf,
  SourceError,
  type ReadOptions,
  type Rejection,
  type SourceEntry,
} from './source';
import { recoverZip } from './zip-recovery';

/** Facts of the central directory that reading an entry needs. */
export interface ZipRecord {
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Lists a zip by its central directory (APPNOTE 4.3.12). Each bad entry is refused by itself; where
 * the directory is damaged, the local headers say what can still be read.
 * @param file what `yauzl` opens: the path, or the bytes of an archive in memory
 */
export async function listZip(
  bytes: RandomBytes,
  file: string | Uint8Array,
  label: string,
  budget: Budget,
): Promise<Listing> {
  let listed: yauzl.Entry[];
  try {
    listed = await centralDirectory(file, label, budget);
  } catch (error) {
    budget.step(label);
    return recoverZip(bytes, reasonOf(error), budget);
  }
  const rejected: Rejection[] = [];
  const entries: SourceEntry[] = [];
  const names = new NameRegister();
  const overlapping = overlaps(listed);
  for (const entry of listed) {
    const name = nameOf(entry);
    if (name.endsWith('/')) continue;
    budget.step(name);
    const checked = checkEntryPath(name, budget.limits);
    const reason =
      'reason' in checked
        ? checked.reason
        : (refusal(entry) ??
          (overlapping.has(entry)
            ? 'its data overlaps another entry'
            : names.refuse(checked.path)));
    if (reason !== undefined || 'reason' in checked) {
      rejected.push({ path: name, reason: reason ?? '' });
      continue;
    }
    const admission = await budget.admit(checked.path, entry.uncompressedSize);
    if (admission === 'yes') entries.push(zipEntry(bytes, checked.path, entry));
    else if ('stop' in admission) {
      rejected.push({ path: name, reason: admission.stop });
      break;
    } else rejected.push({ path: name, reason: admission.reason });
  }
  return { entries, rejected, close: () => bytes.close() };
}

async function centralDirectory(
  file: string | Uint8Array,
  label: string,
  budget: Budget,
): Promise<yauzl.Entry[]> {
  // Names are decoded and checked here: the library would give up the whole archive for one bad name.
  const options = {
    lazyEntries: true,
    autoClose: true,
    decodeStrings: false,
    validateEntrySizes: false,
  } as const;
  const zip =
    typeof file === 'string'
      ? await yauzl.openPromise(file, options)
      : await yauzl.fromBufferPromise(
          Buffer.from(file.buffer, file.byteOffset, file.length),
          options,
        );
  const listed: yauzl.Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    listed.push(entry);
    if (listed.length % 256 === 0) budget.step(label);
    // One more than can be admitted without asking is enough to ask; the register of names stays small.
    if (listed.length > 1_000_000) break;
  }
  return listed;
}

function nameOf(entry: yauzl.Entry): string {
  return yauzl
    .getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    .replaceAll('\\', '/');
}

/** Why an entry is not data of a plain file, by its attributes; undefined when it is. */
function refusal(entry: yauzl.Entry): string | undefined {
  const madeByUnix = entry.versionMadeBy >> 8 === 3;
  const type = madeByUnix ? (entry.externalFileAttributes >>> 16) & 0o170000 : 0;
  if (type === 0o120000 || (entry.externalFileAttributes & 0x400) !== 0) return 'a symbolic link';
  if (type !== 0 && type !== 0o100000) return 'a device, pipe or socket';
  if ((entry.generalPurposeBitFlag & 1) !== 0) return 'encrypted';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return `compressed by a method that is not supported (${entry.compressionMethod})`;
  }
  return undefined;
}

/** Entries whose data begins inside the data of another: the trick of the bombs that share one kernel. */
function overlaps(listed: readonly yauzl.Entry[]): ReadonlySet<yauzl.Entry> {
  const sorted = [...listed].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  const found = new Set<yauzl.Entry>();
  let end = 0;
  for (const entry of sorted) {
    if (entry.relativeOffsetOfLocalHeader < end) found.add(entry);
    else end = entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize;
  }
  return found;
}

function zipEntry(bytes: RandomBytes, path: string, entry: yauzl.Entry): SourceEntry {
  const record: ZipRecord = {
    nameBytes: entry.fileNameRaw,
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    offset: entry.relativeOffsetOfLocalHeader,
  };
  // DOS times have no zone and the node's is not known; the extended field is UTC.
  const time = entry.getLastModDate({ timezone: 'UTC' }).getTime();
  return {
    path,
    size: entry.uncompressedSize,
    modifiedAt: Number.isFinite(time) ? time : undefined,
    kind: archiveKind(path) === undefined ? 'file' : 'nested-archive',
    read: (options) => readZipEntry(bytes, record, options),
    open: (options) => openZipEntry(bytes, record, options),
  };
}

/** Reads one entry, all of it, and holds it against its checksum. */
function readZipEntry(
  bytes: RandomBytes,
  record: ZipRecord,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  return inWords(options, async () => {
    const start = await dataStart(bytes, record);
    const packed = bytes.chunks(start, start + record.compressedSize, options.signal);
    const data = await inflated(packed, record, (pieces) => collect(pieces, record.size, options));
    if (data.length !== record.size)
      throw new SourceError(`cut short: ${data.length} of ${record.size} bytes`);
    if (zlib.crc32(data) !== record.crc32)
      throw new SourceError('damaged: its checksum does not match');
    return data;
  });
}

/** Opens one entry: a stored one as a part of the archive, a compressed one by a temporary file. */
function openZipEntry(
  bytes: RandomBytes,
  record: ZipRecord,
  options: ReadOptions = {},
): Promise<RandomBytes> {
  return inWords(options, async () => {
    const start = await dataStart(bytes, record);
    if (record.method === 0) return partOf(bytes, start, record.compressedSize);
    let checksum = 0;
    async function* summed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        checksum = zlib.crc32(piece, checksum);
        yield piece;
      }
    }
    const packed = bytes.chunks(start, start + record.compressedSize, options.signal);
    const opened = await inflated(packed, record, (pieces) =>
      spool(summed(pieces), record.size, options),
    );
    if (opened.size === record.size && checksum === record.crc32) return opened;
    await opened.close();
    throw new SourceError('damaged: its size or checksum does not match');
  });
}

async function inWords<T>({ signal }: ReadOptions, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof SourceError ? error : new SourceError(reasonOf(error), { cause: error });
  }
}

/** Where the data of an entry begins, after holding its local header against the directory (APPNOTE 4.3.7). */
async function dataStart(bytes: RandomBytes, record: ZipRecord): Promise<number> {
  const header = Buffer.from(await bytes.slice(record.offset, record.offset + 30));
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50)
    throw new SourceError('no local header where the directory says');
  const nameLength = header.readUInt16LE(26);
  const start = record.offset + 30 + nameLength + header.readUInt16LE(28);
  const name = await bytes.slice(record.offset + 30, record.offset + 30 + nameLength);
  const disagrees = disagreement(header, name, record);
  if (disagrees !== undefined)
    throw new SourceError(`local header and directory disagree on its ${disagrees}`);
  if (start + record.compressedSize > bytes.size)
    throw new SourceError('the archive ends before its data');
  return start;
}

function disagreement(header: Buffer, name: Uint8Array, record: ZipRecord): string | undefined {
  if (Buffer.compare(name, record.nameBytes) !== 0) return 'name';
  if (header.readUInt16LE(8) !== record.method) return 'compression method';
  // With bit 3 the sizes follow the data; with zip64 they stand in an extra field.
  if ((header.readUInt16LE(6) & 8) !== 0) return undefined;
  const packed = header.readUInt32LE(18);
  const size = header.readUInt32LE(22);
  if (packed !== 0xffffffff && packed !== record.compressedSize) return 'compressed size';
  return size !== 0xffffffff && size !== record.size ? 'size' : undefined;
}

/** Hands the unpacked data of an entry to `use`, which may refuse it. */
async function inflated<T>(
  pieces: AsyncIterable<Uint8Array>,
  record: ZipRecord,
  use: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  if (record.method === 0) return use(pieces);
  let used: { readonly value: T } | undefined;
  let refused: unknown;
  await pipeline(
    Readable.from(pieces),
    zlib.createInflateRaw({ chunkSize: 1 << 20 }),
    async (out: AsyncIterable<Uint8Array>) => {
      try {
        used = { value: await use(out) };
      } catch (error) {
        refused = error;
        throw error;
      }
    },
  ).catch((error: unknown) => {
    // A reader that gives up makes the pipeline complain of an abort; its own reason says more.
    throw refused ?? error;
  });
  if (used === undefined) throw new SourceError('its data could not be unpacked');
  return used.value;
}
