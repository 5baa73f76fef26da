import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { reasonOf, SourceError } from '../sources/source';
import type { CollectedNode } from './collected-node';

/**
 * Writes a collected node as a zip that opens like any bundle, with the same findings. The file
 * appears under its name when it is whole.
 * @throws SourceError when it cannot be written.
 */
export async function writeBundle(node: CollectedNode, file: string): Promise<void> {
  const zip = new ZipFile();
  for (const entry of node.entries) {
    const mtime = new Date(entry.modifiedAt ?? 0);
    zip.addReadStreamLazy(entry.path, { mtime, size: entry.size }, (ready) =>
      ready(undefined, entry.stream()),
    );
  }
  zip.end();
  const unfinished = `${file}.part`;
  try {
    const failed = new Promise<never>((_, reject) => {
      zip.once('error', reject);
    });
    await Promise.race([
      pipeline(Readable.from(zip.outputStream), createWriteStream(unfinished)),
      failed,
    ]);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new SourceError(`${file} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}
