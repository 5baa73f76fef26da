import type { Progress } from '../../shared/ipc/case-schemas';

const EVERY_MILLISECONDS = 60;

/** Passes on progress at most sixteen times a second; a new phase always. */
export class ProgressThrottle {
  #last = 0;
  #phase: Progress['phase'] | undefined;

  constructor(private readonly send: (progress: Progress) => void) {}

  report(progress: Progress): void {
    const now = performance.now();
    if (progress.phase === this.#phase && now - this.#last < EVERY_MILLISECONDS) return;
    this.#phase = progress.phase;
    this.#last = now;
    this.send(progress);
  }
}
