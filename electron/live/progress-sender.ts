import type { FromLive } from '../../shared/ipc/live';

const EVERY_MILLISECONDS = 100;

/** Says where a job is, at most ten times a second; the last word always gets through. */
export class ProgressSender {
  #at = '';
  #collecting = false;
  #bytes = 0;
  #last = 0;
  #later: NodeJS.Timeout | undefined;

  constructor(
    private readonly job: string,
    private readonly send: (message: FromLive) => void,
  ) {}

  at(text: string, collecting: boolean): void {
    this.#at = text;
    if (collecting !== this.#collecting) this.#last = 0;
    this.#collecting = collecting;
    this.#tell();
  }

  bytes(more: number): void {
    this.#bytes += more;
    this.#tell();
  }

  flush(): void {
    this.#last = 0;
    this.#tell();
  }

  #tell(): void {
    const now = Date.now();
    const due = this.#last + EVERY_MILLISECONDS - now;
    if (due > 0) {
      // Where it stays is said, however quickly it came there.
      this.#later ??= setTimeout(() => this.#tell(), due);
      return;
    }
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#last = now;
    this.send({
      kind: 'progress',
      job: this.job,
      at: this.#at,
      collecting: this.#collecting,
      bytes: this.#bytes,
    });
  }
}
