import { randomUUID } from 'node:crypto';
import type { FromLive, ReceivedFile, ToLive } from '../../../shared/ipc/live';
import {
  CAPTURE_GRACE_SECONDS,
  FETCH_GRACE_SECONDS,
  isCapturing,
  type CaptureState,
  type CaptureWish,
} from '../../../shared/ipc/live-capture-schemas';
import type { NodeCollection } from './collection';

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];
type Captured = Extract<Outcome, { kind: 'capture' }>;

/** What a capture needs of those around it. */
export interface CaptureSurroundings {
  readonly post: (message: ToLive) => void;
  readonly send: (state: CaptureState) => void;
  /** What was captured waits to be joined to the node's collection. */
  readonly fetched: (capture: NodeCapture) => void;
}

/** One packet capture on one node, from when it is asked for until nothing of it is left. */
export class NodeCapture {
  #state: CaptureState;
  /** What runs for it in the live process. */
  #job: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over: (() => void)[] = [];
  /** Files that came and are not in the collection yet. */
  waiting:
    { readonly files: ReceivedFile[]; readonly time: { from: number; to: number } } | undefined;

  constructor(
    readonly collection: NodeCollection,
    private readonly id: string,
    private readonly wish: CaptureWish,
    private readonly around: CaptureSurroundings,
  ) {
    const now = Date.now();
    this.#state = {
      ...{ key: collection.id, node: collection.beginning.name, wish, state: 'starting' },
      ...{ tool: null, at: '', bytes: 0, startedAt: now, endedAt: null, clean: true },
      ...{ byItself: this.#untilTask(wish.seconds + CAPTURE_GRACE_SECONDS), files: [], notes: [] },
    };
    this.#run('start');
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** It may still be on the node. */
  get active(): boolean {
    return isCapturing(this.#state);
  }

  /** Something runs for it in the live process. */
  get working(): boolean {
    return this.#job !== undefined;
  }

  isFor(job: string): boolean {
    return this.#job === job;
  }

  /** Stops it and fetches it. */
  fetch(): void {
    if (this.#state.state !== 'running' && this.#state.state !== 'unreached') return;
    this.#tell({ state: 'fetching', notes: [], byItself: this.#atLeast(FETCH_GRACE_SECONDS) });
    this.#run('fetch');
  }

  /** Stops it and removes it from the node. What runs for it is cancelled, and cleans up then. */
  discard(): void {
    if (this.#job !== undefined) return this.around.post({ kind: 'cancel', job: this.#job });
    if (!this.active) return;
    this.#tell({ state: 'cleaning', notes: [] });
    this.#run('clean');
  }

  /** Resolves when it is over, or the node could not be asked. */
  settled(): Promise<void> {
    if (this.#job === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#over.push(resolve));
  }

  progress(at: string, bytes: number): void {
    this.#tell({ at, bytes });
  }

  /** What ran for it has ended. */
  end(outcome: Outcome): void {
    const step = this.#state.state;
    this.#job = undefined;
    if (outcome.kind === 'capture') this.#captured(outcome, step);
    else if (outcome.kind === 'cancelled' && step === 'starting')
      this.#finish('cancelled', ['It was cancelled before anything ran on the node.'], true);
    else if (outcome.kind === 'failed' && step === 'starting')
      this.#finish('failed', [outcome.message], true);
    else
      this.#unreached(outcome.kind === 'failed' ? [outcome.message] : ['The node was not asked.']);
    for (const resolve of this.#over.splice(0)) resolve();
  }

  /** What came is in the collection now. */
  joined(): void {
    this.waiting = undefined;
    this.#tell({});
  }

  /** What came could not be joined to the collection. */
  notJoined(): void {
    this.waiting = undefined;
    const note = 'What was captured could not be added to what was collected.';
    this.#tell({ state: 'failed', notes: [...this.#state.notes, note] });
  }

  /** The app ends, and its timer with it. */
  forget(): void {
    clearTimeout(this.#timer);
  }

  #captured({ running, clean, files, cancelled, complete, notes }: Captured, step: string): void {
    if (running !== null) return this.#running(running, notes);
    if (files.length > 0) {
      this.waiting = { files, time: { from: this.#state.startedAt, to: Date.now() } };
      this.#tell({ files: files.map(({ path }) => path) });
    }
    // What came is kept, and what is left is the node's own task's to remove, or asked for again.
    if (!clean) this.#unreached(notes);
    else if (cancelled || step === 'cleaning') this.#finish('cancelled', notes, true);
    else if (complete) this.#finish('done', notes, true);
    else this.#finish(this.#state.files.length > 0 ? 'partly' : 'failed', notes, true);
    if (this.waiting !== undefined) this.around.fetched(this);
  }

  #running(tool: 'pktmon' | 'netsh', notes: string[]): void {
    const { seconds } = this.wish;
    this.#timer = setTimeout(() => this.fetch(), seconds * 1000);
    const byItself = this.#untilTask(seconds + CAPTURE_GRACE_SECONDS);
    const now = { startedAt: Date.now(), at: '', byItself, clean: false };
    this.#tell({ state: 'running', tool, notes, ...now });
  }

  #unreached(notes: string[]): void {
    clearTimeout(this.#timer);
    const { wish, state } = this.#state;
    const task = state === 'starting' ? wish.seconds + CAPTURE_GRACE_SECONDS : FETCH_GRACE_SECONDS;
    const byItself = this.#atLeast(task);
    this.#tell({ state: 'unreached', at: '', clean: false, notes, byItself });
    const gone = 'By now the node should have ended and removed it by itself.';
    this.#timer = setTimeout(
      () => this.#finish('failed', [...notes, gone], false),
      byItself - Date.now(),
    );
  }

  #finish(
    state: 'done' | 'partly' | 'failed' | 'cancelled',
    notes: string[],
    clean: boolean,
  ): void {
    clearTimeout(this.#timer);
    this.#tell({ state, at: '', notes, clean, endedAt: Date.now() });
  }

  #run(step: 'start' | 'fetch' | 'clean'): void {
    clearTimeout(this.#timer);
    this.#job = randomUUID();
    const { key, startedAt } = this.#state;
    const { target } = this.collection.beginning;
    this.around.post({
      ...{ kind: 'capture', step, job: this.#job, key, target },
      ...{ capture: this.id, wish: this.wish, startedAt },
    });
  }

  #untilTask = (seconds: number): number => Date.now() + seconds * 1000;

  #atLeast = (seconds: number): number => Math.max(this.#state.byItself, this.#untilTask(seconds));

  #tell(news: Partial<CaptureState>): void {
    this.#state = { ...this.#state, ...news };
    this.around.send(this.#state);
  }
}
