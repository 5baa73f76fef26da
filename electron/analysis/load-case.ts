import { identifyCollector } from '../../shared/bundles/collectors';
import type { Progress } from '../../shared/ipc/case-schemas';
import { parseFile } from '../../shared/parsers/parse-file';
import type { ParsedFile } from '../../shared/parsers/parsed-file';
import type { NodeInput } from '../../shared/snapshot/assemble';
import { decode } from '../../shared/text/decode';
import { textFile } from '../../shared/text/text-file';
import { openNestedArchive, openSources, pastedSource } from '../sources/open-sources';
import { memoryBytes } from '../sources/random-bytes';
import { joinSingleFiles } from '../sources/single-files';
import {
  reasonOf,
  SourceError,
  type LargeQuestion,
  type Limits,
  type Rejection,
  type SourceEntry,
  type SourceNode,
} from '../sources/source';
import type { CaptureIndex } from '../../shared/capture/capture-index';
import { captureFormat } from '../../shared/capture/capture-reader';
import { closeCaptures, readCapture, withCapture } from './capture-files';
import { Pause } from './pause';

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Asked when a bundle passes the limits of the guards; no answer means no. */
  readonly confirmLarge?:
    ((question: { title: string; detail: string }) => Promise<boolean>) | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Text that was pasted, to be read instead of paths. */
  readonly pastedText?: string | undefined;
}

/** A source that was read: its parsed files, what was left out, and archives that wait to be opened. */
export interface LoadedCase {
  readonly inputs: readonly NodeInput[];
  readonly rejected: readonly Rejection[];
  readonly nestedArchives: readonly string[];
  /** Opens one of `nestedArchives` as a source of its own. */
  openNested(path: string, options: LoadOptions): Promise<LoadedNested>;
  close(): Promise<void>;
}

/** An archive inside a bundle, opened. */
export interface LoadedNested extends LoadedCase {
  /** Paths of the files of the collection it lay beside. */
  readonly beside: readonly string[];
}

/**
 * Opens paths and reads every file: bytes, decoded once, parsed. A file that cannot be read is
 * reported and the rest goes on.
 * @throws SourceError when nothing can be opened; the signal's reason when cancelled.
 */
