import type { Args, Channel, Result } from '../../shared/ipc/contract';
import { call } from '../bridge/call';

type EvidenceChannel = Extract<Channel, `evidence:${string}`>;

let running = 0;

/** True while evidence is looked at or added: its progress is not that of an opening. */
export function evidenceRuns(): boolean {
  return running > 0;
}

/** A call about evidence. The case stays on screen meanwhile. */
export async function callEvidence<C extends EvidenceChannel>(
  channel: C,
  args: Args<C>,
): Promise<Result<C>> {
  running += 1;
  try {
    return await call(channel, args);
  } finally {
    running -= 1;
  }
}
