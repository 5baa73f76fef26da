import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handleBytes, type RandomBytes } from './random-bytes';
import { SourceError, type ReadOptions } from './source';

/**
 * Writes pieces to a private temporary file, to be read from any place. The file has no name any
 * more once it is open, so nothing is left behind however the process ends; where a system does not
 * allow that, it goes when closed. More bytes than expected are refused.
 */
export async function spool(
  pieces: AsyncIterable<Uint8Array>,
  expected: number,
  { signal, onBytes }: ReadOptions = {},
): Promise<RandomBytes> {
  const folder = await mkdtemp(join(tmpdir(), 'hns-workbench-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(folder, 'capture'), 'wx+', 0o600);
    await remove().catch(() => undefined);
    let written = 0;
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      if (written + piece.length > expected)
        throw new SourceError('holds more data than its header declares');
      await handle.write(piece, 0, piece.length, written);
      written += piece.length;
      onBytes?.(piece.length);
    }
    const bytes = handleBytes(handle, written, undefined);
    return {
      ...bytes,
      close: async () => {
        await bytes.close();
        await remove();
      },
    };
  } catch (error) {
    await handle?.close();
    await remove();
    throw error;
  }
}