export async function loadCase(
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedCase> {
  if (options.pastedText !== undefined) {
    const node = pastedSource('pasted.txt', options.pastedText, Date.now());
    const read = await readNodes(joinSingleFiles([node]), options);
    return { ...read, close: () => Promise.resolve() };
  }
  const opened = await openSources(paths, {
    signal: options.signal,
    limits: options.limits,
    onProgress: (p) =>
      options.onProgress?.({
        phase: 'listing',
        file: p.file,
        filesDone: 0,
        filesTotal: p.entries,
        bytesDone: 0,
        bytesTotal: p.bytes,
      }),
    confirmLarge: (question) => ask(question, options),
  });
  try {
    const read = await readNodes(joinSingleFiles(opened.nodes), options);
    return {
      ...read,
      close: async () => {
        await closeCaptures(read.inputs.flatMap(({ files }) => files));
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function ask(question: LargeQuestion, options: LoadOptions): Promise<boolean> {
  if (!options.confirmLarge) return false;
  const amount =
    question.what === 'entries'
      ? `${question.amount.toLocaleString('en-US')} files`
      : gibibytes(question.amount);
  const limit =
    question.what === 'entries'
      ? `${question.limit.toLocaleString('en-US')} files`
      : gibibytes(question.limit);
  return options.confirmLarge({
    title: 'This bundle is very large',
    detail: `${question.path} holds ${amount}; the limit is ${limit}. Going on may need much memory.`,
  });
}

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

async function readNodes(
  nodes: readonly SourceNode[],
  options: LoadOptions,
): Promise<Omit<LoadedCase, 'close'>> {
  const reader = new Reader(
    nodes.flatMap((node) => node.entries),
    options,
  );
  const inputs: NodeInput[] = [];
  const rejected: Rejection[] = [];
  const nested: { readonly entry: SourceEntry; readonly files: readonly ParsedFile[] }[] = [];
  const taken = new Set<string>();
  for (const node of nodes) {
    rejected.push(...node.rejected);
    const prefix = prefixFor(node, taken);
    const files: ParsedFile[] = [];
    for (const entry of node.entries) {
      if (entry.kind === 'nested-archive') {
        nested.push({ entry, files });
        continue;
      }
      const parsed = await reader.read(entry, prefix + entry.path);
      if ('reason' in parsed) rejected.push(parsed);
      else files.push(parsed);
    }
    for (const file of files) taken.add(file.file.path);
    inputs.push({
      name: node.name,
      scope: node.scope,
      stamp: node.stamp,
      files,
      pathPrefix: prefix,
    });
  }
  return {
    inputs,
    rejected,
    nestedArchives: nested.map(({ entry }) => entry.path),
    openNested: async (path, nestedOptions) => {
      const held = nested.find(({ entry }) => entry.path === path);
      if (!held) throw new SourceError(`${path} is not in what was opened`);
      const node = await openNestedArchive(held.entry, { signal: nestedOptions.signal });
      const read = await readNodes([node], nestedOptions);
      return {
        ...read,
        beside: held.files.map(({ file }) => file.path),
        close: () => Promise.resolve(),
      };
    },
  };
}

/** Reads files that are in hand, in their order, under paths with the prefix. */
export async function readEntries(
  entries: readonly SourceEntry[],
  prefix: string,
  options: LoadOptions,
): Promise<readonly (ParsedFile | Rejection)[]> {
  const reader = new Reader(entries, options);
  const read: (ParsedFile | Rejection)[] = [];
  for (const entry of entries) read.push(await reader.read(entry, prefix + entry.path));
  return read;
}

/** Two nodes often hold files of the same names: a path must tell which is meant. */
function prefixFor(node: SourceNode, taken: ReadonlySet<string>): string {
  if (!node.entries.some((e) => taken.has(e.path))) return '';
  for (let n = 1; ; n += 1) {
    const prefix = n === 1 ? `${node.name}/` : `${node.name} (${n})/`;
    if (!node.entries.some((e) => taken.has(prefix + e.path))) return prefix;
  }
}

/** Reads entries one after another and tells how far it is. */
class Reader {
  #filesDone = 0;
  #bytesDone = 0;
  readonly #filesTotal: number;
  readonly #bytesTotal: number;
  readonly #pause: Pause;

  constructor(
    entries: readonly SourceEntry[],
    private readonly options: LoadOptions,
  ) {
    const files = entries.filter((e) => e.kind === 'file');
    this.#filesTotal = files.length;
    this.#bytesTotal = files.reduce((sum, e) => sum + e.size, 0);
    this.#pause = new Pause(options.signal);
  }

  async read(entry: SourceEntry, path: string): Promise<ParsedFile | Rejection> {
    const started = this.#bytesDone;
    this.#tell('reading', path);
    try {
      if (NOT_READ.test(path)) {
        const capture = CAPTURE.test(path) ? await this.#capture(entry, path) : undefined;
        if (capture !== undefined) return withCapture(listed(entry, path), capture);
        if (entry.size > 4096) return listed(entry, path);
      }
      const raw = await entry.read({
        signal: this.options.signal,
        onBytes: (bytes) => {
          this.#bytesDone += bytes;
          this.#tell('reading', path);
        },
      });
      await this.#pause.whenDue();
      this.#tell('parsing', path);
      const { bytes, encoding, notes } = decode(raw, path);
      const file = textFile(path, bytes, {
        encoding,
        decodingNotes: notes,
        originalBytes: raw.length,
        modifiedAt: entry.modifiedAt,
      });
      await this.#pause.whenDue();
      const parsed = parseFile(file);
      // A capture may have any name.
      if (captureFormat(raw) === undefined) return parsed;
      const held = {
        ...entry,
        open: () => Promise.resolve(memoryBytes(raw, entry.modifiedAt)),
      };
      const capture = await readCapture(held, path, this.options, this.#pause);
      return capture === undefined ? parsed : withCapture(parsed, capture);
    } catch (error) {
      this.options.signal.throwIfAborted();
      return { path, reason: reasonOf(error) };
    } finally {
      this.#filesDone += 1;
      this.#bytesDone = started + entry.size;
      await this.#pause.whenDue();
    }
  }

  #capture(entry: SourceEntry, path: string): Promise<CaptureIndex | undefined> {
    const onBytes = (bytes: number): void => {
      this.#bytesDone += bytes;
      this.#tell('reading', path);
    };
    return readCapture(entry, path, { signal: this.options.signal, onBytes }, this.#pause);
  }

  #tell(phase: 'reading' | 'parsing', file: string): void {
    this.options.onProgress?.({
      phase,
      file,
      filesDone: this.#filesDone,
      filesTotal: this.#filesTotal,
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    });
  }
}

/** Binary formats that are listed with their size; of these, captures are streamed to an index. */
const CAPTURE = /\.(pcap|pcapng|cap)$/i;
const NOT_READ = /\.(evtx|etl|cab|pcap|pcapng|cap|dmp|mdmp|exe|dll|sys|7z|rar|vhdx?|iso)$/i;

function listed(entry: SourceEntry, path: string): ParsedFile {
  const file = textFile(path, new Uint8Array(0), {
    encoding: 'binary',
    originalBytes: entry.size,
    modifiedAt: entry.modifiedAt,
    decodingNotes: [{ line: 1, message: `not text: listed, not read, ${entry.size} bytes` }],
  });
  return parseFile(file);
}

/** Which collector made the files of a node, in words. */
export function collectorText(files: readonly ParsedFile[]): string {
  return identifyCollector(files.map((f) => f.file)).title;
}
