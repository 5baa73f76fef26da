import { randomUUID } from 'node:crypto';
import type { FromLive } from '../../../shared/ipc/live';
import {
  actionPlan,
  type ActionState,
  type LiveAction,
} from '../../../shared/ipc/live-action-schemas';
import { CallFailure } from '../ipc';
import type { NodeCollection } from './collection';
import type { LiveProcess } from './live-process';

interface Surroundings {
  readonly process: LiveProcess;
  /** The collection of a key. @throws CallFailure when it is gone or has not ended. */
  readonly collection: (key: string) => NodeCollection;
  /** What was collected has changed. */
  readonly changed: (collection: NodeCollection) => void;
  readonly send: (state: ActionState) => void;
}

interface Running {
  readonly job: string;
  readonly collection: NodeCollection;
  state: ActionState;
}

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];

/** What is being done on nodes beside collecting from them: one thing at a time a node. */
export class NodeActions {
  readonly #running = new Map<string, Running>();

  constructor(private readonly around: Surroundings) {}

  /** What an action would run on a node; nothing is sent. */
  async describe(key: string, action: LiveAction): Promise<unknown> {
    const { what } = this.around.collection(key).beginning;
    return this.around.process.request({ kind: 'describe', action, what });
  }

  /** Begins an action. */
  async run(key: string, action: LiveAction): Promise<void> {
    const collection = this.around.collection(key);
    this.refuseWhileRunning(key);
    const { title } = actionPlan.parse(await this.describe(key, action));
    this.refuseWhileRunning(key);
    const { stream, startedAt = 0, beginning } = collection;
    if (stream === undefined) throw new CallFailure('not-found', 'Nothing was collected yet.');
    const job = randomUUID();
    const { name, target, what } = beginning;
    this.around.process.post({
      kind: 'act',
      ...{ job, key, name, at: startedAt, target, what, action, earlier: stream },
    });
    const state: ActionState = {
      ...{ key, title, action, state: 'running', at: '', bytes: 0 },
      ...{ startedAt: Date.now(), endedAt: null, notes: [] },
    };
    this.#running.set(key, { job, collection, state });
    this.around.send(state);
  }

  isRunning(key: string): boolean {
    return this.#running.has(key);
  }

  cancel(key: string): void {
    const running = this.#running.get(key);
    if (running !== undefined) this.around.process.post({ kind: 'cancel', job: running.job });
  }

  /** @throws CallFailure while something is done on the node */
  refuseWhileRunning(key: string): void {
    const running = this.#running.get(key);
    if (running !== undefined)
      throw new CallFailure('refused', `"${running.state.title}" is still running on this node.`);
  }

  /** The collection of the node that a job is about. */
  collectionOf(job: string): NodeCollection | undefined {
    return this.#find(job)?.collection;
  }

  progress(job: string, at: string, bytes: number): void {
    const running = this.#find(job);
    if (running !== undefined) this.#tell(running, { at, bytes });
  }

  end(job: string, outcome: Outcome): void {
    const running = this.#find(job);
    if (running === undefined) return;
    this.#running.delete(running.state.key);
    if (outcome.kind === 'acted') {
      running.collection.replace(outcome.stream, outcome.report);
      this.around.changed(running.collection);
    }
    this.#tell(running, { at: '', endedAt: Date.now(), ...ending(outcome) });
  }

  /** The live process is gone, and what it did with it. */
  lost(message: string): void {
    for (const { job } of this.#running.values())
      this.end(job, { kind: 'failed', stage: '', message });
  }

  #find(job: string): Running | undefined {
    return [...this.#running.values()].find((each) => each.job === job);
  }

  #tell(running: Running, news: Partial<ActionState>): void {
    running.state = { ...running.state, ...news };
    this.around.send(running.state);
  }
}

function ending(outcome: Outcome): Pick<ActionState, 'state' | 'notes'> {
  switch (outcome.kind) {
    case 'acted': {
      const { cancelled, complete, notes } = outcome;
      return { state: cancelled ? 'cancelled' : complete ? 'done' : 'partly', notes };
    }
    case 'failed':
      return { state: 'failed', notes: [outcome.message] };
    case 'cancelled':
      return { state: 'cancelled', notes: ['It was cancelled; what was read before stays.'] };
    case 'collected':
    case 'capture':
    case 'followed':
    case 'nodes':
    case 'tested':
      return { state: 'failed', notes: [] };
  }
}
