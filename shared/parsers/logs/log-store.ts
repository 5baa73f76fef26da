import type { Evidence } from '../../model/evidence';
import type { LogComponent, LogEntry, LogFile, LogLevel } from '../../model/logs';
import type { TextFile } from '../../text/text-file';

const LEVELS = ['unknown', 'debug', 'info', 'warning', 'error', 'fatal'] as const;

export type Clock = LogFile['clock'];

/** What stands in the header and flag dump of a log, beside its entries. */
export interface LogAbout {
  readonly file: TextFile;
  readonly component: LogComponent;
  readonly format: string;
  readonly clock: Clock;
  readonly yearGuessed: boolean;
  readonly flags: LogFile['flags'];
  readonly machine: string | undefined;
}

/**
 * Collects the entries of one log into typed columns: 17 bytes an entry, whatever its text.
 * A busy node's kubelet log has millions of lines, so no object is kept per entry.
 */
export class LogColumns {
  private count = 0;
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);
  private levels = new Uint8Array(1024);
  private times = new Float64Array(1024);

  get length(): number {
    return this.count;
  }

  /** Adds an entry that begins (and so far ends) on a line. NaN is "no time". */
  add(line: number, level: LogLevel, time: number): void {
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = line;
    this.ends[this.count] = line;
    this.levels[this.count] = LEVELS.indexOf(level);
    this.times[this.count] = time;
    this.count += 1;
  }

  /** The last entry goes on to this line. */
  extend(line: number): void {
    if (this.count > 0) this.ends[this.count - 1] = line;
  }

  /** Rewrites every time that is there, in order. */
  mapTimes(convert: (time: number) => number): void {
    for (let i = 0; i < this.count; i += 1) {
      const time = this.times[i] ?? NaN;
      if (!Number.isNaN(time)) this.times[i] = convert(time);
    }
  }

  private grow(): void {
    const size = this.starts.length * 2;
    const starts = new Uint32Array(size);
    starts.set(this.starts);
    this.starts = starts;
    const ends = new Uint32Array(size);
    ends.set(this.ends);
    this.ends = ends;
    const levels = new Uint8Array(size);
    levels.set(this.levels);
    this.levels = levels;
    const times = new Float64Array(size);
    times.set(this.times);
    this.times = times;
  }

  /** The finished log. The columns are trimmed; nothing may be added afterwards. */
  finish(about: LogAbout): LogFile {
    const count = this.count;
    return new StoredLog(about, {
      starts: this.starts.slice(0, count),
      ends: this.ends.slice(0, count),
      levels: this.levels.slice(0, count),
      times: this.times.slice(0, count),
    });
  }
}

interface Columns {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly levels: Uint8Array;
  readonly times: Float64Array;
}

class StoredLog implements LogFile {
  readonly file: string;
  readonly component: LogComponent;
  readonly format: string;
  readonly entryCount: number;
  readonly clock: Clock;
  readonly yearGuessed: boolean;
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  readonly counts: Readonly<Record<LogLevel, number>>;
  readonly flags: LogFile['flags'];
  readonly machine: string | undefined;
  private readonly source: TextFile;
  private readonly columns: Columns;

  constructor(about: LogAbout, columns: Columns) {
    this.source = about.file;
    this.columns = columns;
    this.file = about.file.path;
    this.component = about.component;
    this.format = about.format;
    this.clock = about.clock;
    this.yearGuessed = about.yearGuessed;
    this.flags = about.flags;
    this.machine = about.machine;
    this.entryCount = columns.starts.length;
    const counts = { unknown: 0, debug: 0, info: 0, warning: 0, error: 0, fatal: 0 };
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < this.entryCount; i += 1) {
      counts[this.level(i)] += 1;
      const time = columns.times[i] ?? NaN;
      if (time < first) first = time;
      if (time > last) last = time;
    }
    this.counts = counts;
    this.firstTime = first === Infinity ? undefined : first;
    this.lastTime = last === -Infinity ? undefined : last;
  }

  level(index: number): LogLevel {
    return LEVELS[this.columns.levels[index] ?? 0] ?? 'unknown';
  }

  time(index: number): number | undefined {
    const time = this.columns.times[index];
    return time === undefined || Number.isNaN(time) ? undefined : time;
  }

  entry(index: number): LogEntry {
    const line = this.columns.starts[index] ?? 0;
    const endLine = this.columns.ends[index] ?? 0;
    const evidence: Evidence = { file: this.file, line, endLine };
    const text = this.source.text(line, endLine);
    return { index, level: this.level(index), time: this.time(index), text, evidence };
  }

  find(fragment: string, limit = Infinity): readonly number[] {
    const needle = foldedBytes(fragment);
    const found: number[] = [];
    if (needle.length === 0 || this.entryCount === 0) return found;
    const end = this.source.offset((this.columns.ends[this.entryCount - 1] ?? 0) + 1);
    let from = this.source.offset(this.columns.starts[0] ?? 1);
    while (found.length < limit) {
      const at = indexOfFolded(this.source.bytes, needle, from, end);
      if (at === -1) break;
      const line = this.source.lineAt(at);
      const index = this.entryAt(line);
      if (index === undefined) {
        from = this.source.offset(line + 1);
        continue;
      }
      found.push(index);
      from = this.source.offset((this.columns.ends[index] ?? line) + 1);
    }
    return found;
  }

  /** The entry that holds a line; undefined in gaps that belong to other outputs of the file. */
  private entryAt(line: number): number | undefined {
    let low = 0;
    let high = this.entryCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.columns.starts[middle] ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    const start = this.columns.starts[low] ?? 0;
    return start <= line && line <= (this.columns.ends[low] ?? 0) ? low : undefined;
  }
}

/** ASCII letters to lower case; other bytes as they are (the text is UTF-8). */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);

function foldedBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text).map((byte) => FOLD[byte] ?? byte);
}

/** Horspool search of a folded needle in bytes[from, end); -1 when it is not there. */
function indexOfFolded(bytes: Uint8Array, needle: Uint8Array, from: number, end: number): number {
  const last = needle.length - 1;
  const skip = new Uint32Array(256).fill(needle.length);
  for (let i = 0; i < last; i += 1) skip[needle[i] ?? 0] = last - i;
  let at = from;
  while (at + last < end) {
    const tail = FOLD[bytes[at + last] ?? 0] ?? 0;
    let i = last;
    while (i >= 0 && (FOLD[bytes[at + i] ?? 0] ?? 0) === needle[i]) i -= 1;
    if (i < 0) return at;
    at += skip[tail] ?? 1;
  }
  return -1;
}
