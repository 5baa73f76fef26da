type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A column of numbers that grows at its end: a few bytes a packet or flow, and no object. */
export class Growing<T extends Numbers> {
  #values: T;
  #length = 0;

  constructor(private readonly make: (length: number) => T) {
    this.#values = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.make(Math.ceil(this.#length * 1.6));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The value at `index`; 0 outside the column. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  add(index: number, value: number): void {
    this.#values[index] = (this.#values[index] ?? 0) + value;
  }
}

export const bytes = (): Growing<Uint8Array> => new Growing((n) => new Uint8Array(n));
export const shorts = (): Growing<Uint16Array> => new Growing((n) => new Uint16Array(n));
export const words = (): Growing<Uint32Array> => new Growing((n) => new Uint32Array(n));
export const doubles = (): Growing<Float64Array> => new Growing((n) => new Float64Array(n));
