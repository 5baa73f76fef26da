import { randomUUID } from 'node:crypto';
import type { EventName, EventPayload } from '../../../shared/ipc/contract';
import type { FromLive, LiveCluster, ToLive } from '../../../shared/ipc/live';
import type {
  ClusterNode,
  CollectedSection,
  ConnectionDraft,
  LiveState,
  StageResult,
} from '../../../shared/ipc/live-schemas';
import { CallFailure } from '../ipc';
import { CaseFeed, type FeedCase } from './case-feed';
import { NodeCollection } from './collection';
import { sourceOf } from './collection-source';
import { addressOf, nameOf, targetOf, type Connections } from './connections';
import { Errands } from './errands';
import { LiveProcess } from './live-process';
import { LogFollowings } from './log-followings';
import { NodeActions } from './node-actions';
import { NodeCaptures } from './node-captures';
import { Questions, type JobAbout } from './questions';
import type { Secrets } from './secrets';

/** What the session needs of the rest of main. */
interface LiveSurroundings {
  readonly script: string;
  readonly connections: Connections;
  readonly secrets: Secrets;
  readonly feed: FeedCase;
  readonly send: <E extends EventName>(name: E, payload: EventPayload<E>) => void;
}

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];

/** Nodes that are read at the same time; the others wait. */
const mostAtOnce = 4;
const tellEveryMilliseconds = 120;
/** Ends the name of the job that watches the cluster of a collection. */
const WATCH = ':watch';

/** Everything about live nodes in main: what is collected, asked and tested. */
export class LiveSession {
  readonly #process: LiveProcess;
  readonly #feed: CaseFeed;
  readonly actions: NodeActions;
  readonly captures: NodeCaptures;
  readonly followings: LogFollowings;
  readonly #questions: Questions;
  readonly #errands: Errands;
  #collections: NodeCollection[] = [];
  #sections: readonly string[] = [];
  #telling: NodeJS.Timeout | undefined;

