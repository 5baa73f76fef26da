/** One page as the contract answers it: items from `offset`, and how many match in all. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly offset: number;
  readonly matching: number;
}

/**
 * Keeps the pages of a long list that were read. Reads what is asked for in whole pages, and goes
 * on reading when an answer was shorter than its page (answers are cut at 64 KiB).
 */
export class PagedList<T> {
  readonly #pageSize: number;
  readonly #read: (offset: number, limit: number) => Promise<Page<T>>;
  readonly #keep: number;
  readonly #items = new Map<number, T>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #matching: number | undefined;
  #error: unknown;

  constructor(
    read: (offset: number, limit: number) => Promise<Page<T>>,
    options: { readonly pageSize?: number; readonly keepPages?: number } = {},
  ) {
    this.#read = read;
    this.#pageSize = options.pageSize ?? 100;
    this.#keep = options.keepPages ?? 100;
  }

  /** How many items there are; undefined before the first answer. */
  get matching(): number | undefined {
    return this.#matching;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Grows with every answer. */
  get version(): number {
    return this.#version;
  }

  at(index: number): T | undefined {
    return this.#items.get(index);
  }

  /** Sees to it that the items from `from` up to `to` are read, the page after them too. */
  want(from: number, to: number): void {
    const size = this.#pageSize;
    const first = Math.max(0, Math.floor(from / size));
    const last = Math.floor(Math.max(from, to) / size) + 1;
    for (let page = first; page <= last; page += 1) {
      const known = this.#matching;
      if (page > first && known !== undefined && page * size >= known) break;
      if (page > first && known === undefined) break;
      if (this.#asked.has(page)) continue;
      this.#asked.add(page);
      void this.#fill(page);
    }
    this.#forget(first, last);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #fill(page: number): Promise<void> {
    const end = (page + 1) * this.#pageSize;
    let at = page * this.#pageSize;
    try {
      while (at < end) {
        const answer = await this.#read(at, end - at);
        answer.items.forEach((item, index) => this.#items.set(answer.offset + index, item));
        this.#matching = answer.matching;
        this.#tell();
        at += answer.items.length;
        if (answer.items.length === 0 || at >= answer.matching) return;
      }
    } catch (error) {
      this.#error = error;
      this.#asked.delete(page);
      this.#tell();
    }
  }

  /** Drops the pages farthest from what is seen. */
  #forget(first: number, last: number): void {
    if (this.#asked.size <= this.#keep) return;
    const far = [...this.#asked]
      .filter((page) => page < first || page > last)
      .sort((a, b) => Math.abs(b - first) - Math.abs(a - first))
      .slice(0, this.#asked.size - this.#keep);
    for (const page of far) {
      this.#asked.delete(page);
      for (let at = page * this.#pageSize; at < (page + 1) * this.#pageSize; at += 1) {
        this.#items.delete(at);
      }
    }
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
