import type {
  Args,
  Channel,
  EventName,
  EventPayload,
  Failure,
  Result,
  WorkbenchBridge,
} from '../../shared/ipc/contract';

declare global {
  interface Window {
    /** Made by the preload from the contract. */
    readonly workbench: WorkbenchBridge;
  }
}

/** A call that was answered with a failure; `message` is a sentence for people. */
export class CallError extends Error {
  readonly code: Failure['code'];

  constructor(failure: Failure) {
    super(failure.message);
    this.code = failure.code;
  }
}

/** Asks main or the analysis process. Rejects with a `CallError`. */
export async function call<C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>> {
  const reply = await window.workbench.call(channel, args);
  if (!reply.ok) throw new CallError(reply.error);
  return reply.value;
}

/** Listens to an event of main; gives the function that stops it. */
export function on<E extends EventName>(
  event: E,
  listener: (payload: EventPayload<E>) => void,
): () => void {
  return window.workbench.on(event, listener);
}

/** A sentence for a toast or an error state. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
