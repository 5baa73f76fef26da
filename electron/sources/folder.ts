import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveKind } from './archive-kind';
import type { Budget } from './guards';
import type { Listing } from './listing';
import { collect, fileBytes, type RandomBytes } from './random-bytes';
import {
  reasonOf,
  SourceError,
  type ReadOptions,
  type Rejection,
  type SourceEntry,
} from './source';

/** A file of the disk as an entry. Opened when read, so that a busy or vanished file costs only itself. */
export function diskEntry(
  path: string,
  file: string,
  size: number,
  modifiedAt: number,
  follow = false,
): SourceEntry {
  return {
    path,
    size,
    modifiedAt,
    kind: archiveKind(path) === undefined ? 'file' : 'nested-archive',
    read: (options?: ReadOptions) => readDisk(file, follow, options),
    open: () => openDisk(file, follow),
    diskPath: file,
  };
}

function openDisk(file: string, follow: boolean): Promise<RandomBytes> {
  return fileBytes(file, follow).catch((error: unknown) => {
    throw new SourceError(reasonOf(error), { cause: error });
  });
}

async function readDisk(
  file: string,
  follow: boolean,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const bytes = await openDisk(file, follow);
  try {
    // A log may grow while it is read: what it held when opened is what counts.
    return await collect(bytes.chunks(0, bytes.size, options.signal), bytes.size, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof SourceError ? error : new SourceError(reasonOf(error), { cause: error });
  } finally {
    await bytes.close();
  }
}

function kindOfOther(stat: Awaited<ReturnType<typeof lstat>>): string {
  if (stat.isSymbolicLink()) return 'a symbolic link; links are not followed';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return 'a device';
}

/** All regular files below a folder, in byte order of their paths. Links, pipes and devices are refused, not followed. */
export async function listFolder(root: string, budget: Budget): Promise<Listing> {
  const entries: SourceEntry[] = [];
  const rejected: Rejection[] = [];
  let stopped = false;
  const visit = async (folder: string, prefix: string, depth: number): Promise<void> => {
    budget.step(prefix === '' ? root : prefix);
    const names = await readdir(folder).catch((error: unknown) => {
      rejected.push({ path: prefix === '' ? '.' : prefix.slice(0, -1), reason: reasonOf(error) });
      return [];
    });
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      if (stopped) return;
      await visitEntry(join(folder, name), prefix + name, depth);
    }
  };
  const visitEntry = async (file: string, path: string, depth: number): Promise<void> => {
    const stat = await lstat(file).catch((error: unknown) => {
      rejected.push({ path, reason: reasonOf(error) });
    });
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      if (depth >= budget.limits.depth) {
        rejected.push({ path, reason: `more than ${budget.limits.depth} folders deep` });
      } else await visit(file, `${path}/`, depth + 1);
    } else if (!stat.isFile()) rejected.push({ path, reason: kindOfOther(stat) });
    else if (Buffer.byteLength(path) > budget.limits.pathBytes) {
      rejected.push({ path, reason: `name longer than ${budget.limits.pathBytes} bytes` });
    } else {
      const admission = await budget.admit(path, stat.size);
      if (admission === 'yes') entries.push(diskEntry(path, file, stat.size, stat.mtimeMs));
      else if ('stop' in admission) {
        stopped = true;
        rejected.push({ path, reason: admission.stop });
      } else rejected.push({ path, reason: admission.reason });
    }
  };
  await visit(root, '', 1);
  return { entries, rejected, close: () => Promise.resolve() };
}
