import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  receivedFile,
  receivedStream,
  type FromLive,
  type ReceivedStream,
} from '../../../shared/ipc/live';
import {
  capturePlan,
  type CapturePlan,
  type CaptureState,
  type CaptureWish,
} from '../../../shared/ipc/live-capture-schemas';
import { CallFailure } from '../ipc';
import type { NodeCollection } from './collection';
import type { LiveProcess } from './live-process';
import { NodeCapture } from './node-capture';

interface Surroundings {
  readonly process: LiveProcess;
  /** The collection of a key. @throws CallFailure when it is gone or has not ended. */
  readonly collection: (key: string) => NodeCollection;
  /** Something else is being done on the node: what it collected may be replaced. */
  readonly busy: (collection: NodeCollection) => boolean;
  /** What was collected has changed. */
  readonly changed: (collection: NodeCollection) => void;
  readonly send: (state: CaptureState) => void;
}

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];

const joinedAnswer = z.object({ stream: receivedStream, report: receivedFile });

/** Longest that the end of the app waits until the nodes are cleaned up. */
const MOST_SECONDS_AT_END = 30;

/** The packet captures on nodes: one at a time a node. */
export class NodeCaptures {
  /** By node; of an ended one how it ended. */
  readonly #captures = new Map<string, NodeCapture>();
  /** The numbers that the next captures get: what is shown before is what runs then. */
  readonly #numbers = new Map<string, string>();
  readonly #joining = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  states(): CaptureState[] {
    return [...this.#captures.values()].map(({ state }) => state);
  }

  /** What a capture would run and change on a node, and whether it can; nothing is sent. */
  async describe(key: string, wish: CaptureWish): Promise<CapturePlan> {
    const collection = this.around.collection(key);
    const number = this.#numberOf(key);
    const plan = await this.around.process.request({
      ...{ kind: 'describe-capture', capture: number, wish },
    });
    return capturePlan.parse({ ...(plan as object), problem: problemOf(collection) });
  }

  /** Begins one. @throws CallFailure where it cannot be done, or one runs already */
  start(key: string, wish: CaptureWish): void {
    const collection = this.around.collection(key);
    const problem = problemOf(collection);
    if (problem !== null) throw new CallFailure('refused', problem);
    if (this.#captures.get(key)?.active === true)
      throw new CallFailure('refused', 'A capture already runs on this node.');
    const number = this.#numberOf(key);
    this.#numbers.delete(key);
    const capture = new NodeCapture(collection, number, wish, {
      post: (message) => this.around.process.post(message),
      send: (state) => this.around.send(state),
      fetched: () => this.settle(),
    });
    this.#captures.set(key, capture);
    this.around.send(capture.state);
  }

  fetch(key: string): void {
    this.#captures.get(key)?.fetch();
  }

  discard(key: string): void {
    this.#captures.get(key)?.discard();
  }

  /** @throws CallFailure while something of a capture is, or may be, on the node */
  refuseWhileActive(key: string): void {
    if (this.#captures.get(key)?.active === true)
      throw new CallFailure('refused', 'A packet capture still runs on this node: stop it first.');
  }

  collectionOf(job: string): NodeCollection | undefined {
    return this.#find(job)?.collection;
  }

  progress(job: string, at: string, bytes: number): void {
    this.#find(job)?.progress(at, bytes);
  }

  end(job: string, outcome: Outcome): void {
    this.#find(job)?.end(outcome);
    this.settle();
  }

  /** The live process is gone, and what it did with it; on the nodes everything is as it was. */
  lost(message: string): void {
    for (const capture of this.#captures.values())
      if (capture.working) capture.end({ kind: 'capture', ...nothing, notes: [message] });
  }

  /** Joins what was captured to what was collected, once nothing else is changing that. */
  settle(): void {
    for (const capture of this.#captures.values()) {
      const { collection, waiting } = capture;
      if (waiting === undefined || this.#joining.has(collection.id)) continue;
      if (!this.around.busy(collection)) void this.#join(capture, waiting);
    }
  }

  /** Captures that are, or may be, on nodes. */
  get active(): readonly NodeCapture[] {
    return [...this.#captures.values()].filter(({ active }) => active);
  }

  /** Removes all captures from their nodes, as far as it goes in half a minute. */
  async discardAll(): Promise<void> {
    const all = this.active;
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, MOST_SECONDS_AT_END * 1000).unref();
    });
    for (const capture of all) capture.discard();
    await Promise.race([Promise.all(all.map((capture) => capture.settled())), late]);
  }

  stop(): void {
    for (const capture of this.#captures.values()) capture.forget();
  }

  async #join(capture: NodeCapture, waiting: NonNullable<NodeCapture['waiting']>): Promise<void> {
    const { collection } = capture;
    const { stream, startedAt = 0, beginning } = collection;
    if (stream === undefined) return;
    this.#joining.add(collection.id);
    try {
      const { name } = beginning;
      const answer = joinedAnswer.parse(
        await this.around.process.request({
          ...{ kind: 'join-capture', key: collection.id, name, at: startedAt, stream },
          ...waiting,
        }),
      );
      // What has begun or changed meanwhile would be lost, or lose this: then once more after it.
      if (this.around.busy(collection) || !isSame(stream, collection.stream)) return;
      collection.replace(answer.stream, answer.report);
      capture.joined();
      this.around.changed(collection);
    } catch (error) {
      console.error('live:', error);
      capture.notJoined();
    } finally {
      this.#joining.delete(collection.id);
      if (capture.waiting !== undefined) setImmediate(() => this.settle());
    }
  }

  #numberOf(key: string): string {
    const number = this.#numbers.get(key) ?? randomUUID();
    this.#numbers.set(key, number);
    return number;
  }

  #find(job: string): NodeCapture | undefined {
    return [...this.#captures.values()].find((each) => each.isFor(job));
  }
}

const isSame = (before: ReceivedStream, now: ReceivedStream | undefined): boolean =>
  before.files.map(({ location }) => location).join() ===
  now?.files.map(({ location }) => location).join();

const nothing = {
  ...{ running: null, clean: false, cancelled: false, complete: false },
  files: [],
};

/** Why no capture can be made on a node, by what its collection knows of it. */
function problemOf({ beginning: { target }, stream }: NodeCollection): string | null {
  if (target.kind === 'kubernetes' && target.node === null)
    return 'Only the objects of a cluster are read here: there is no node to capture on.';
  const mode = stream?.languageMode;
  if (mode !== undefined && mode !== 'FullLanguage')
    return `PowerShell of this node runs in ${mode}, which allows none of what a capture needs to be ended safely. Capture by hand, and drop the files here.`;
  if (stream === undefined) return 'Nothing was collected from this node yet.';
  return null;
}
