import type { ClientChannel } from 'ssh2';
import { TransportError, type CommandRunner, type Ended, type RunOptions } from '../transport';
import type { SshConnection } from './connect';

const STDERR_BYTES = 65_536;

/** Runs commands over a connection, each on a channel of its own. */
export function sshRunner(connection: SshConnection): CommandRunner {
  return {
    run: async (command, options) => {
      options.signal.throwIfAborted();
      const channel = await opened(connection, command).catch((error: unknown) => {
        options.signal.throwIfAborted();
        throw error;
      });
      return transfer(connection, channel, options);
    },
  };
}

function opened(connection: SshConnection, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new TransportError('channel', `The command could not be started: ${reason}`));
    const lost = connection.lost();
    if (lost !== undefined) return fail(`the connection was lost (${lost})`);
    const closed = (): void => fail('the connection was lost');
    connection.client.once('close', closed);
    connection.client.exec(command, (error, channel) => {
      connection.client.off('close', closed);
      if (error === undefined) resolve(channel);
      else fail(error.message);
    });
  });
}

async function transfer(
  connection: SshConnection,
  channel: ClientChannel,
  { input, signal, onOutput }: RunOptions,
): Promise<Ended> {
  let exitCode: number | undefined;
  let ended = false;
  let stderr = Buffer.alloc(0);
  const abort = (): void => {
    channel.signal('TERM');
    channel.destroy();
  };
  signal.addEventListener('abort', abort);
  channel.on('exit', (code: number | null) => {
    ended = true;
    exitCode = code ?? undefined;
  });
  channel.stderr.on('data', (bytes: Buffer) => {
    if (stderr.length < STDERR_BYTES)
      stderr = Buffer.concat([stderr, bytes]).subarray(0, STDERR_BYTES);
  });
  const closed = new Promise<void>((resolve) => {
    channel.once('close', resolve);
  });
  let broken: string | undefined;
  channel.on('error', (error: Error) => (broken ??= error.message));
  channel.end(input);
  try {
    // Read piece by piece: the window of the channel holds the node back while a piece is stored.
    for await (const bytes of channel) await onOutput(bytes as Buffer);
    await closed;
  } catch (error) {
    signal.throwIfAborted();
    if (!isPremature(error)) throw error;
    broken ??= 'it broke off';
  } finally {
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
  return {
    exitCode,
    stderr: stderr.toString('utf8'),
    lost: ended ? undefined : (connection.lost() ?? broken ?? 'the other side ended it'),
  };
}

/** The stream ended without its end: the connection broke. */
const isPremature = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
