import type { Failure } from '../../shared/ipc/contract';

/** A failure that crosses to the renderer as it is: a code and a sentence for the user. */
export class CallError extends Error {
  override readonly name = 'CallError';

  constructor(
    readonly code: Failure['code'],
    message: string,
  ) {
    super(message);
  }
}
