import type { FromLive, ToLive } from '../../../shared/ipc/live';
import type { OpenQuestion } from '../../../shared/ipc/live-schemas';
import type { Secrets } from './secrets';

/** What a job is about: a connection of the list, or '' for none, and its name for people. */
export interface JobAbout {
  readonly connectionId: string;
  readonly name: string;
}

interface Asked extends OpenQuestion {
  readonly job: string;
  readonly connectionId: string;
}

/** Questions of jobs: those that a secret answers that is held, and those that wait for the user. */
export class Questions {
  #open: readonly Asked[] = [];
  /** Jobs that were given the secret that is held: they ask the user the next time. */
  readonly #given = new Set<string>();

  constructor(
    private readonly secrets: Secrets,
    private readonly post: (message: ToLive) => void,
  ) {}

  /** What waits for the user, as the window takes it: without any secret. */
  list(): OpenQuestion[] {
    return this.#open.map(({ id, name, question }) => ({ id, name, question }));
  }

  /** A job asks; of one that nobody knows any more the answer is none. */
  ask(
    { job, id, question }: Extract<FromLive, { kind: 'question' }>,
    about: JobAbout | undefined,
  ): void {
    if (about === undefined) return this.#reply(job, id, null);
    const { connectionId, name } = about;
    const asked: Asked = { id, job, question, connectionId, name };
    const held = isOwn(asked) ? this.secrets.get(connectionId) : undefined;
    if (held === undefined || this.#given.has(job)) {
      this.#open = [...this.#open, asked];
      return;
    }
    this.#given.add(job);
    this.#reply(job, id, held);
  }

  /** Passes an answer on; a secret of the connection itself is held for the next time. */
  answer(id: string, answer: boolean | string | null, keep: boolean): void {
    const asked = this.#open.find((each) => each.id === id);
    if (asked === undefined) return;
    this.withdraw(id);
    if (isOwn(asked) && typeof answer === 'string' && answer !== '')
      this.secrets.hold(asked.connectionId, answer, keep);
    this.#reply(asked.job, id, answer);
  }

  /** A question that needs no answer any more. */
  withdraw(id: string): void {
    this.#open = this.#open.filter((each) => each.id !== id);
  }

  /** A job has ended. */
  forget(job: string): void {
    this.#given.delete(job);
  }

  /** All jobs are gone. */
  clear(): void {
    this.#open = [];
    this.#given.clear();
  }

  #reply(job: string, question: string, answer: boolean | string | null): void {
    this.post({ kind: 'answer', job, question, answer });
  }
}

/** Whether it asks for the secret of the connection itself. */
const isOwn = ({ question }: Pick<Asked, 'question'>): boolean => 'own' in question && question.own;
