import { readFile } from 'node:fs/promises';
import type { LiveSource } from '../../shared/ipc/analysis';
import type { ParsedFile } from '../../shared/parsers/parsed-file';
import { readEntries } from './load-case';
import { reasonOf, SourceError, type Rejection, type SourceEntry } from '../sources/source';

/** Reads files of live nodes; each is parsed once, however often its node has news. */
export class LiveFiles {
  readonly #parsed = new Map<string, ParsedFile | Rejection>();

  /** The files of a source, under paths as in a bundle. */
  async read(
    source: LiveSource,
    prefix: string,
    signal: AbortSignal,
  ): Promise<{ readonly files: readonly ParsedFile[]; readonly rejected: readonly Rejection[] }> {
    const keyOf = ({ path, location }: LiveSource['files'][number]): string =>
      `${location} ${prefix}${path}`;
    const wanted = source.files.filter((file) => !this.#parsed.has(keyOf(file)));
    const entries = wanted.map((file) => entryOf(file, source.stamp));
    const read = await readEntries(entries, prefix, { signal });
    wanted.forEach((file, at) => {
      const parsed = read[at];
      if (parsed !== undefined) this.#parsed.set(keyOf(file), parsed);
    });
    const all = source.files.flatMap((file) => this.#parsed.get(keyOf(file)) ?? []);
    const isRejection = (each: ParsedFile | Rejection): each is Rejection => 'reason' in each;
    return {
      files: all.filter((each): each is ParsedFile => !isRejection(each)),
      rejected: all.filter(isRejection),
    };
  }
}

function entryOf(file: LiveSource['files'][number], at: number): SourceEntry {
  return {
    path: file.path,
    size: file.bytes,
    modifiedAt: at,
    kind: 'file',
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
