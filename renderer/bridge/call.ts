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

let underWay = 0;

/** How many calls have no answer yet: at none, a screen shows what it will show. */
export const callsUnderWay = (): number => underWay;

/** Asks main or the analysis process. Rejects with a `CallError`. */
export async function call<C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>> {
  underWay += 1;
  try {
    const reply = await window.workbench.call(channel, args);
    if (!reply.ok) throw new CallError(reply.error);
    return reply.value;
  } finally {
    underWay -= 1;
  }
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
