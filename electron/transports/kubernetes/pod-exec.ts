import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { z } from 'zod';
import { TransportError, type CommandRunner, type Ended, type RunOptions } from '../transport';
import { ApiFailure, apiFailure, jsonOf, oneLine } from './api-failure';
import { unreachable, type ApiServer } from './api-server';
import type { HostProcessPod } from './host-process-pods';
import { inputAsArgument } from './input-as-argument';

/*
 * Commands in containers over a websocket: the subprotocols of kubernetes/apimachinery
 * (remotecommand). Each message starts with the number of its stream. Version 5 has a message that
 * ends a stream; in version 4 standard input stays open until the connection ends.
 */
const V5 = 'v5.channel.k8s.io';
const V4 = 'v4.channel.k8s.io';
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const CLOSE = 255;

const STDERR_BYTES = 65_536;
const INPUT_PIECE = 32_768;
const MESSAGE_BYTES = 4 * 1024 ** 2;

/** Runs commands in a container that exists. Cancelling ends the connection, which ends the streams. */
export function podRunner(api: ApiServer, pod: HostProcessPod): CommandRunner {
  return {
    run: async (command, options) => {
      options.signal.throwIfAborted();
      if (options.input.length === 0)
        return run(
          await open(api, pod, command.split(' '), false, [V5, V4], options),
          pod,
          options,
        );
      const socket = await open(api, pod, command.split(' '), true, [V5], options).catch(
        (error: unknown) => {
          // A server that does not know the protocol says so with an empty refusal, before it runs anything.
          if (error instanceof ApiFailure && !error.fromApi) return undefined;
          throw error;
        },
      );
      if (socket !== undefined) return run(socket, pod, options);
      const whole = inputAsArgument(command, options.input);
      return run(await open(api, pod, whole, false, [V4], options), pod, {
        ...options,
        input: new Uint8Array(0),
      });
    },
  };
}

