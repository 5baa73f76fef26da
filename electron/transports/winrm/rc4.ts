/**
 * An RC4 stream: what it has given is used up, so that one of these serves one direction of one
 * session. NTLM seals with it; the crypto library of Node has it no longer.
 */
export class Rc4 {
  readonly #state = Uint8Array.from({ length: 256 }, (_, i) => i);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    for (let i = 0, j = 0; i < 256; i += 1) {
      j = (j + this.#at(i) + (key[i % key.length] ?? 0)) & 255;
      this.#swap(i, j);
    }
  }

  /** The next bytes, encrypted or decrypted. */
  update(bytes: Uint8Array): Buffer {
    const out = Buffer.alloc(bytes.length);
    for (const [n, byte] of bytes.entries()) {
      this.#i = (this.#i + 1) & 255;
      this.#j = (this.#j + this.#at(this.#i)) & 255;
      this.#swap(this.#i, this.#j);
      out[n] = byte ^ this.#at((this.#at(this.#i) + this.#at(this.#j)) & 255);
    }
    return out;
  }

  #at(i: number): number {
    return this.#state[i] ?? 0;
  }

  #swap(i: number, j: number): void {
    const kept = this.#at(i);
    this.#state[i] = this.#at(j);
    this.#state[j] = kept;
  }
}
