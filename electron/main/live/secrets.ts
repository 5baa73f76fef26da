import { z } from 'zod';
import type { Connection, LiveState } from '../../../shared/ipc/live-schemas';
import { JsonFile } from '../json-file';

/** The part of Electron's safeStorage that is used. */
export interface Keyring {
  isEncryptionAvailable(): boolean;
  /** Linux only: which keyring there is. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

/** With these, Chromium encrypts by a key that everyone knows. */
const NO_KEYRING = ['basic_text', 'unknown'];

/**
 * Passwords and passphrases by connection. They are kept beyond this run only where the system has
 * a keyring, encrypted by it; there is no other way to keep them. Nothing here is ever logged.
 */
export class Secrets {
  readonly #thisRun = new Map<string, string>();
  readonly #file: JsonFile<Record<string, string>>;
  /** Kept secrets that were refused: they are asked for again. */
  readonly #doubted = new Set<string>();
  #keyringState: LiveState['keyring'] | undefined;

  /** @param keyring asked only when it is needed: it may be slow */
  constructor(
    file: string,
    private readonly keyring: Keyring,
  ) {
    this.#file = new JsonFile<Record<string, string>>(
      file,
      z.record(z.string(), z.string()),
      {},
      0o600,
    );
  }

  /** Whether secrets can be kept, else why not. */
  state(): LiveState['keyring'] {
    this.#keyringState ??= this.#look();
    return this.#keyringState;
  }

  secretOf(id: string): Connection['secret'] {
    if (this.#thisRun.has(id)) return this.#keptText(id) === undefined ? 'this-run' : 'kept';
    return this.#keptText(id) === undefined ? 'none' : 'kept';
  }

  /** Holds a secret for this run; beyond it where asked to and able to. */
  hold(id: string, secret: string, keep: boolean): void {
    this.#thisRun.set(id, secret);
    this.#doubted.delete(id);
    if (keep && this.state().available) {
      const encrypted = this.keyring.encryptString(secret).toString('base64');
      this.#file.set({ ...this.#file.value, [id]: encrypted });
    } else this.#dropKept(id);
  }

  get(id: string): string | undefined {
    const now = this.#thisRun.get(id);
    if (now !== undefined) return now;
    const kept = this.#keptText(id);
    if (kept === undefined || this.#doubted.has(id) || !this.state().available) return undefined;
    try {
      return this.keyring.decryptString(Buffer.from(kept, 'base64'));
    } catch {
      // Another keyring wrote it: it cannot be read any more.
      return undefined;
    }
  }

  /** The node did not accept it: it is asked for at the next try. */
  doubt(id: string): void {
    this.#thisRun.delete(id);
    this.#doubted.add(id);
  }

  forget(id: string): void {
    this.#thisRun.delete(id);
    this.#dropKept(id);
  }

  /** Forgets a secret; gives what brings it back. */
  take(id: string): () => void {
    const [secret, was] = [this.get(id), this.secretOf(id)];
    this.forget(id);
    return () => {
      if (secret !== undefined) this.hold(id, secret, was === 'kept');
    };
  }

  #keptText(id: string): string | undefined {
    return Object.hasOwn(this.#file.value, id) ? this.#file.value[id] : undefined;
  }

  #dropKept(id: string): void {
    if (this.#keptText(id) === undefined) return;
    this.#file.set(
      Object.fromEntries(Object.entries(this.#file.value).filter(([each]) => each !== id)),
    );
  }

  #look(): LiveState['keyring'] {
    const backend = this.keyring.getSelectedStorageBackend?.() ?? 'system';
    const available = this.keyring.isEncryptionAvailable() && !NO_KEYRING.includes(backend);
    return {
      available,
      reason: available
        ? ''
        : 'This computer has no keyring that could keep it (GNOME Keyring, KWallet): it is known until the program ends.',
    };
  }
}
