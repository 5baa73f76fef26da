import type { FromLive } from '../../shared/ipc/live';
import { TransportError } from '../transports/transport';

/** How a job ended. */
export type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];

/** Why a job failed, in words; a stage only where a transport named it. */
export function failureOf(error: unknown): Outcome {
  if (error instanceof TransportError)
    return { kind: 'failed', stage: error.stage, message: error.message };
  return {
    kind: 'failed',
    stage: '',
    message: error instanceof Error ? error.message : String(error),
  };
}
