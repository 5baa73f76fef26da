import { captureFormat, CaptureReader } from '../../shared/capture/capture-reader';
import { CaptureIndex } from '../../shared/capture/capture-index';
import type { ParsedFile } from '../../shared/parsers/parsed-file';
import { openEntry } from '../sources/open-entry';
import type { RandomBytes } from '../sources/random-bytes';
import type { ReadOptions, SourceEntry } from '../sources/source';
import type { OpenCase } from './open-case';
import type { Pause } from './pause';

/** Where the bytes of a capture that was read still are. */
interface OpenBytes {
  readonly bytes: RandomBytes;
  readonly diskPath: string | undefined;
}

const opened = new WeakMap<CaptureIndex, OpenBytes>();

/**
 * Streams a capture and keeps its index; single packets are read from the file again. Undefined for
 * what is no capture by its content, whatever its name says.
 * @throws SourceError when it cannot be read; the signal's reason when cancelled.
 */
export async function readCapture(
  entry: SourceEntry,
  path: string,
  options: ReadOptions,
  pause: Pause,
): Promise<CaptureIndex | undefined> {
  const bytes = await openEntry(entry, { signal: options.signal });
  try {
    if (captureFormat(await bytes.slice(0, 8)) === undefined) {
      await bytes.close();
      return undefined;
    }
    const reader = new CaptureReader();
    for await (const piece of bytes.chunks(0, bytes.size, options.signal)) {
      // A piece of some MB takes longer than a cancel may wait.
      for (let at = 0; at < piece.length; at += 1 << 20) {
        reader.push(piece.subarray(at, at + (1 << 20)));
        await pause.whenDue();
      }
      options.onBytes?.(piece.length);
    }
    const index = reader.end(path);
    opened.set(index, { bytes, diskPath: entry.diskPath });
    return index;
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** The captured bytes of a packet, at most `most`; as many as its file still has. */
export async function packetBytes(
  index: CaptureIndex,
  packet: number,
  most = 1 << 16,
): Promise<Uint8Array> {
  const { packets } = index;
  const start = packets.offset.at(packet);
  const length = Math.min(most, packets.captured.at(packet));
  return (await opened.get(index)?.bytes.slice(start, start + length)) ?? new Uint8Array(0);
}

/** Where a capture lies on the disk, for another program; null for one in an archive. */
export function capturePath(open: OpenCase, snapshotId: string, file: string): string | null {
  const snapshot = open.snapshots().find(({ id }) => id === snapshotId);
  const parsed = snapshot?.files.find((each) => each.file.path === file);
  const [index] = parsed === undefined ? [] : capturesOf(parsed);
  return (index && opened.get(index)?.diskPath) ?? null;
}

/** Closes the bytes of the captures among these files. */
export async function closeCaptures(files: readonly ParsedFile[]): Promise<void> {
  for (const index of files.flatMap(capturesOf)) await opened.get(index)?.bytes.close();
}

/** The captures that were read of a file. */
export function capturesOf(file: ParsedFile): CaptureIndex[] {
  return file.facts.flatMap((facts) =>
    facts.kind === 'captures'
      ? facts.items.flatMap(({ capture }) => (capture instanceof CaptureIndex ? [capture] : []))
      : [],
  );
}

/** A listed capture with what was read of it. */
export function withCapture(listed: ParsedFile, index: CaptureIndex): ParsedFile {
  return {
    ...listed,
    status: index.notes.length > 0 ? 'partial' : 'parsed',
    facts: [
      {
        kind: 'captures',
        items: [
          {
            file: index.file,
            format: index.format,
            bytes: index.bytes,
            evidence: index.evidence,
            capture: index,
          },
        ],
      },
    ],
    notes: index.notes.map((message) => ({ line: 1, endLine: 1, message, kind: 'skipped' })),
  };
}

/** The same file under another path; undefined when it is no capture that was read. */
export function captureUnder(parsed: ParsedFile, path: string): ParsedFile | undefined {
  const [index] = capturesOf(parsed);
  if (index === undefined) return undefined;
  const renamed = index.under(path);
  const bytes = opened.get(index);
  if (bytes !== undefined) opened.set(renamed, bytes);
  return withCapture({ ...parsed, file: { ...parsed.file, path } }, renamed);
}
