import type { FromLive, ToLive } from '../../shared/ipc/live';
import { writeBundle } from '../collect/bundle-writer';
import { collectedNode } from '../collect/collected-node';
import { FrameStore } from '../collect/frame-store';
import { actJob } from './act-job';
import { planOf } from './action-plan';
import { captureJob } from './capture-job';
import { capturePlanOf } from './capture-plan';
import { captureWork } from './capture-run';
import { withCapture } from './captured-files';
import { contextsOf, windowsNodes } from './cluster-way';
import { collectJob, frameStream, report } from './collect-job';
import { testConnection } from '../transports/test-connection';
import { failureOf, type Outcome } from './failure-of';
import { followJob, followPlan } from './follow-job';
import { keepFollowed } from './kept-log';
import { Questions } from './questions';
import { watchJob } from './watch-job';
import { wayTo } from './way-to';
import { whatRuns } from './what-runs';

interface Job {
  readonly cancel: AbortController;
  readonly questions: Questions;
}

/** Answers main's messages: each job is a node being tested or collected from. */
export class LiveHost {
  readonly #jobs = new Map<string, Job>();
  readonly #stores = new Map<string, FrameStore>();

  constructor(private readonly send: (message: FromLive) => void) {}

  receive(message: ToLive): void {
    switch (message.kind) {
      case 'collect':
        return this.#start(message.job, (job) =>
          collectJob(
            message,
            this.#store(message.job),
            job.questions,
            job.cancel.signal,
            this.send,
          ),
        );
      case 'act':
        return this.#start(message.job, ({ questions, cancel }) =>
          actJob(message, this.#store(message.key), questions, cancel.signal, this.send),
        );
      case 'capture':
        return this.#start(message.job, ({ questions, cancel }) =>
          captureJob(
            captureWork(message, this.#store(message.key), questions, cancel.signal, this.send),
          ),
        );
      case 'follow':
        return this.#start(message.job, ({ questions, cancel }) =>
          followJob(message, this.#store(message.key), questions, cancel.signal, this.send),
        );
      case 'keep':
        return this.#reply(message.id, () => keepFollowed(message, this.#store(message.key)));
      case 'describe-follow':
        return this.#reply(message.id, () => Promise.resolve(followPlan(message.path)));
      case 'test':
        return this.#start(message.job, (job) => this.#test(message, job));
      case 'watch':
        return this.#start(message.job, async ({ questions, cancel }) => {
          const store = this.#store(message.of);
          await watchJob(message, store, questions, cancel.signal, this.send);
          return { kind: 'cancelled' };
        });
      case 'nodes':
        return this.#start(message.job, async ({ questions, cancel }) => ({
          kind: 'nodes',
          nodes: await windowsNodes(message.cluster, questions, cancel.signal),
        }));
      case 'contexts':
        return this.#reply(message.id, () => contextsOf(message.kubeconfig));
      case 'cancel':
        return this.#jobs.get(message.job)?.cancel.abort(new Error('cancelled'));
      case 'answer':
        return this.#jobs.get(message.job)?.questions.answer(message.question, message.answer);
      case 'forget':
        this.#stores.get(message.job)?.dispose();
        this.#stores.delete(message.job);
        return;
      case 'save':
        return this.#reply(message.id, async () => {
          const { name, at, stream, file } = message;
          const node = collectedNode(name, at, frameStream(stream), stream.endedAt);
          await writeBundle(node, file);
          return null;
        });
      case 'what-runs':
        return this.#reply(message.id, () => Promise.resolve(whatRuns(message.what)));
      case 'describe':
        return this.#reply(message.id, () =>
          Promise.resolve(planOf(message.action, message.what).plan),
        );
      case 'describe-capture':
        return this.#reply(message.id, () =>
          Promise.resolve(capturePlanOf(message.capture, message.wish)),
        );
      case 'join-capture':
        return this.#reply(message.id, () => {
          const stream = withCapture(message.stream, message.files, message.time);
          const told = report(message, stream, this.#store(message.key));
          return Promise.resolve({ stream, report: told });
        });
    }
  }

  #start(id: string, run: (job: Job) => Promise<Outcome>): void {
    const job = { cancel: new AbortController(), questions: new Questions(id, this.send) };
    this.#jobs.set(id, job);
    job.cancel.signal.addEventListener('abort', () => job.questions.withdraw());
    run(job)
      .catch((error: unknown) =>
        job.cancel.signal.aborted ? ({ kind: 'cancelled' } as const) : failureOf(error),
      )
      .then((outcome) => {
        this.#jobs.delete(id);
        job.questions.withdraw();
        this.send({ kind: 'ended', job: id, outcome });
      })
      .catch((error: unknown) => console.error('live:', error));
  }

  async #test(
    { job, target }: Extract<ToLive, { kind: 'test' }>,
    { questions, cancel }: Job,
  ): Promise<Outcome> {
    const way = await wayTo(target, questions);
    const stages = await testConnection(way, cancel.signal, (result) =>
      this.send({ kind: 'stage', job, result }),
    );
    return { kind: 'tested', stages: [...stages] };
  }

  #store(job: string): FrameStore {
    const known = this.#stores.get(job) ?? new FrameStore();
    this.#stores.set(job, known);
    return known;
  }

  #reply(id: number, work: () => Promise<unknown>): void {
    work().then(
      (value) => this.send({ kind: 'reply', id, value }),
      (error: unknown) =>
        this.send({
          kind: 'failure',
          id,
          error: {
            code: 'internal',
            message: error instanceof Error ? error.message : String(error),
          },
        }),
    );
  }
}
