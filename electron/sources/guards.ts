import type { LargeQuestion, Limits, SourceOptions } from './source';
import { DEFAULT_LIMITS } from './source';

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

export type PathCheck = { readonly path: string } | { readonly reason: string };

/**
 * Checks the name of an archive entry. Backslashes count as separators (older .NET zips). Names that a
 * file system would take elsewhere are refused though nothing is ever written to them: the same name
 * stands in reports, and a bundle that holds it is not one a collector made.
 */
export function checkEntryPath(name: string, limits: Limits = DEFAULT_LIMITS): PathCheck {
  const path = name.replaceAll('\\', '/');
  if (Buffer.byteLength(path) > limits.pathBytes)
    return { reason: `name longer than ${limits.pathBytes} bytes` };
  if (path.includes('\0')) return { reason: 'name holds a NUL' };
  if (/[\x01-\x1f\x7f]/.test(path)) return { reason: 'name holds control characters' };
  if (path.startsWith('//')) return { reason: 'name is a network path' };
  if (path.startsWith('/')) return { reason: 'name is an absolute path' };
  if (/^[a-z]:/i.test(path)) return { reason: 'name holds a drive letter' };
  if (path.includes(':')) return { reason: 'name holds a colon (drive or stream)' };
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0) return { reason: 'name is empty' };
  if (segments.length > limits.depth) return { reason: `more than ${limits.depth} folders deep` };
  for (const segment of segments) {
    if (segment === '..') return { reason: 'name leads out of the archive (..)' };
    if (/[. ]$/.test(segment)) return { reason: 'name ends in a dot or a blank' };
    if (DEVICE.test(segment)) return { reason: `name is reserved for a device (${segment})` };
  }
  return { path: segments.join('/') };
}

/** Names of one archive: says no to a second entry of a name, also in other case. */
export class NameRegister {
  private readonly seen = new Map<string, string>();

  /** Undefined when the name is new, else why it is refused. */
  refuse(path: string): string | undefined {
    const key = path.normalize('NFC').toLowerCase();
    const before = this.seen.get(key);
    if (before === undefined) {
      this.seen.set(key, path);
      return undefined;
    }
    return before === path
      ? 'a second entry of this name; the first is used'
      : `differs from ${before} only in case`;
  }
}

/** No file may be as large as this, whatever the user says: lines are indexed by 32 bits. */
const LARGEST_FILE = 0xfffffff0;

export type Admission = 'yes' | { readonly reason: string } | { readonly stop: string };

/** Counts entries and bytes of everything opened together, and asks before it goes over a limit. */
export class Budget {
  readonly limits: Limits;
  entries = 0;
  bytes = 0;
  private readonly answers = new Map<LargeQuestion['what'], Promise<boolean>>();

  constructor(private readonly options: SourceOptions = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  private agreed(question: LargeQuestion): Promise<boolean> {
    const known = this.answers.get(question.what);
    if (known !== undefined) return known;
    const answer = this.options.confirmLarge?.(question) ?? Promise.resolve(false);
    this.answers.set(question.what, answer);
    return answer;
  }

  /** May an entry of this size be taken? `stop` means: nor any after it. */
  async admit(path: string, size: number): Promise<Admission> {
    const { entries, entryBytes, totalBytes } = this.limits;
    if (
      this.entries + 1 > entries &&
      !(await this.agreed({ what: 'entries', path, amount: this.entries + 1, limit: entries }))
    ) {
      return { stop: `more than ${entries} files; from here on none is read` };
    }
    if (size > LARGEST_FILE)
      return { reason: `${size} bytes: files of 4 GiB and more cannot be read` };
    if (
      size > entryBytes &&
      !(await this.agreed({ what: 'entry', path, amount: size, limit: entryBytes }))
    ) {
      return { reason: `${size} bytes, more than the limit of ${entryBytes} for one file` };
    }
    const total = this.bytes + size;
    if (
      total > totalBytes &&
      !(await this.agreed({ what: 'total', path, amount: total, limit: totalBytes }))
    ) {
      return { reason: `with it more than ${totalBytes} bytes in all` };
    }
    this.entries += 1;
    this.bytes = total;
    return 'yes';
  }

  /** Tells the listener how far listing came; throws the signal's reason when cancelled. */
  step(file: string): void {
    this.options.signal?.throwIfAborted();
    this.options.onProgress?.({ file, entries: this.entries, bytes: this.bytes });
  }
}
