import { createHash } from 'node:crypto';
import { constants, createGunzip, type Gunzip } from 'node:zlib';
import type { FrameStore, StoredFile } from './frame-store';

/** Compressed bytes are handed on in pieces, so that a bomb is seen before it has gone off. */
const PIECE = 1 << 15;

/** The content of one frame: unpacked, hashed and stored as it comes. */
export class FramePayload {
  readonly #file: StoredFile;
  readonly #hash = createHash('sha256');
  readonly #gunzip: Gunzip;
  #bytes = 0;
  #failure: string | undefined;

  /** @param limit bytes beyond which the rest is dropped */
  constructor(
    store: FrameStore,
    private readonly limit: number,
  ) {
    this.#file = store.create();
    // A cut stream gives what can be unpacked; that it is cut shows by its hash.
    this.#gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    this.#gunzip.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#gunzip.on('error', (error) =>
      this.#fail(`its compressed data is damaged (${error.message})`),
    );
  }

  get location(): string {
    return this.#file.location;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Why not all of it could be read. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Takes compressed bytes. */
  async addPacked(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && this.#failure === undefined; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      await settled(this.#gunzip, (done) => this.#gunzip.write(piece, done));
    }
  }

  /** Takes bytes as they are. */
  addPlain(bytes: Uint8Array): void {
    this.#take(bytes);
  }

  /** Ends it; gives the hash of what was read, in hexadecimal. */
  async end(): Promise<string> {
    if (this.#failure === undefined && this.#gunzip.bytesWritten > 0)
      await settled(this.#gunzip, (done) => this.#gunzip.end(done));
    this.#gunzip.destroy();
    this.#file.close();
    return this.#hash.digest('hex');
  }

  #take(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return;
    const room = this.limit - this.#bytes;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#bytes += kept.length;
    this.#hash.update(kept);
    this.#file.write(kept);
    if (kept.length < bytes.length) this.#fail(`cut after ${this.limit} bytes, the limit`);
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#gunzip.destroy();
  }
}

/** Resolves when the step is done or the stream has broken; its error is told elsewhere. */
function settled(stream: Gunzip, step: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('close', done);
      resolve();
    };
    stream.once('close', done);
    step(done);
  });
}
