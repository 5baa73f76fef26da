import { TransportError, type CommandRunner, type Ended, type RunOptions } from '../transport';
import type { WinrmChannel } from './channel';
import { faultSentence, isNothingYet } from './faults';
import {
  commandIdOf,
  envelope,
  readReceived,
  readReply,
  shellIdOf,
  type CommandId,
  type Received,
  type ShellRequest,
} from './wsman';
import type { XmlElement } from './xml';

const STDERR_BYTES = 65_536;
/** Base64 of it fits into what the smallest nodes take. */
const SEND_BYTES = 65_536;
/** How long cleaning up may take once nobody waits for a result. */
const CLEANUP_MILLISECONDS = 3000;

/**
 * A remote shell of a node, made when the first command runs and used for all: nodes allow few. It is
 * deleted when closed, over a new login where its connection is lost.
 */
export class RemoteShell implements CommandRunner {
  #id: string | undefined;

  constructor(
    private readonly channel: WinrmChannel,
    private readonly address: string,
    private readonly reconnect: (signal: AbortSignal) => Promise<WinrmChannel>,
  ) {}

  async run(command: string, options: RunOptions): Promise<Ended> {
    const { signal } = options;
    signal.throwIfAborted();
    // What makes something on the node is waited for a little, or its id were not known.
    let late: NodeJS.Timeout | undefined;
    let running = false;
    const abort = (): void => {
      const cut = (): void => this.channel.close('it was cancelled');
      if (running) cut();
      else late = setTimeout(cut, CLEANUP_MILLISECONDS);
    };
    signal.addEventListener('abort', abort);
    try {
      const of = await this.#start(command);
      signal.throwIfAborted();
      running = true;
      return await this.#transfer(of, options);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    const shell = this.#id;
    this.#id = undefined;
    if (shell !== undefined) {
      const budget = AbortSignal.timeout(CLEANUP_MILLISECONDS);
      await this.#delete(shell, budget).catch(() => undefined);
    }
    this.channel.close();
  }

  async #delete(shell: string, budget: AbortSignal): Promise<void> {
    const own = this.channel.lost() === undefined;
    const channel = own ? this.channel : await this.reconnect(budget);
    const cut = (): void => channel.close();
    budget.addEventListener('abort', cut);
    try {
      await channel.post(envelope(this.address, { kind: 'delete', shell }));
    } finally {
      budget.removeEventListener('abort', cut);
      if (!own) channel.close();
    }
  }

  async #start(command: string): Promise<CommandId> {
    this.#id ??= idOf(shellIdOf(await this.#ask({ kind: 'create' })), 'shell');
    const [program = '', ...rest] = command.split(' ');
    const shell = this.#id;
    const asked: ShellRequest = { kind: 'command', shell, program, arguments: rest };
    return { shell, command: idOf(commandIdOf(await this.#ask(asked)), 'command') };
  }

  async #transfer(of: CommandId, { input, signal, onOutput }: RunOptions): Promise<Ended> {
    let stderr = Buffer.alloc(0);
    const ended = (exitCode: number | undefined, lost: string | undefined): Ended => ({
      exitCode,
      stderr: stderr.toString('utf8'),
      lost,
    });
    const asked = async (request: ShellRequest): Promise<XmlElement | TransportError> => {
      try {
        return await this.#ask(request);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof TransportError) return error;
        throw error;
      }
    };
    for (let at = 0; at === 0 || at < input.length; at += SEND_BYTES) {
      const bytes = input.subarray(at, at + SEND_BYTES);
      const last = at + SEND_BYTES >= input.length;
      const sent = await asked({ kind: 'send', of, bytes, last });
      if (sent instanceof TransportError)
        return ended(undefined, this.channel.lost() ?? sent.message);
    }
    for (;;) {
      const reply = await asked({ kind: 'receive', of });
      if (reply instanceof TransportError)
        return ended(undefined, this.channel.lost() ?? reply.message);
      const received: Received = readReceived(reply);
      for (const { name, bytes } of received.streams) {
        if (name === 'stdout') await onOutput(bytes);
        else if (stderr.length < STDERR_BYTES)
          stderr = Buffer.concat([stderr, bytes]).subarray(0, STDERR_BYTES);
      }
      signal.throwIfAborted();
      if (!received.done) continue;
      // Tells the node that its result came; what it answers no longer matters.
      await asked({ kind: 'terminate', of });
      return ended(received.exitCode, undefined);
    }
  }

  /** @throws TransportError for a fault, but that a Receive has nothing yet: it is asked again */
  async #ask(request: ShellRequest): Promise<XmlElement> {
    for (;;) {
      const reply = readReply(await this.channel.post(envelope(this.address, request)));
      if (reply === undefined)
        throw new TransportError('channel', 'The node answered with no envelope of WS-Management');
      if (reply.kind === 'body') return reply.body;
      if (request.kind !== 'receive' || !isNothingYet(reply.fault))
        throw faultSentence(reply.fault);
    }
  }
}

function idOf(id: string | undefined, what: string): string {
  if (id === undefined || id === '')
    throw new TransportError('channel', `The node made a ${what} and did not say which`);
  return id;
}
