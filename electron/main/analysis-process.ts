import { utilityProcess, type UtilityProcess } from 'electron';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  fromAnalysis,
  type FromAnalysis,
  type LiveSource,
  type ToAnalysis,
} from '../../shared/ipc/analysis';
import type { Progress } from '../../shared/ipc/case-schemas';
import { CallFailure } from './ipc';

/** What the analysis process tells without being asked. */
export interface AnalysisListener {
  progress(progress: Progress): void;
  /** What is open changed: evidence was added or taken back. */
  changed(): void;
  /** A bundle passes the limits of the guards: go on? */
  confirm(question: { id: string; title: string; detail: string }): void;
  /** The process ended, by itself or by `stop`. */
  ended(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onChunk: ((text: string) => void) | undefined;
}

/** A request as its sender writes it: the id is given here. */
type Request =
  Extract<ToAnalysis, { id: number }> extends infer R
    ? R extends { id: number }
      ? Omit<R, 'id'>
      : never
    : never;

/**
 * One process that reads, parses and analyses one case, so that a busy node's dump never blocks
 * the window. It works in a temporary folder of its own, removed when it ends, however it ends.
 */
export class AnalysisProcess {
  readonly #child: UtilityProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #temporaryFolder = mkdtempSync(path.join(os.tmpdir(), 'hns-workbench-'));
  #lastId = 0;
  #ended = false;
  #stopped = false;

  constructor(
    script: string,
    private readonly listener: AnalysisListener,
  ) {
    this.#child = utilityProcess.fork(script, [], {
      serviceName: 'HNS Workbench analysis',
      stdio: 'inherit',
      env: {
        ...process.env,
        TMPDIR: this.#temporaryFolder,
        TMP: this.#temporaryFolder,
        TEMP: this.#temporaryFolder,
      },
    });
    this.#child.on('message', (message: unknown) => this.#receive(message));
    this.#child.once('exit', (code) => this.#end(code));
  }

  /** Reads and analyses paths or pasted text; resolves when the findings are there. */
  async open({
    paths,
    text,
    title,
    sampleNote,
  }: {
    readonly paths: readonly string[];
    readonly text?: string;
    readonly title: string;
    readonly sampleNote?: string;
  }): Promise<void> {
    await this.#request({
      kind: 'open',
      paths: [...paths],
      title,
      ...(text === undefined ? {} : { text }),
      ...(sampleNote === undefined ? {} : { sampleNote }),
    });
  }

  /** True once it has ended, or is told to. */
  get ended(): boolean {
    return this.#ended || this.#stopped;
  }

  /** Hands over what has come of live nodes; resolves when it is analysed. */
  async join(sources: readonly LiveSource[]): Promise<void> {
    await this.#request({ kind: 'live', sources: [...sources] });
  }

  /** A call of the contract. `paths` are those of the tokens in its arguments. */
  call(channel: string, args: unknown, paths: readonly string[]): Promise<unknown> {
    return this.#request({ kind: 'call', channel, args, paths: [...paths] });
  }

  /** The path of a capture of the case on the disk; undefined for one in an archive. */
  async capturePath(snapshotId: string, file: string): Promise<string | undefined> {
    const found = await this.#request({ kind: 'capture-path', snapshotId, file });
    return typeof found === 'string' ? found : undefined;
  }

  /** Renders a text (report or table); its pieces go to `onChunk` in order. */
  async stream(
    request: Extract<Request, { kind: 'render' | 'csv' | 'picture' }>,
    onChunk: (text: string) => void,
  ): Promise<void> {
    await this.#request(request, onChunk);
  }

  answer(confirmId: string, goOn: boolean): void {
    this.#post({ kind: 'confirm-answer', confirmId, goOn });
  }

  /** Asks the process to stop what it does. It goes on living. */
  cancel(): void {
    this.#post({ kind: 'cancel' });
  }

  /** Ends it at once. What it was asked for is answered as cancelled. */
  stop(): void {
    this.#stopped = true;
    if (!this.#ended) this.#child.kill();
  }

  #request(request: Request, onChunk?: (text: string) => void): Promise<unknown> {
    if (this.#ended) return Promise.reject(new CallFailure('not-open', 'Nothing is open.'));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onChunk });
      this.#post({ ...request, id });
    });
  }

  #post(message: ToAnalysis): void {
    if (!this.#ended) this.#child.postMessage(message);
  }

  #receive(message: unknown): void {
    const parsed = fromAnalysis.safeParse(message);
    if (!parsed.success) {
      console.error('The analysis process sent a malformed message:', parsed.error.message);
      return;
    }
    this.#handle(parsed.data);
  }

  #handle(message: FromAnalysis): void {
    switch (message.kind) {
      case 'progress':
        this.listener.progress(message.progress);
        return;
      case 'changed':
        this.listener.changed();
        return;
      case 'confirm':
        this.listener.confirm({
          id: message.confirmId,
          title: message.title,
          detail: message.detail,
        });
        return;
      case 'chunk':
        this.#pending.get(message.id)?.onChunk?.(message.text);
        return;
      case 'reply':
        this.#settle(message.id)?.resolve(message.value);
        return;
      case 'failure':
        this.#settle(message.id)?.reject(
          new CallFailure(message.error.code, message.error.message),
        );
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #end(code: number): void {
    this.#ended = true;
    rmSync(this.#temporaryFolder, { recursive: true, force: true });
    const failure = this.#stopped
      ? new CallFailure('cancelled', 'Cancelled.')
      : new CallFailure('internal', `The analysis process ended unexpectedly (code ${code}).`);
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
    this.listener.ended();
  }
}
