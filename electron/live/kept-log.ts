import { readFile } from 'node:fs/promises';
import type { ReceivedFile, ReceivedStream, ToLive } from '../../shared/ipc/live';
import type { FrameStore } from '../collect/frame-store';
import { report } from './collect-job';

type Keep = Extract<ToLive, { kind: 'keep' }>;

/** How many lines of the end of the one must be those of the other to join them there. */
const NEEDLE = 20;

/**
 * What was followed, as more lines of its log: the file of the collection with the lines that it does
 * not have yet. Gives the collection with that file, and its report.
 * @throws Error when the collection does not have the log any more
 */
export async function keepFollowed(
  { stream, file: path, location, name, at, from, to }: Keep,
  store: FrameStore,
): Promise<{ readonly stream: ReceivedStream; readonly report: ReceivedFile }> {
  const old = stream.files.find((file) => file.path === path);
  if (old === undefined) throw new Error('The log is not part of the collection any more.');
  const before = linesOf(await readFile(old.location, 'utf8'));
  const came = linesOf(await readFile(location, 'utf8'));
  const { lines, joined } = moreLines(before, came);
  const bytes = Buffer.from([...before, ...lines, ''].join('\n'));
  const stored = store.create();
  stored.write(bytes);
  stored.close();
  const span = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
  const file: ReceivedFile = {
    ...old,
    bytes: bytes.length,
    location: stored.location,
    kept: true,
    notes: [
      ...old.notes,
      `${lines.length} lines were followed later, from ${span}${joined ? '' : '; lines between may be missing'}`,
    ],
  };
  const files = stream.files.map((each) => (each === old ? file : each));
  const kept = { ...stream, files };
  return { stream: kept, report: report({ name, at }, kept, store) };
}

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/**
 * The lines of what came later that were not there before. They are joined where the last lines of
 * the one stand in the other; where they do not, more was written in between than came.
 */
export function moreLines(
  before: readonly string[],
  came: readonly string[],
): { readonly lines: readonly string[]; readonly joined: boolean } {
  for (let end = came.length; end > 0; end -= 1) {
    const length = Math.min(NEEDLE, end, before.length);
    const needle = before.slice(before.length - length);
    if (length > 0 && needle.every((line, at) => came[end - length + at] === line))
      return { lines: came.slice(end), joined: true };
  }
  return { lines: came, joined: before.length === 0 };
}
