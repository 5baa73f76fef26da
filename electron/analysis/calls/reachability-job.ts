import type { Case } from '../../../shared/snapshot/node-snapshot';
import { reachability, type Reachability } from '../../../shared/trace/reachability';
import { cellCounts, reachabilityOrders } from '../../../shared/views/trace/reachability-view';
import type { ReachabilityState } from '../../../shared/ipc/reachability-schemas';
import { Pause } from '../pause';
import type { Frozen } from './handler';

/** A matrix that is whole, with the orders it is shown in. */
export interface WholeMatrix {
  readonly matrix: Reachability;
  readonly orders: ReturnType<typeof reachabilityOrders>;
  readonly counts: ReturnType<typeof cellCounts>;
}

/** The matrix of a case, made in turns with everything else that is asked meanwhile. */
export class ReachabilityJob {
  readonly #stop = new AbortController();
  #begun = performance.now();
  #milliseconds = 0;
  #progress = { done: 0, total: 0 };
  #whole: WholeMatrix | undefined;
  #failure: Error | undefined;

  constructor(theCase: Case) {
    this.#run(theCase).catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  cancel(): void {
    if (this.#whole === undefined) this.#stop.abort();
  }

  get cancelled(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The matrix, once it is whole. @throws what made it fail, but for a cancel. */
  get whole(): WholeMatrix | undefined {
    if (this.#failure !== undefined && !this.cancelled) throw this.#failure;
    return this.#whole;
  }

  get state(): Frozen<ReachabilityState> {
    const { whole } = this;
    return {
      state: whole !== undefined ? 'done' : this.cancelled ? 'cancelled' : 'running',
      ...this.#progress,
      milliseconds: whole === undefined ? performance.now() - this.#begun : this.#milliseconds,
      rows: whole?.orders.all.rows.length ?? 0,
      columns: whole?.orders.all.columns.length ?? 0,
      problemRows: whole?.orders.problems.rows.length ?? 0,
      problemColumns: whole?.orders.problems.columns.length ?? 0,
      counts: whole?.counts ?? { ok: 0, error: 0, 'not-checked': 0 },
      notes: whole?.matrix.notes ?? [],
    };
  }

  async #run(theCase: Case): Promise<void> {
    const pause = new Pause(this.#stop.signal);
    await pause.now();
    this.#begun = performance.now();
    const cells = reachability(theCase);
    for (let turn = cells.next(); ; turn = cells.next()) {
      if (turn.done === true) {
        const matrix = turn.value;
        const total = matrix.rows.length * matrix.columns.length;
        this.#progress = { done: total, total };
        this.#milliseconds = performance.now() - this.#begun;
        this.#whole = {
          matrix,
          orders: reachabilityOrders(matrix),
          counts: cellCounts(matrix),
        };
        return;
      }
      this.#progress = turn.value;
      await pause.whenDue();
    }
  }
}
