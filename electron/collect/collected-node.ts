import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { SourceError, reasonOf, type SourceEntry, type SourceNode } from '../sources/source';
import { collectionReport, REPORT_FILE } from './collection-report';
import type { CollectedFile, FrameStream } from './frame-reader';

/** A file that was collected; large ones are best read as a stream. */
export interface CollectedEntry extends SourceEntry {
  stream(): Readable;
}

/** What was collected from a node, in the shape of an opened bundle. */
export interface CollectedNode extends SourceNode {
  readonly entries: readonly CollectedEntry[];
}

/**
 * A node of what came. File names are those of collectlogs.ps1, so nothing after this can tell it
 * from a bundle. What is not there on the node gives no file: a check then says that its evidence
 * is missing, where an empty file would say that there is nothing.
 * @param at time of collection, milliseconds UTC: when it began, where it ran just now
 * @param endedAt when it ended, where it ran just now; without it no section has a time of its own
 */
export function collectedNode(
  name: string,
  at: number,
  stream: FrameStream,
  endedAt?: number,
): CollectedNode {
  const kept = stream.files.filter(hasContent);
  const report = Buffer.from(collectionReport(name, { at, endedAt }, stream));
  return {
    name,
    kind: 'folder',
    opened: name,
    scope: 'node',
    stamp: at,
    entries: [...kept.map((file) => storedEntry(file, at)), memoryEntry(REPORT_FILE, report, at)],
    rejected: stream.files
      .filter((file) => file.state === 'refused')
      .map((file) => ({ path: file.section, reason: file.notes.join('; ') })),
  };
}

/** Whether a file tells something: one that is empty for want of its subject is none of a bundle. */
export function hasContent(file: Pick<CollectedFile, 'state' | 'bytes'>): boolean {
  switch (file.state) {
    case 'ok':
      return true;
    case 'refused':
      return false;
    default:
      return file.bytes > 0;
  }
}

function storedEntry(file: CollectedFile, at: number): CollectedEntry {
  return {
    path: file.path,
    size: file.bytes,
    modifiedAt: at,
    kind: 'file',
    stream: () => createReadStream(file.location),
    read: async (options) => {
      const bytes = await readFile(file.location, { signal: options?.signal }).catch(
        (error: unknown) => {
          options?.signal?.throwIfAborted();
          throw new SourceError(`${file.path} ${reasonOf(error)}`);
        },
      );
      options?.onBytes?.(bytes.length);
      return bytes;
    },
  };
}

function memoryEntry(path: string, bytes: Buffer, at: number): CollectedEntry {
  return {
    path,
    size: bytes.length,
    modifiedAt: at,
    kind: 'file',
    stream: () => Readable.from([bytes]),
    read: () => Promise.resolve(bytes),
  };
}
