import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work longer than this without a turn of the event loop would delay a cancel. */
const MAX_MILLISECONDS = 25;

/** Lets the event loop turn when work has gone on for a while, so that cancel and requests are heard. */
export class Pause {
  #since = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  /** Turns the loop when it is due. @throws the signal's reason when cancelled. */
  async whenDue(): Promise<void> {
    if (performance.now() - this.#since >= MAX_MILLISECONDS) await this.now();
  }

  async now(): Promise<void> {
    await nextTurn();
    this.signal.throwIfAborted();
    this.#since = performance.now();
  }
}
