import type { RandomBytes } from './random-bytes';

/** A file of a source: where it stands in it, and how to get its bytes. */
export interface SourceEntry {
  /** Relative to what was opened, with `/`; `outer.zip!/inner` inside an archive. */
  readonly path: string;
  /** Bytes as the source declares them. */
  readonly size: number;
  /** Milliseconds UTC, where the source keeps a time. */
  readonly modifiedAt: number | undefined;
  /** Archives inside a source are listed and not opened by themselves. */
  readonly kind: 'file' | 'nested-archive';
  /**
   * The bytes, in memory. `onBytes` hears of each piece read.
   * @throws SourceError when the file cannot be read whole; the signal's reason when cancelled.
   */
  read(options?: ReadOptions): Promise<Uint8Array>;
  /** The same without holding them all, where the source can; see `openEntry`. */
  open?(options?: ReadOptions): Promise<RandomBytes>;
  /** Where it lies on the disk as it is, for another program to open. */
  readonly diskPath?: string | undefined;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** A file that was left out, and why. */
export interface Rejection {
  readonly path: string;
  readonly reason: string;
}

export type SourceKind = 'folder' | 'zip' | 'tar' | 'tar.gz' | 'file' | 'pasted';

/** The files of one collection: one node at one time, or evidence that lay beside several nodes. */
export interface SourceNode {
  /** Folder or archive the files came from; a host name where the archive's name holds one. */
  readonly name: string;
  readonly kind: SourceKind;
  /** Base name of the folder that was opened; of the folder around a file or archive. */
  readonly opened: string;
  readonly scope: 'node' | 'cluster';
  /** Time of collection that a file prefix or archive name states, milliseconds UTC. */
  readonly stamp: number | undefined;
  readonly entries: readonly SourceEntry[];
  readonly rejected: readonly Rejection[];
}

/** What was opened. Bytes are read on demand, so it stays open until closed. */
export interface OpenedSources {
  readonly nodes: readonly SourceNode[];
  close(): Promise<void>;
}

export interface Limits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  readonly depth: number;
  readonly pathBytes: number;
}

/** Beyond these the user is asked (entries, bytes) or the entry is refused (depth, path). */
export const DEFAULT_LIMITS: Limits = {
  entries: 20_000,
  entryBytes: 2 * 1024 ** 3,
  totalBytes: 2 * 1024 ** 3,
  depth: 32,
  pathBytes: 1024,
};

export interface SourceProgress {
  /** File or archive that is being listed. */
  readonly file: string;
  readonly entries: number;
  readonly bytes: number;
}

/** A source is larger than the limits; may it be read all the same? */
export interface LargeQuestion {
  readonly what: 'entries' | 'entry' | 'total';
  readonly path: string;
  readonly amount: number;
  readonly limit: number;
}

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SourceProgress) => void) | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Asked at most once a kind; no answer means no. */
  readonly confirmLarge?: ((question: LargeQuestion) => Promise<boolean>) | undefined;
}

/** Something that cannot be opened or read, in words for the user. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** Words for what the file system or an archive library threw. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read (permission denied)';
    case 'EBUSY':
      return 'is locked by another program';
    case 'EISDIR':
      return 'is a folder';
    case 'ELOOP':
      return 'is a symbolic link';
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return `its compressed data is damaged or cut off (${error.message})`;
    default:
      return error.message;
  }
}
