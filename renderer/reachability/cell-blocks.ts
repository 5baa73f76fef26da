const blockRows = 100;
const blockColumns = 200;

/** The letters of a large matrix, read in blocks as they come into view. */
export class CellBlocks {
  readonly #blocks = new Map<string, readonly string[]>();
  readonly #asked = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(
    private readonly read: (window: {
      readonly row: number;
      readonly rows: number;
      readonly column: number;
      readonly columns: number;
    }) => Promise<readonly string[]>,
  ) {}

  get version(): number {
    return this.#version;
  }

  /** The letter of a cell; undefined while it is not read. */
  at(row: number, column: number): string | undefined {
    const block = this.#blocks.get(
      `${Math.floor(row / blockRows)} ${Math.floor(column / blockColumns)}`,
    );
    return block?.[row % blockRows]?.[column % blockColumns];
  }

  /** Sees to it that the cells of the window are read. */
  want(first: { row: number; column: number }, last: { row: number; column: number }): void {
    for (let r = Math.floor(first.row / blockRows); r <= Math.floor(last.row / blockRows); r += 1)
      for (
        let c = Math.floor(first.column / blockColumns);
        c <= Math.floor(last.column / blockColumns);
        c += 1
      )
        void this.#fill(r, c);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #fill(r: number, c: number): Promise<void> {
    const key = `${r} ${c}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const lines = await this.read({
        row: r * blockRows,
        rows: blockRows,
        column: c * blockColumns,
        columns: blockColumns,
      });
      this.#blocks.set(key, lines);
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    } catch {
      this.#asked.delete(key);
    }
  }
}
