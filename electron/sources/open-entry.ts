import { memoryBytes, type RandomBytes } from './random-bytes';
import type { ReadOptions, SourceEntry } from './source';

/**
 * Opens an entry to be read from any place: a capture of hundreds of MB is streamed, and single
 * packets of it are read again later. The caller closes it.
 * @throws SourceError when it cannot be read whole; the signal's reason when cancelled.
 */
export async function openEntry(entry: SourceEntry, options?: ReadOptions): Promise<RandomBytes> {
  if (entry.open !== undefined) return entry.open(options);
  return memoryBytes(await entry.read(options), entry.modifiedAt);
}
