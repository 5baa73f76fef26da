import { utilityProcess, type UtilityProcess } from 'electron';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromLive, type FromLive, type ToLive } from '../../../shared/ipc/live';
import { CallFailure } from '../ipc';

/** What the live process tells of its jobs. */
export interface LiveListener {
  message(message: Exclude<FromLive, { id: number }>): void;
  /** It ended by itself: its jobs are lost. */
  ended(): void;
}

type Request =
  Extract<ToLive, { id: number }> extends infer R
    ? R extends { id: number }
      ? Omit<R, 'id'>
      : never
    : never;

/**
 * The process that holds transports and the collector: one for the app, started when it is first
 * needed and again when it has ended. What it receives lies in a folder of its own until the app
 * ends.
 */
export class LiveProcess {
  #child: UtilityProcess | undefined;
  #folder: string | undefined;
  #lastId = 0;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();

  constructor(
    private readonly script: string,
    private readonly listener: LiveListener,
  ) {}

  post(message: ToLive): void {
    (this.#child ?? this.#start()).postMessage(message);
  }

  request(request: Request): Promise<unknown> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.post({ ...request, id });
    });
  }

  /** Ends it and removes what it received. */
  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #start(): UtilityProcess {
    this.#folder ??= mkdtempSync(path.join(os.tmpdir(), 'hns-workbench-live-'));
    const temporary = { TMPDIR: this.#folder, TMP: this.#folder, TEMP: this.#folder };
    const child = utilityProcess.fork(this.script, [], {
      serviceName: 'HNS Workbench live',
      stdio: 'inherit',
      env: { ...process.env, ...temporary },
    });
    this.#child = child;
    child.on('message', (message: unknown) => this.#receive(message));
    child.once('exit', () => {
      const failure = new CallFailure('internal', 'The process that reads nodes has ended.');
      for (const { reject } of this.#pending.values()) reject(failure);
      this.#pending.clear();
      if (this.#child !== child) return;
      this.#child = undefined;
      this.listener.ended();
    });
    return child;
  }

  #receive(message: unknown): void {
    const parsed = fromLive.safeParse(message);
    if (!parsed.success) {
      console.error('The live process sent a malformed message:', parsed.error.message);
      return;
    }
    const { data } = parsed;
    if (data.kind !== 'reply' && data.kind !== 'failure') return this.listener.message(data);
    const pending = this.#pending.get(data.id);
    this.#pending.delete(data.id);
    if (data.kind === 'reply') pending?.resolve(data.value);
    else pending?.reject(new CallFailure(data.error.code, data.error.message));
  }
}
