import { randomUUID } from 'node:crypto';
import type { FromLive } from '../../shared/ipc/live';
import type { Question } from '../../shared/ipc/live-schemas';

type Answer = boolean | string | null;

/** Asks main on behalf of one job, and waits for its answers. */
export class Questions {
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  constructor(
    private readonly job: string,
    private readonly send: (message: FromLive) => void,
  ) {}

  /** Whether to trust what a host shows. */
  async trusts(question: Question): Promise<boolean> {
    return (await this.#ask(question)) === true;
  }

  /** A text; undefined when there is no answer. */
  async text(question: Question): Promise<string | undefined> {
    const answer = await this.#ask(question);
    return typeof answer === 'string' ? answer : undefined;
  }

  answer(id: string, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** Takes all questions back: the job has ended. */
  withdraw(): void {
    for (const [id, settle] of this.#waiting) {
      settle(null);
      this.send({ kind: 'withdrawn', job: this.job, id });
    }
    this.#waiting.clear();
  }

  #ask(question: Question): Promise<Answer> {
    const id = randomUUID();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.send({ kind: 'question', job: this.job, id, question });
    });
  }
}
