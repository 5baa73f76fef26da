import type { Case } from '../snapshot/node-snapshot';
import { cellQuestion, reachabilityAxes, type ReachabilityAxes } from './reachability-axes';
import { cellTracer, type ReachabilityCell } from './reachability-cell';

export type { ReachabilityCell } from './reachability-cell';

/** Who reaches what. `cells[row][column]`; undefined where there is nothing to trace (a pod and itself). */
export interface Reachability extends ReachabilityAxes {
  readonly cells: readonly (readonly (ReachabilityCell | undefined)[])[];
}

export interface ReachabilityProgress {
  readonly done: number;
  readonly total: number;
}

/** Cells between two yields: few enough that a cancel is heard at once. */
const CELLS_A_TURN = 64;

/**
 * Walks a packet from every pod to every pod, service, DNS address, node and to the internet. A
 * cell ends as the trace of its question (`cellQuestion`) does. Yields often, so that the caller
 * can let others work, or stop.
 */
export function* reachability(theCase: Case): Generator<ReachabilityProgress, Reachability> {
  const axes = reachabilityAxes(theCase);
  const { rows, columns } = axes;
  const total = rows.length * columns.length;
  const trace = cellTracer(theCase);
  const cells: (ReachabilityCell | undefined)[][] = [];
  let done = 0;
  for (const row of rows) {
    const line: (ReachabilityCell | undefined)[] = [];
    for (const column of columns) {
      const from = cellQuestion(row, column)?.from;
      line.push(from === undefined ? undefined : trace(from, column));
      done += 1;
      if (done % CELLS_A_TURN === 0) yield { done, total };
    }
    cells.push(line);
  }
  return { ...axes, cells };
}
