import type { SymptomChain } from '../../../shared/chains/chain';
import { symptomChains } from '../../../shared/chains/symptom-chains';
import { contextOf, type CallAbout } from './handler';

/** The symptom paths of a snapshot, kept for the next who asks. */
export function chainsOf(about: CallAbout, snapshotId: string): readonly SymptomChain[] {
  const { snapshot } = contextOf(about, snapshotId);
  return about.case.keep('chains', snapshotId, () =>
    symptomChains(snapshot, about.case.state.case, about.case.state),
  );
}
