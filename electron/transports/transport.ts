/** Why a way to a node did not work: which stage, and what to do, in words for the operator. */
export type TransportStage =
  'name' | 'port' | 'host-key' | 'authentication' | 'channel' | 'rights' | 'configuration';

export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    readonly stage: TransportStage,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface RunOptions {
  /** All of the command's standard input. */
  readonly input: Uint8Array;
  readonly signal: AbortSignal;
  /** Standard output as it comes; the next piece waits until this has settled. */
  readonly onOutput: (bytes: Uint8Array) => Promise<void>;
}

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  /** The first 64 KiB of standard error. */
  readonly stderr: string;
  /** Why the connection broke before the command had ended. */
  readonly lost: string | undefined;
}

/** A way to run a command on a node. */
export interface CommandRunner {
  /** @throws TransportError when it cannot be started; the signal's reason when cancelled. */
  run(command: string, options: RunOptions): Promise<Ended>;
}

/** A node that was signed in to. */
export interface NodeWay {
  readonly runner: CommandRunner;
  /** What is good to know of the way, such as settings that are ignored. */
  readonly notes?: readonly string[];
  /** Ends everything on the way and on the node; takes seconds at most. */
  close(): Promise<void> | void;
}

/** Says that a stage was passed, and what was found there; `limited` where that is less than could be. */
export type StagePassed = (stage: TransportStage, found: string, limited?: 'limited') => void;
