import { checkEntryPath, NameRegister } from '../sources/guards';
import { FramePayload } from './frame-payload';
import type { FrameStore } from './frame-store';

/** How a file of the node came over: as the collector said, or what became of it on the way. */
export type FrameState =
  'ok' | 'missing' | 'error' | 'timeout' | 'truncated' | 'damaged' | 'cut off' | 'refused';

export interface CollectedFile {
  readonly section: string;
  /** Relative path in the bundle, judged like a name in an archive. */
  readonly path: string;
  readonly state: FrameState;
  readonly bytes: number;
  readonly milliseconds: number | undefined;
  readonly notes: readonly string[];
  /** Where its bytes are. */
  readonly location: string;
}

/** Sections that were read once more, on their own: between which moments, milliseconds UTC. */
export interface ReadAgain {
  readonly from: number;
  readonly to: number;
  readonly sections: readonly string[];
}

/** What a stream of frames held. */
export interface FrameStream {
  readonly languageMode: string | undefined;
  readonly files: readonly CollectedFile[];
  /** The collector said that it is done, and as many frames came as it counted. */
  readonly complete: boolean;
  readonly notes: readonly string[];
  /** Of which files were read later than the others. */
  readonly readAgain?: readonly ReadAgain[] | undefined;
}

export interface FrameLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly files: number;
}

/** A node is not trusted with more than this. */
export const FRAME_LIMITS: FrameLimits = {
  fileBytes: 512 * 1024 ** 2,
  totalBytes: 2 * 1024 ** 3,
  files: 20_000,
};

export interface FrameEvents {
  readonly onBegin?: ((section: string) => void) | undefined;
  readonly onFile?: ((file: CollectedFile) => void) | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

interface OpenFrame {
  readonly number: number;
  readonly section: string;
  readonly plain: boolean;
  readonly payload: FramePayload;
  readonly notes: string[];
  readonly words: Map<'FILE' | 'NOTE', string>;
  path: string;
  /** Word that MORE continues. */
  last: 'FILE' | 'NOTE' | undefined;
  hash: string | undefined;
  packed: string;
  noise: number;
}

const MARK = '@@WB1 ';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const BATCH = 1 << 16;
/** A line longer than this is no line of the format; plain sections are cut into pieces instead. */
const LINE = 1 << 20;
const STATES: readonly string[] = ['ok', 'missing', 'error', 'timeout', 'truncated'];

/**
 * Reads what the collector prints (docs/collector.md has the grammar). Bytes in, files out: each is
 * checked against its length and hash. What is between frames is noise (banners, profiles) and
 * ignored; a frame that breaks off is kept as far as it goes, and said to be so.
 */
export class FrameReader {
  #rest = Buffer.alloc(0);
  #frame: OpenFrame | undefined;
  #languageMode: string | undefined;
  #done: number | undefined;
  #begun = 0;
  #total = 0;
  readonly #files: CollectedFile[] = [];
  readonly #notes: string[] = [];
  readonly #names = new NameRegister();

  constructor(
    private readonly store: FrameStore,
    private readonly events: FrameEvents = {},
    private readonly limits: FrameLimits = FRAME_LIMITS,
  ) {}

