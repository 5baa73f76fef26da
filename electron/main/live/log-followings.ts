import { randomUUID } from 'node:crypto';
import { changedStream, type FromLive, type ReceivedStream } from '../../../shared/ipc/live';
import type { FollowState, FollowedLines } from '../../../shared/ipc/live-follow';
import { CallFailure } from '../ipc';
import type { NodeCollection } from './collection';
import type { LiveProcess } from './live-process';

interface Surroundings {
  readonly process: LiveProcess;
  /** The collection of a key. @throws CallFailure when it is gone or has not ended. */
  readonly collection: (key: string) => NodeCollection;
  /** @throws CallFailure while something else is done with what was collected */
  readonly refuseWhileChanging: (key: string) => void;
  /** What was collected has changed. */
  readonly changed: (collection: NodeCollection) => void;
  readonly send: (key: string, state: FollowState | null) => void;
  readonly sendLines: (lines: FollowedLines) => void;
}

interface Following {
  readonly job: string;
  readonly collection: NodeCollection;
  /** The log in the collection. */
  readonly file: string;
  state: FollowState;
  /** Where what came lies, once it has ended. */
  location: string | undefined;
}

const locationsOf = (stream: ReceivedStream | undefined): string =>
  (stream?.files ?? []).map(({ location }) => location).join();

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];

/** A log of a node in a bundle: `logs/C/k/kubelet.log` was `C:\k\kubelet.log`. */
const LOG = /^logs\/([A-Za-z])\/(.+)$/;

/** Logs that are followed: one a node. What came stays until it is kept or dropped. */
export class LogFollowings {
  readonly #all = new Map<string, Following>();

  constructor(private readonly around: Surroundings) {}

  /** What following a log would run on a node; nothing is sent. */
  describe(key: string, file: string): Promise<unknown> {
    const { path } = this.#log(key, file);
    return this.around.process.request({ kind: 'describe-follow', path });
  }

  /** Begins; what was followed before on the node is dropped. */
  start(key: string, file: string): void {
    const { collection, own, path } = this.#log(key, file);
    const before = this.#all.get(key);
    if (before?.state.endedAt === null)
      throw new CallFailure('refused', `${before.state.path} is still followed on this node.`);
    const job = randomUUID();
    const { target } = collection.beginning;
    this.around.process.post({ kind: 'follow', job, key, target, path });
    const state: FollowState = {
      ...{ key, file, path, state: 'starting', at: '', lines: 0 },
      ...{ startedAt: Date.now(), endedAt: null, why: '', fine: true },
    };
    this.#all.set(key, { job, collection, file: own, state, location: undefined });
    this.around.send(key, state);
  }

  stop(key: string): void {
    const following = this.#all.get(key);
    if (following?.state.endedAt === null)
      this.around.process.post({ kind: 'cancel', job: following.job });
  }

  /** Joins what came to the snapshot. @throws CallFailure while it is followed, or nothing came */
  async keep(key: string): Promise<void> {
    const following = this.#all.get(key);
    const collection = this.around.collection(key);
    const { stream, startedAt = 0, beginning } = collection;
    if (following?.location === undefined || following.state.endedAt === null || !stream)
      throw new CallFailure('refused', 'There is nothing to keep yet.');
    this.around.refuseWhileChanging(key);
    const { file, location, state } = following;
    const reply = await this.around.process.request({
      kind: 'keep',
      ...{ key, name: beginning.name, at: startedAt, stream, file, location },
      ...{ from: state.startedAt, to: following.state.endedAt },
    });
    this.around.refuseWhileChanging(key);
    // What joined meanwhile, such as a capture, would be lost: then once more after it.
    if (locationsOf(stream) !== locationsOf(collection.stream)) return this.keep(key);
    const changed = changedStream.parse(reply);
    collection.replace(changed.stream, changed.report);
    this.drop(key);
    this.around.changed(collection);
  }

  /** Forgets what came, and stops what still comes. */
  drop(key: string): void {
    this.stop(key);
    if (this.#all.delete(key)) this.around.send(key, null);
  }

  /** The collection of the node that a job is about. */
  collectionOf(job: string): NodeCollection | undefined {
    return this.#find(job)?.collection;
  }

  progress(job: string, at: string, follows: boolean): void {
    const following = this.#find(job);
    if (following === undefined || following.state.endedAt !== null) return;
    this.#tell(following, { at, state: follows && at === 'following' ? 'following' : 'starting' });
  }

  lines(job: string, lines: FollowedLines['lines']): void {
    const following = this.#find(job);
    if (following === undefined) return;
    this.around.sendLines({ key: following.state.key, lines });
    this.#tell(following, { lines: lines.at(-1)?.n ?? following.state.lines });
  }

  end(job: string, outcome: Outcome): void {
    const following = this.#find(job);
    if (following === undefined) return;
    const over = { state: 'ended', at: '', endedAt: Date.now() } as const;
    if (outcome.kind === 'followed') {
      following.location = outcome.lines === 0 ? undefined : outcome.location;
      const { why, fine, lines } = outcome;
      this.#tell(following, { ...over, why, fine, lines });
    } else {
      const why = outcome.kind === 'failed' ? outcome.message : 'It was stopped.';
      this.#tell(following, { ...over, why, fine: outcome.kind === 'cancelled' });
    }
  }

  /** The live process is gone, and what it followed with it. */
  lost(message: string): void {
    for (const { job } of this.#all.values()) this.end(job, { kind: 'failed', stage: '', message });
  }

  /** The log of a collection that a file of the snapshot is, and where it lies on the node. */
  #log(
    key: string,
    file: string,
  ): { readonly collection: NodeCollection; readonly own: string; readonly path: string } {
    const collection = this.around.collection(key);
    // Before it may stand the folder of the node; the longest is meant.
    const [own] = collection.snapshotFiles
      .map(({ path }) => path)
      .filter((path) => path !== '' && (file === path || file.endsWith(`/${path}`)))
      .sort((a, b) => b.length - a.length);
    const [, drive, rest] = LOG.exec(own ?? '') ?? [];
    if (own === undefined || drive === undefined || rest === undefined)
      throw new CallFailure('not-found', 'This is no log that was collected from the node.');
    return { collection, own, path: `${drive}:\\${rest.replaceAll('/', '\\')}` };
  }

  #find(job: string): Following | undefined {
    return [...this.#all.values()].find((each) => each.job === job);
  }

  #tell(following: Following, news: Partial<FollowState>): void {
    following.state = { ...following.state, ...news };
    this.around.send(following.state.key, following.state);
  }
}
