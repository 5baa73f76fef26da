import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that is being received. */
export interface StoredFile {
  readonly location: string;
  write(bytes: Uint8Array): void;
  close(): void;
}

/**
 * Keeps received files in a private folder under names of our own, so that neither memory nor a
 * name chosen by the node matters.
 */
export class FrameStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hns-workbench-'));
  readonly #open = new Set<number>();
  #count = 0;

  create(): StoredFile {
    this.#count += 1;
    const location = join(this.#folder, `${this.#count}`);
    const handle = openSync(location, 'wx', 0o600);
    this.#open.add(handle);
    return {
      location,
      // Written at once: what cannot be written yet must not pile up in memory.
      write: (bytes) => {
        for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      },
      close: () => {
        if (this.#open.delete(handle)) closeSync(handle);
      },
    };
  }

  /** Removes everything received. */
  dispose(): void {
    for (const handle of this.#open) closeSync(handle);
    this.#open.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