async function open(
  api: ApiServer,
  { namespace, name, container }: HostProcessPod,
  argv: readonly string[],
  input: boolean,
  protocols: string[],
  { signal }: RunOptions,
): Promise<WebSocket> {
  const query = new URLSearchParams(argv.map((each): [string, string] => ['command', each]));
  query.set('container', container);
  for (const stream of ['stdout', 'stderr', ...(input ? ['stdin'] : [])]) query.set(stream, 'true');
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/exec`;
  const url = api.url(path, query);
  url.protocol = 'wss:';
  const { checkServerIdentity: _never, ...connection } = await api
    .connection()
    .catch((error: unknown) => {
      throw unreachable(error, url);
    });
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, {
      ...(connection as WebSocket.ClientOptions),
      handshakeTimeout: api.options.timeoutMilliseconds,
      maxPayload: MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    const abort = (): void => socket.terminate();
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', abort);
      act();
    };
    signal.addEventListener('abort', abort);
    socket.once('unexpected-response', (_request, response) => {
      void refusal(response).then((failure) => {
        socket.terminate();
        settle(() => reject(failure));
      });
    });
    socket.once('error', (error) => {
      settle(() => reject(signal.aborted ? (signal.reason as Error) : unreachable(error, url)));
      socket.on('error', () => undefined);
    });
    // Nothing may come before somebody listens.
    socket.once('open', () => {
      socket.pause();
      settle(() => resolve(socket));
    });
  });
}

async function refusal(response: IncomingMessage): Promise<ApiFailure> {
  let body = '';
  try {
    for await (const piece of response.setEncoding('utf8')) {
      body += piece as string;
      if (body.length > 65_536) break;
    }
  } catch {
    // What came is enough.
  }
  return apiFailure(response.statusCode ?? 0, body);
}

const statusBody = z.object({
  status: z.enum(['Success', 'Failure']),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({ causes: z.array(z.object({ reason: z.string(), message: z.string() })) })
    .optional()
    .catch(undefined),
});

async function run(
  socket: WebSocket,
  pod: HostProcessPod,
  { input, signal, onOutput }: RunOptions,
): Promise<Ended> {
  let stderr = Buffer.alloc(0);
  let output = false;
  let told: z.infer<typeof statusBody> | undefined;
  let broken: Error | undefined;
  let queue = Promise.resolve();
  const take = async (message: Buffer): Promise<void> => {
    const bytes = message.subarray(1);
    switch (message[0]) {
      case STDOUT:
        output ||= bytes.length > 0;
        if (bytes.length > 0) await onOutput(bytes);
        return;
      case STDERR:
        if (stderr.length < STDERR_BYTES)
          stderr = Buffer.concat([stderr, bytes]).subarray(0, STDERR_BYTES);
        return;
      case STATUS:
        if (bytes.length === 0) return;
        told = statusBody.safeParse(jsonOf(bytes.toString('utf8'))).data;
        socket.close(1000);
        return;
      default:
        // Streams that were not asked for.
        return;
    }
  };
  const closed = new Promise<string>((resolve) => {
    socket.once('close', (code, reason) => resolve(oneLine(`${code} ${reason.toString('utf8')}`)));
  });
  socket.on('error', () => undefined);
  socket.on('message', (data: WebSocket.RawData) => {
    // The node waits while a piece is stored.
    socket.pause();
    queue = queue
      .then(() => take(data as Buffer))
      .catch((error: unknown) => {
        broken ??= error instanceof Error ? error : new Error(String(error));
        socket.terminate();
      })
      .finally(() => socket.resume());
  });
  const abort = (): void => socket.terminate();
  signal.addEventListener('abort', abort);
  const watchdog = keepAlive(socket);
  try {
    socket.resume();
    await send(socket, input);
    const how = await closed;
    await queue;
    signal.throwIfAborted();
    if (broken !== undefined) throw broken;
    const text = stderr.toString('utf8');
    if (told === undefined)
      return {
        exitCode: undefined,
        stderr: text,
        lost: watchdog.silent() ?? `the API server ended it (${how})`,
      };
    if (told.status === 'Success') return { exitCode: 0, stderr: text, lost: undefined };
    const code = told.details?.causes.find(({ reason }) => reason === 'ExitCode')?.message;
    if (code !== undefined && /^-?\d+$/.test(code))
      return { exitCode: Number(code), stderr: text, lost: undefined };
    const why = oneLine(told.message ?? told.reason ?? 'no reason given');
    if (!output)
      throw new TransportError(
        'channel',
        `The command could not be started in ${pod.namespace}/${pod.name}: ${why}`,
      );
    return { exitCode: undefined, stderr: text, lost: why };
  } finally {
    signal.removeEventListener('abort', abort);
    watchdog.stop();
    socket.terminate();
  }
}

/** Sends standard input and its end. A connection that breaks meanwhile is seen by its close. */
async function send(socket: WebSocket, input: Uint8Array): Promise<void> {
  if (input.length === 0) return;
  const message = (bytes: Buffer): Promise<void> =>
    new Promise((resolve) => socket.send(bytes, () => resolve()));
  for (let at = 0; at < input.length; at += INPUT_PIECE)
    await message(Buffer.concat([Buffer.of(STDIN), input.subarray(at, at + INPUT_PIECE)]));
  await message(Buffer.of(CLOSE, STDIN));
}

const PING_MILLISECONDS = 20_000;

/** Asks whether the other side is there, so that a dead connection is noticed and a proxy keeps it. */
function keepAlive(socket: WebSocket): { silent(): string | undefined; stop(): void } {
  let heard = true;
  let silent: string | undefined;
  socket.on('pong', () => (heard = true));
  socket.on('message', () => (heard = true));
  const timer = setInterval(() => {
    // While output is being stored nothing is read, answers neither.
    if (!heard && !socket.isPaused) {
      silent = 'the API server does not answer';
      socket.terminate();
    }
    heard = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_MILLISECONDS);
  return { silent: () => silent, stop: () => clearInterval(timer) };
}
