import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReplayCapture } from '../../transports/testing/openssh';
import { TransportError, type CommandRunner, type NodeWay } from '../../transports/transport';

const REPLAY = fileURLToPath(new URL('../../transports/testing/replay-node.mjs', import.meta.url));

/** What the fake node has of packet captures: replay-capture.mjs writes it. */
export interface OnNode {
  readonly session: { readonly id: string } | null;
  readonly filters: readonly string[];
  readonly folders: readonly string[];
  readonly tasks: Readonly<Record<string, number>>;
  readonly did: readonly string[];
}
const NOTHING: OnNode = { session: null, filters: [], folders: [], tasks: {}, did: [] };

/** The fake Windows node without a network: each command is a process of this computer. */
export class LocalNode {
  readonly #folder = mkdtempSync(join(tmpdir(), 'local-node-'));
  readonly #settings = join(this.#folder, 'replay.json');
  /** How many more times it can be signed in to. */
  reachable = Infinity;

  /** How it answers from now on; what is on it stays. */
  answer(capture: ReplayCapture, more: Readonly<Record<string, unknown>> = {}): void {
    writeFileSync(this.#settings, JSON.stringify({ folder: this.#folder, capture, ...more }));
  }

  get onNode(): OnNode {
    const file = `${this.#settings}.node`;
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OnNode) : NOTHING;
  }

  /** In place of a way: as `openWay` gives one. */
  readonly open = (): Promise<NodeWay> => {
    this.reachable -= 1;
    if (this.reachable < 0)
      return Promise.reject(new TransportError('port', 'The node does not answer'));
    return Promise.resolve({ runner: this.#runner, close: () => undefined });
  };

  readonly #runner: CommandRunner = {
    run: (command, { input, signal, onOutput }) =>
      new Promise((resolve, reject) => {
        // A shell of its own: to break the connection, the node ends whoever started it.
        const shell = spawn(
          '/bin/sh',
          ['-c', '"$0" "$1" "$2"; exit $?', process.execPath, REPLAY, this.#settings],
          {
            env: { ...process.env, SSH_ORIGINAL_COMMAND: command },
          },
        );
        const stop = (): void => {
          shell.kill('SIGKILL');
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', stop, { once: true });
        let taken = Promise.resolve();
        shell.stdout.on('data', (bytes: Buffer) => {
          taken = taken.then(() => onOutput(bytes));
        });
        shell.stdin.on('error', () => undefined);
        shell.stdin.end(Buffer.from(input));
        shell.once('close', (code, killed) => {
          signal.removeEventListener('abort', stop);
          const lost = killed === null ? undefined : 'the connection was reset';
          void taken.then(() => resolve({ exitCode: code ?? undefined, stderr: '', lost }));
        });
      }),
  };

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
