import type { EvidenceLink } from '../../shared/ipc/finding-schemas';
import { look } from './captures';
import { openRaw } from './drawer';
import { goToStep } from './navigation';

/** Shows evidence where it is read best: lines in the raw file, a packet among those of its flow. */
export function openEvidence(to: EvidenceLink): void {
  if (to.packet === undefined) {
    openRaw(to);
    return;
  }
  const { number, flow } = to.packet;
  look({ file: to.file, filter: '', span: null, flow, packet: number - 1 });
  goToStep(8, 'captures');
}
