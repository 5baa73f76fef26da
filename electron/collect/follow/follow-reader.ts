/** How the script says that it has ended. */
export type FollowEnd = 'time' | 'ended';

export interface FollowEvents {
  readonly onLine: (text: string) => void;
}

const MARK = '@@WB1 ';
/** A line of a log is cut after this many bytes: one that never ends must not fill the memory. */
const LINE_BYTES = 64 * 1024;
/** What one line of the format may hold. */
const RAW_BYTES = 1 << 16;

/** Reads what follow-log.ps1 prints. What is between its lines (banners, profiles) is ignored. */
export class FollowReader {
  #rest = '';
  #parts: string[] = [];
  #length = 0;
  /** Undefined until the script has said how it runs. */
  languageMode: string | undefined;
  ended: FollowEnd | undefined;
  readonly notes: string[] = [];

  constructor(private readonly events: FollowEvents) {}

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-RAW_BYTES);
    for (const line of lines) this.#take(line.trim());
  }

  #take(line: string): void {
    const at = line.indexOf(MARK);
    if (at === -1) return;
    const [word, value = '', mode] = line.slice(at + MARK.length).split(' ');
    switch (word) {
      case 'HELLO':
        this.languageMode = mode;
        return;
      case 'PART':
        if (this.#length < LINE_BYTES * 2) this.#parts.push(value);
        this.#length += value.length;
        return;
      case 'LINE':
        return this.events.onLine(this.#whole(value));
      case 'NOTE':
        this.notes.push(this.#whole(value).replace(/\s+/g, ' ').slice(0, 500));
        return;
      case 'DONE':
        this.ended = value === 'time' ? 'time' : 'ended';
        return;
      default:
        // ALIVE says nothing more, and what is not known nothing at all.
        return;
    }
  }

  #whole(last: string): string {
    const bytes = Buffer.from([...this.#parts, last].join(''), 'base64');
    this.#parts = [];
    this.#length = 0;
    const text = bytes
      .subarray(0, LINE_BYTES)
      .toString('utf8')
      .replace(/[\r\n]+/g, ' ');
    return bytes.length > LINE_BYTES ? `${text} …` : text;
  }
}
