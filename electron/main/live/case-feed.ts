import type { LiveSource } from '../../../shared/ipc/analysis';

/** A case that live nodes are part of. */
export interface LiveCase {
  readonly ended: boolean;
}

/** Puts the sources into a case: that one, or for undefined the open one or a new one. */
export type FeedCase = (
  into: LiveCase | undefined,
  sources: readonly LiveSource[],
) => Promise<LiveCase>;

const pauseMilliseconds = 1000;

/**
 * Hands what comes of the nodes to the analysis as it comes, at most once a second and never while
 * the last hand-over is still being analysed. What is ended goes at once.
 */
export class CaseFeed {
  readonly #waiting = new Map<string, () => LiveSource>();
  readonly #cases = new Map<string, LiveCase>();
  #last = 0;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param told heard after each hand-over, with what went wrong if something did */
  constructor(
    private readonly feed: FeedCase,
    private readonly told: (error?: unknown) => void,
  ) {}

  /** Whether a node was part of a case that is closed. */
  lostCase(key: string): boolean {
    return this.#cases.get(key)?.ended === true;
  }

  /** The node has news; `source` is asked for them when their time has come. */
  changed(key: string, source: () => LiveSource, now = false): void {
    this.#waiting.set(key, source);
    if (now) this.#last = 0;
    this.#schedule();
  }

  /** Forgets which case a node was part of, so that it may join another. */
  release(key: string): void {
    this.#cases.delete(key);
    this.#waiting.delete(key);
  }

  #schedule(): void {
    if (this.#busy || this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    const due = Math.max(0, this.#last + pauseMilliseconds - Date.now());
    this.#timer = setTimeout(() => void this.#handOver(), due);
  }

  async #handOver(): Promise<void> {
    this.#busy = true;
    this.#last = Date.now();
    const sources = [...this.#waiting.values()].map((source) => source());
    this.#waiting.clear();
    try {
      // Those of one case go together; what has none yet joins what is open.
      for (const into of new Set(sources.map(({ key }) => this.#cases.get(key)))) {
        const together = sources.filter(({ key }) => this.#cases.get(key) === into);
        if (into?.ended === true) continue;
        const joined = await this.feed(into, together);
        for (const { key } of together) this.#cases.set(key, joined);
      }
      this.told();
    } catch (error) {
      this.told(error);
    } finally {
      this.#busy = false;
      this.#schedule();
    }
  }
}
