import type { SnapshotSummary } from '../../shared/ipc/case-schemas';
import type { StepNumber } from '../stores/navigation';

const none = {
  errors: 0,
  warnings: 0,
  infos: 0,
  passed: 0,
  notChecked: 0,
  doesNotApply: 0,
};

/** The counts of one step of a snapshot. */
export function stepCounts(snapshot: SnapshotSummary, step: StepNumber): typeof none {
  return snapshot.steps.find((each) => each.step === step) ?? none;
}