  /** Takes the next bytes of the stream; resolves when they are dealt with. */
  async push(bytes: Uint8Array): Promise<void> {
    this.events.onBytes?.(bytes.length);
    let data = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10)) {
      await this.#line(data.subarray(0, end));
      data = data.subarray(end + 1);
    }
    if (data.length > LINE) {
      await this.#line(data);
      data = Buffer.alloc(0);
    }
    this.#rest = Buffer.from(data);
  }

  /** The stream has ended, by itself or because the connection was lost. */
  async end(): Promise<FrameStream> {
    if (this.#rest.length > 0) await this.#line(this.#rest);
    this.#rest = Buffer.alloc(0);
    if (this.#frame !== undefined) await this.#close(undefined, 'cut off');
    if (this.#done === undefined)
      this.#notes.push('The collector did not say that it is done: what follows is missing.');
    else if (this.#done !== this.#begun)
      this.#notes.push(`The collector wrote ${this.#done} files, ${this.#begun} came.`);
    return {
      languageMode: this.#languageMode,
      files: this.#files,
      complete: this.#done !== undefined && this.#done === this.#begun,
      notes: this.#notes,
    };
  }

  async #line(raw: Buffer): Promise<void> {
    const bytes = raw.at(-1) === 13 ? raw.subarray(0, -1) : raw;
    const frame = this.#frame;
    if (frame?.plain === true && bytes[0] === 0x7c) {
      frame.payload.addPlain(Buffer.concat([bytes.subarray(1), Buffer.from('\n')]));
      return;
    }
    const text = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimEnd();
    const at = text.indexOf(MARK);
    if (at !== -1 && !BASE64.test(text)) return this.#word(text.slice(at + MARK.length).split(' '));
    if (frame === undefined || text === '') return;
    if (frame.plain || !BASE64.test(text) || text.length % 4 !== 0) {
      frame.noise += 1;
      return;
    }
    frame.packed += text;
    if (frame.packed.length >= BATCH || text.endsWith('=')) await this.#unpack(frame);
  }

  async #word([word = '', ...rest]: readonly string[]): Promise<void> {
    const frame = this.#frame;
    switch (word) {
      case 'HELLO':
        this.#languageMode = rest[1];
        return;
      case 'BEGIN':
        if (frame !== undefined) await this.#close(undefined, 'cut off');
        return this.#begin(Number(rest[0]), rest[1] ?? '', rest[2] === 'plain');
      case 'DONE':
        if (frame !== undefined) await this.#close(undefined, 'cut off');
        this.#done = Number(rest[0]);
        return;
    }
    if (frame === undefined) return;
    switch (word) {
      case 'FILE':
      case 'NOTE':
        flush(frame);
        frame.words.set(word, rest[0] ?? '');
        frame.last = word;
        return;
      case 'MORE':
        if (frame.last !== undefined)
          frame.words.set(frame.last, `${frame.words.get(frame.last) ?? ''}${rest[0] ?? ''}`);
        return;
      case 'FILETEXT':
        frame.path = rest.join(' ');
        return;
      case 'NOTETEXT':
        frame.notes.push(rest.join(' '));
        return;
      case 'HASH':
        frame.hash = rest[0]?.toLowerCase();
        return;
      case 'END':
        return this.#end(frame, rest);
      default:
        frame.noise += 1;
    }
  }

  #begin(number: number, section: string, plain: boolean): void {
    this.#begun += 1;
    const limit = Math.max(
      0,
      Math.min(this.limits.fileBytes, this.limits.totalBytes - this.#total),
    );
    this.#frame = {
      number,
      section,
      plain,
      payload: new FramePayload(this.store, limit),
      notes: [],
      words: new Map(),
      path: '',
      last: undefined,
      hash: undefined,
      packed: '',
      noise: 0,
    };
    this.events.onBegin?.(section);
  }

  async #end(frame: OpenFrame, [number, bytes, ms, state = '']: readonly string[]): Promise<void> {
    const own = Number(number) === frame.number;
    if (!own) frame.notes.push(`ends with the number of frame ${number ?? ''}`);
    const told = own && STATES.includes(state) ? (state as FrameState) : 'damaged';
    await this.#close(Number(ms), told, bytes === '-' ? undefined : Number(bytes));
  }

  async #close(ms: number | undefined, told: FrameState, expected?: number): Promise<void> {
    const frame = this.#frame;
    if (frame === undefined) return;
    this.#frame = undefined;
    flush(frame);
    await this.#unpack(frame);
    const hash = await frame.payload.end();
    const { bytes, failure, location } = frame.payload;
    this.#total += bytes;
    const notes = [...frame.notes];
    let state = told;
    if (failure !== undefined) {
      notes.push(failure);
      state = failure.startsWith('cut') ? 'truncated' : 'damaged';
    } else if (told === 'cut off') {
      notes.push('the stream broke off before its end');
    } else if (!frame.plain && (expected !== bytes || frame.hash !== hash)) {
      notes.push(
        expected === bytes
          ? 'its hash is not the one the node gave'
          : `${bytes} bytes came of ${expected ?? 'an unknown number'}`,
      );
      state = 'damaged';
    }
    if (frame.noise > 0) notes.push(`${frame.noise} lines in it are none of the collector's`);
    const file = this.#named(frame, { state, bytes, notes, location, milliseconds: ms });
    this.#files.push(file);
    this.events.onFile?.(file);
  }

  #named(frame: OpenFrame, facts: Omit<CollectedFile, 'section' | 'path'>): CollectedFile {
    const section = frame.section.replace(/[^\w-]/g, '?').slice(0, 60);
    const refused = (reason: string): CollectedFile => ({
      ...facts,
      section,
      path: '',
      state: 'refused',
      notes: [...facts.notes, reason],
    });
    if (this.#files.length >= this.limits.files) return refused('more files than the limit');
    const checked = checkEntryPath(frame.path);
    if ('reason' in checked) return refused(`refused: ${checked.reason}`);
    const clash = this.#names.refuse(checked.path);
    if (clash !== undefined) return refused(`refused: ${clash}`);
    return { ...facts, section, path: checked.path };
  }

  async #unpack(frame: OpenFrame): Promise<void> {
    if (frame.packed === '') return;
    const bytes = Buffer.from(frame.packed, 'base64');
    frame.packed = '';
    await frame.payload.addPacked(bytes);
  }
}

/** Takes over the words that are whole now. */
function flush(frame: OpenFrame): void {
  for (const [word, code] of frame.words) {
    const text = Buffer.from(code, 'base64').toString('utf8');
    if (word === 'FILE') frame.path = text;
    else frame.notes.push(text.replace(/\s+/g, ' ').slice(0, 2000));
  }
  frame.words.clear();
  frame.last = undefined;
}
