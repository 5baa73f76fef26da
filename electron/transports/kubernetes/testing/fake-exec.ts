import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Replay } from '../../testing/openssh';

const REPLAY = fileURLToPath(new URL('../../testing/replay-node.mjs', import.meta.url));

/** How commands in pods are answered. */
export interface ExecSettings {
  readonly replay: Replay;
  /** File for the replay's settings. */
  readonly settings: string;
  /** Subprotocols that the server knows; before Kubernetes 1.30 it was not v5. */
  readonly protocols?: readonly string[];
  /** Pods in which nothing can be started, with the server's words. */
  readonly broken?: Readonly<Record<string, string>>;
}

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const CLOSE = 255;

/** Answers the request for an exec: refuses it with a Status, or runs the command. */
export function serveExec(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  settings: ExecSettings | undefined,
  refused: { readonly code: number; readonly body: object } | undefined,
): void {
  const known = settings?.protocols ?? ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  if (refused !== undefined || settings === undefined) {
    const code = refused?.code ?? 404;
    return refuse(socket, code, JSON.stringify(refused?.body ?? {}));
  }
  const chosen = offered.find((each) => known.includes(each));
  // As the server of Kubernetes refuses a protocol it does not know: without a body.
  if (chosen === undefined) return refuse(socket, 403, '');
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => chosen });
  server.handleUpgrade(request, socket, head, (ws) => run(ws, socket, request, settings));
}

function refuse(socket: Socket, code: number, body: string): void {
  const type = body === '' ? '' : 'Content-Type: application/json\r\n';
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n${type}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function run(
  ws: WebSocket,
  socket: Socket,
  request: IncomingMessage,
  settings: ExecSettings,
): void {
  const url = new URL(request.url ?? '', 'https://fake');
  const send = (channel: number, bytes: Buffer): void => {
    if (ws.readyState === ws.OPEN) ws.send(Buffer.concat([Buffer.of(channel), bytes]));
  };
  // A server says first of each stream that it is there.
  for (const channel of [STDOUT, STDERR, ERROR]) send(channel, Buffer.alloc(0));
  const pod = /\/pods\/([^/]+)\/exec/.exec(url.pathname)?.[1] ?? '';
  const broken = settings.broken?.[pod];
  const finish = (status: object): void => {
    send(ERROR, Buffer.from(JSON.stringify(status)));
    ws.close(1000);
  };
  if (broken !== undefined)
    return finish({
      metadata: {},
      status: 'Failure',
      message: broken,
      reason: 'InternalError',
      code: 500,
    });
  const asked = commandOf(url.searchParams.getAll('command'));
  const child = started(asked.command, settings);
  const wantsInput = url.searchParams.get('stdin') === 'true';
  if (!wantsInput) child.stdin?.end(asked.input);
  child.stdin?.on('error', () => undefined);
  child.stdout?.on('data', (bytes: Buffer) => send(STDOUT, bytes));
  child.stderr?.on('data', (bytes: Buffer) => send(STDERR, bytes));
  ws.on('message', (data: Buffer) => {
    if (data[0] === STDIN) child.stdin?.write(data.subarray(1));
    if (data[0] === CLOSE && ws.protocol === 'v5.channel.k8s.io') child.stdin?.end();
  });
  ws.on('close', () => kill(child));
  // The replay breaks its connection by ending its parent.
  child.once('exit', (_code, signal) => {
    if (signal === 'SIGKILL') socket.destroy();
  });
  child.once('close', (code) => {
    if (code === 0) return finish({ metadata: {}, status: 'Success' });
    finish({
      metadata: {},
      status: 'Failure',
      message: `command terminated with non-zero exit code: exit status ${code ?? 1}`,
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(code ?? 1) }] },
    });
  });
}

/**
 * The part of PowerShell that the replay does not play: with `-Command` the input stands as strings
 * in the text, piped into a block that is what `-EncodedCommand` would have run.
 */
function commandOf(argv: readonly string[]): { readonly command: string; readonly input: string } {
  const at = argv.indexOf('-Command');
  const piped = /^((?:'[^']*',?)+) \| & \{\n([\s\S]*)\n\}$/.exec(argv[at + 1] ?? '');
  if (at === -1 || piped === null) return { command: argv.join(' '), input: '' };
  const code = Buffer.from(piped[2] ?? '', 'utf16le').toString('base64');
  return {
    command: [...argv.slice(0, at), '-EncodedCommand', code].join(' '),
    input: (piped[1] ?? '')
      .split(',')
      .map((each) => each.slice(1, -1))
      .join('\n'),
  };
}

/** A shell stands between, for the replay to end. Other commands than PowerShell are run as they are. */
function started(command: string, { replay, settings }: ExecSettings): ChildProcess {
  writeFileSync(settings, JSON.stringify(replay));
  const shell = ['-c', '"$0" "$1" "$2"; exit $?', process.execPath, REPLAY, settings];
  const args = command.startsWith('powershell.exe') ? shell : ['-c', command];
  return spawn('/bin/sh', args, {
    env: { ...process.env, SSH_ORIGINAL_COMMAND: command },
    detached: true,
  });
}

function kill(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