  constructor(private readonly around: LiveSurroundings) {
    this.#process = new LiveProcess(around.script, {
      message: (message) => this.#hear(message),
      ended: () => this.#lostProcess(),
    });
    const post = (message: ToLive): void => this.#process.post(message);
    this.#questions = new Questions(around.secrets, post);
    this.#errands = new Errands(post);
    const onNode = {
      process: this.#process,
      collection: (key: string) => this.#ended(key),
      changed: (collection: NodeCollection) => {
        this.#feed.changed(collection.id, () => sourceOf(collection), true);
        this.tell();
      },
    };
    this.actions = new NodeActions({
      ...onNode,
      send: (state) => around.send('live-action', state),
    });
    this.followings = new LogFollowings({
      ...onNode,
      refuseWhileChanging: (key) => this.actions.refuseWhileRunning(key),
      send: (key, state) => around.send('live-follow', { key, state }),
      sendLines: (lines) => around.send('live-follow-lines', lines),
    });
    this.captures = new NodeCaptures({
      ...onNode,
      busy: ({ id, over }) => !over || this.actions.isRunning(id),
      send: (state) => around.send('live-capture', state),
    });
    this.#feed = new CaseFeed(around.feed, (error) => {
      if (error !== undefined && !(error instanceof CallFailure)) console.error('live:', error);
      this.tell();
    });
  }

  state(): LiveState {
    return {
      connections: this.around.connections.list(),
      collections: this.#collections.map((each) =>
        each.summary(this.#sections.length, !this.#feed.lostCase(each.id)),
      ),
      questions: this.#questions.list(),
      keyring: this.around.secrets.state(),
    };
  }

  /** Says what has changed, soon. */
  tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.around.send('live-changed', this.state());
    }, tellEveryMilliseconds);
  }

  /** Begins to collect from nodes of the list. */
  collect(ids: readonly string[]): void {
    for (const id of ids) {
      const connection = this.around.connections.get(id);
      if (connection === undefined)
        throw new CallFailure('not-found', 'This connection is not in the list any more.');
      const collection = new NodeCollection({
        id: randomUUID(),
        connectionId: id,
        name: nameOf(connection),
        address: addressOf(connection),
        target: targetOf(connection),
        what: connection.what,
      });
      this.#collections = [...this.#collections, collection];
    }
    this.#next();
  }

  /** Collects again what failed or is missing. */
  retry(id: string): void {
    const collection = this.#ended(id);
    this.actions.refuseWhileRunning(id);
    this.followings.drop(id);
    this.#stopWatching(collection);
    collection.queue(true);
    this.#next();
  }

  /** Stops one collection, or all; what came is kept. */
  cancel(id: string | null): void {
    for (const each of this.#collections) {
      if (id !== null && each.id !== id) continue;
      if (each.running) this.#process.post({ kind: 'cancel', job: each.id });
      else if (each.state === 'waiting') each.fail(null, Date.now());
    }
    this.tell();
  }

  /** Takes an ended collection off the list and removes what it received. */
  dismiss(id: string): void {
    this.actions.refuseWhileRunning(id);
    this.captures.refuseWhileActive(id);
    this.#stopWatching(this.#ended(id));
    this.followings.drop(id);
    this.#collections = this.#collections.filter((each) => each.id !== id);
    this.#feed.release(id);
    this.#process.post({ kind: 'forget', job: id });
    this.tell();
  }

  /** Puts a collection whose case was closed into the open case, or a new one. */
  addToCase(id: string): void {
    const collection = this.#ended(id);
    this.#feed.release(id);
    this.#feed.changed(id, () => sourceOf(collection), true);
  }

  sections(id: string): readonly CollectedSection[] {
    return this.#collection(id).sections();
  }

  /** Name and bytes of a collection as a bundle: written by the live process. */
  async save(id: string, file: string): Promise<void> {
    const { beginning, stream, startedAt = 0 } = this.#collection(id);
    if (stream === undefined) throw new CallFailure('not-found', 'Nothing was collected yet.');
    const { name } = beginning;
    await this.#process.request({ kind: 'save', file, name, at: startedAt, stream });
  }

  nameOf(id: string): string {
    return this.#collection(id).beginning.name;
  }

  whatRuns(what: ConnectionDraft['what']): Promise<unknown> {
    return this.#process.request({ kind: 'what-runs', what });
  }

  /** Goes to a node stage by stage; one test at a time. */
  test(draft: ConnectionDraft): Promise<StageResult[]> {
    const connection = this.around.connections.resolve(draft);
    const about = { connectionId: draft.id, name: nameOf(connection) };
    return this.#errands.test(about, targetOf(connection));
  }

  /** The Windows nodes of a cluster. */
  clusterNodes(cluster: LiveCluster): Promise<ClusterNode[]> {
    return this.#errands.clusterNodes(cluster);
  }

  /** The contexts of a kubeconfig; null: of the user's own. */
  contexts(kubeconfig: string | null): Promise<unknown> {
    return this.#process.request({ kind: 'contexts', kubeconfig });
  }

  cancelTest(): void {
    this.#errands.cancel();
  }

  /** Passes an answer on to the job that asked. */
  answer(id: string, answer: boolean | string | null, keep: boolean): void {
    this.#questions.answer(id, answer, keep);
    this.tell();
  }

  /** A case was opened or closed: who collected into one that is gone stops. */
  caseChanged(): void {
    for (const each of this.#collections) {
      if (!this.#feed.lostCase(each.id)) continue;
      if (each.running) this.cancel(each.id);
      this.#stopWatching(each);
      this.actions.cancel(each.id);
      this.followings.drop(each.id);
    }
    this.tell();
  }

  stop(): void {
    clearTimeout(this.#telling);
    this.captures.stop();
    this.#process.stop();
  }

  #collection(id: string): NodeCollection {
    const found = this.#collections.find((each) => each.id === id);
    if (found === undefined) throw new CallFailure('not-found', 'This collection is gone.');
    return found;
  }

  #ended(id: string): NodeCollection {
    const found = this.#collection(id);
    if (!found.over) throw new CallFailure('refused', 'This collection has not ended yet.');
    return found;
  }

  #next(): void {
    for (const each of this.#collections) {
      if (this.#collections.filter(({ running }) => running).length >= mostAtOnce) break;
      if (each.state === 'waiting') this.#begin(each);
    }
    this.tell();
  }

  #begin(collection: NodeCollection): void {
    const { id, connectionId, name, target, what } = collection.beginning;
    const now = Date.now();
    collection.begin(now);
    this.around.connections.used(connectionId, now);
    const { earlier, goodSections, startedAt = now } = collection;
    const missing = this.#sections.filter((section) => !goodSections.has(section));
    const again = earlier.length > 0 && missing.length < this.#sections.length;
    this.#process.post({
      kind: 'collect',
      job: id,
      name,
      at: startedAt,
      target,
      what: again ? { ...what, include: wanted(missing, what.include) } : what,
      earlier: [...earlier],
    });
  }

  /** Keeps the objects of its cluster up to date as long as its case is open. */
  #watch(collection: NodeCollection): void {
    const { cluster } = collection.beginning.target;
    if (cluster === null) return;
    collection.watching = true;
    const { id } = collection;
    this.#process.post({ kind: 'watch', job: `${id}${WATCH}`, of: id, cluster });
  }

  #stopWatching(collection: NodeCollection): void {
    if (collection.watching)
      this.#process.post({ kind: 'cancel', job: `${collection.id}${WATCH}` });
    collection.watching = false;
  }

  #hear(message: Exclude<FromLive, { id: number }>): void {
    switch (message.kind) {
      case 'ready':
        this.#sections = message.sections;
        return;
      case 'progress':
        this.actions.progress(message.job, message.at, message.bytes);
        this.captures.progress(message.job, message.at, message.bytes);
        this.followings.progress(message.job, message.at, message.collecting);
        this.#find(message.job)?.progress(message.at, message.collecting, message.bytes);
        return this.tell();
      case 'file': {
        const collection = this.#find(message.job);
        if (collection === undefined) return;
        collection.add(message.file);
        this.#feed.changed(collection.id, () => sourceOf(collection));
        return this.tell();
      }
      case 'followed-lines':
        return this.followings.lines(message.job, message.lines);
      case 'question':
        this.#questions.ask(message, this.#about(message.job));
        return this.tell();
      case 'withdrawn':
        this.#questions.withdraw(message.id);
        return this.tell();
      case 'stage':
        if (this.#errands.about(message.job)) this.around.send('live-test', message.result);
        return;
      case 'ended':
        return this.#end(message.job, message.outcome);
    }
  }

  #find(job: string): NodeCollection | undefined {
    return this.#collections.find((each) => each.id === job);
  }

  /** What a job is about, whatever it does. */
  #about(job: string): JobAbout | undefined {
    const collection =
      this.actions.collectionOf(job) ??
      this.captures.collectionOf(job) ??
      this.followings.collectionOf(job) ??
      this.#find(job);
    return collection?.beginning ?? this.#errands.about(job);
  }

  #end(job: string, outcome: Outcome): void {
    this.#questions.forget(job);
    const watched = this.#find(job.replace(WATCH, ''));
    if (watched !== undefined && job.endsWith(WATCH)) watched.watching = false;
    const collection = this.#find(job);
    const connectionId = this.#about(job)?.connectionId;
    if (refusedSecret(outcome) && connectionId !== undefined)
      this.around.secrets.doubt(connectionId);
    this.actions.end(job, outcome);
    this.followings.end(job, outcome);
    this.captures.end(job, outcome);
    if (collection !== undefined) {
      const now = Date.now();
      if (outcome.kind === 'collected')
        collection.end(outcome.stream, outcome.report, outcome.cancelled, now);
      else if (outcome.kind === 'failed') {
        const { stage, message } = outcome;
        collection.fail({ stage, message }, now);
      } else collection.fail(null, now);
      if (collection.state === 'complete') this.#watch(collection);
      if (collection.snapshotFiles.length > 0 && !this.#feed.lostCase(collection.id))
        this.#feed.changed(collection.id, () => sourceOf(collection), true);
      this.captures.settle();
    } else if (this.#errands.about(job)) this.#errands.end(outcome);
    this.#next();
  }

  #lostProcess(): void {
    const message = 'The process that reads nodes has ended unexpectedly.';
    this.#questions.clear();
    this.actions.lost(message);
    this.captures.lost(message);
    this.followings.lost(message);
    this.#errands.end({ kind: 'failed', stage: '', message });
    for (const each of this.#collections) each.watching = false;
    for (const each of this.#collections)
      if (each.running) each.fail({ stage: '', message }, Date.now());
    this.#next();
  }
}

/** Sections to collect again: missing ones, of those that were wanted. */
const wanted = (missing: readonly string[], include: readonly string[]): string[] =>
  missing.filter((section) => include.length === 0 || include.includes(section));

function refusedSecret(outcome: Outcome): boolean {
  if (outcome.kind === 'failed') return outcome.stage === 'authentication';
  return (
    outcome.kind === 'tested' &&
    outcome.stages.some((each) => each.stage === 'authentication' && each.outcome === 'failed')
  );
}
