import {
  cellLetters,
  cellView,
  columnHead,
  rowHead,
  type ReachabilityOrder,
} from '../../../shared/views/trace/reachability-view';
import { CallError } from '../call-error';
import { caseOnScreen } from './case-on-screen';
import { fitting, type CallAbout, type Handlers } from './handler';
import { ReachabilityJob, type WholeMatrix } from './reachability-job';

type ReachabilityChannel =
  | 'reachability:state'
  | 'reachability:cancel'
  | 'reachability:heads'
  | 'reachability:cells'
  | 'reachability:cell'
  | 'reachability:problems';

/** Jobs by case: another state of a case, or another snapshot on screen, is another matrix. */
const jobs = new WeakMap<object, ReachabilityJob>();

const jobOf = (about: CallAbout, snapshotId: string): ReachabilityJob | undefined =>
  jobs.get(caseOnScreen(about, snapshotId));

function begin(about: CallAbout, snapshotId: string): ReachabilityJob {
  const theCase = caseOnScreen(about, snapshotId);
  const known = jobs.get(theCase);
  if (known !== undefined && !known.cancelled) return known;
  const job = new ReachabilityJob(theCase);
  jobs.set(theCase, job);
  return job;
}

/** @throws CallError where the matrix is not made. */
function whole(about: CallAbout, snapshotId: string): WholeMatrix {
  const made = jobOf(about, snapshotId)?.whole;
  if (made === undefined) throw new CallError('not-found', 'The matrix is not made yet');
  return made;
}

const orderOf = ({ orders }: WholeMatrix, problems: boolean): ReachabilityOrder =>
  problems ? orders.problems : orders.all;

export const reachabilityCalls: Handlers<ReachabilityChannel> = {
  'reachability:state': ({ snapshotId, begin: wanted }, about) =>
    (wanted ? begin(about, snapshotId) : jobOf(about, snapshotId))?.state ?? null,
  'reachability:cancel': ({ snapshotId }, about) => {
    jobOf(about, snapshotId)?.cancel();
    return null;
  },
  'reachability:heads': ({ snapshotId, axis, problems, offset, limit }, about) => {
    const made = whole(about, snapshotId);
    const order = orderOf(made, problems)[axis];
    const head = axis === 'rows' ? rowHead : columnHead;
    const page = order.slice(offset, offset + limit).map((index) => head(made.matrix, index));
    return { items: fitting(page), offset, matching: order.length };
  },
  'reachability:cells': ({ snapshotId, problems, row, rows, column, columns }, about) => {
    const made = whole(about, snapshotId);
    const order = orderOf(made, problems);
    const wanted = order.columns.slice(column, column + columns);
    return {
      lines: order.rows
        .slice(row, row + rows)
        .map((each) => cellLetters(made.matrix, each, wanted)),
    };
  },
  'reachability:cell': ({ snapshotId, problems, row, column }, about) => {
    const made = whole(about, snapshotId);
    const order = orderOf(made, problems);
    return cellView(made.matrix, order.rows[row] ?? -1, order.columns[column] ?? -1) ?? null;
  },
  'reachability:problems': ({ snapshotId, offset, limit }, about) => {
    const made = whole(about, snapshotId);
    const { matrix, orders } = made;
    const places = about.case.keep('reachability-problems', snapshotId, () =>
      orders.problems.rows.flatMap((row) =>
        orders.problems.columns.flatMap((column) => {
          const cell = matrix.cells[row]?.[column];
          return cell !== undefined && cell.lost > 0 ? [{ row, column }] : [];
        }),
      ),
    );
    const page = places
      .slice(offset, offset + limit)
      .flatMap(({ row, column }) => cellView(matrix, row, column) ?? []);
    return { items: fitting(page), offset, matching: places.length };
  },
};
