import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Replay } from '../../testing/openssh';
import { endPointBinding } from '../certificate';
import { ntlmCredential } from '../ntlm';
import { NtlmSession } from '../ntlm-session';
import { SEALED_TYPE, sealedBody, unsealedBody } from '../sealed-message';
import { element, elements, escapeXml, readXml, type XmlElement } from '../xml';
import { accepted, challengeMessage } from './ntlm-acceptor';

const REPLAY = fileURLToPath(new URL('../../testing/replay-node.mjs', import.meta.url));
const SHELL = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const NAMESPACES = `xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer" xmlns:rsp="${SHELL}"`;
const BUFFER_BYTES = 1 << 20;
/** What is sent in one reply, within what clients take. */
const PIECE_BYTES = 96 << 10;

export const FAKE_ACCOUNT = { user: 'WINLAB\\operator', password: 'S3cret!päss' };

export interface FakeWinrmOptions {
  readonly replay: Replay;
  /** File for the replay's settings. */
  readonly settings: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Answers what the kind of request would get: a fault's code, subcode and text. */
  readonly fault?: {
    readonly on: string;
    readonly code: number;
    readonly subcode: string;
    readonly text: string;
  };
  /** Changes the bytes of sealed replies, or answers plainly. */
  readonly tamper?:
    | 'flip reply'
    | 'flip signature'
    | 'unsealed reply'
    | 'no sealing offered'
    | 'other certificate bound';
  /** Changes a login before it is judged, as somebody in between would. */
  readonly onLogin?: (message: Buffer) => void;
  /** Seconds that a Receive waits. */
  readonly pollMilliseconds?: number;
  /** Takes Basic, and nothing else. */
  readonly basicOnly?: boolean;
  /** Minutes that the node's clock is ahead. */
  readonly clockMinutes?: number;
}

/** A service on loopback that speaks WinRM and whose every command is answered as a Windows node would. */
export class FakeWinrm {
  readonly shells = new Map<string, Map<string, Running>>();
  /** Kinds of requests in the order they came. */
  readonly log: string[] = [];
  /** What came as Authorization. */
  readonly logins: string[] = [];
  readonly #server: http.Server | https.Server;
  readonly #sockets = new Set<Socket>();
  readonly #states = new WeakMap<
    Socket,
    { challenge?: Buffer; offer?: Buffer; first?: Buffer; session?: NtlmSession }
  >();

  private constructor(private readonly options: FakeWinrmOptions) {
    writeFileSync(options.settings, JSON.stringify(options.replay));
    const answer: http.RequestListener = (request, response) =>
      void this.#answer(request, response);
    this.#server =
      options.certificate === undefined
        ? http.createServer(answer)
        : https.createServer(options.certificate, answer);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: FakeWinrmOptions): Promise<FakeWinrm> {
    const fake = new FakeWinrm(options);
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get fingerprint(): string {
    return new X509Certificate(this.options.certificate?.cert ?? '').fingerprint256;
  }

  /** Every connection breaks; the node goes on. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const shell of this.shells.values()) for (const each of shell.values()) each.kill();
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    } catch {
      return;
    }
    const body = Buffer.concat(pieces);
    const state = this.#states.get(request.socket) ?? {};
    this.#states.set(request.socket, state);
    const authorization = request.headers.authorization ?? '';
    if (authorization !== '') this.logins.push(authorization);
    if (this.options.basicOnly === true) return this.#answerBasic(authorization, body, response);
    const token = /^Negotiate (\S+)$/.exec(authorization)?.[1];
    const { tamper, certificate } = this.options;
    if (token !== undefined) {
      const message = Buffer.from(token, 'base64');
      if (message[8] === 1) {
        state.first = message;
        state.challenge = randomBytes(8);
        const now = Date.now() + (this.options.clockMinutes ?? 0) * 60_000;
        state.offer = challengeMessage(state.challenge, now, tamper !== 'no sealing offered');
        response.writeHead(401, {
          'WWW-Authenticate': ['Kerberos', `Negotiate ${state.offer.toString('base64')}`],
          'Content-Length': 0,
        });
        response.end();
        return;
      }
      this.options.onLogin?.(message);
      const shown =
        tamper === 'other certificate bound'
          ? Buffer.alloc(16, 1)
          : certificate && endPointBinding(new X509Certificate(certificate.cert));
      const key =
        state.first &&
        state.offer &&
        state.challenge &&
        accepted({
          first: state.first,
          offer: state.offer,
          challenge: state.challenge,
          message,
          credential: ntlmCredential(FAKE_ACCOUNT.user, FAKE_ACCOUNT.password),
          binding: shown ?? Buffer.alloc(16),
        });
      if (key !== undefined) state.session = new NtlmSession(key, 'acceptor');
    }
    if (state.session === undefined) {
      response.writeHead(401, { 'WWW-Authenticate': 'Negotiate', 'Content-Length': 0 }).end();
      return;
    }
    if (body.length === 0) {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      return;
    }
    const sealed = request.headers['content-type']?.startsWith('multipart/encrypted') === true;
    if (!sealed && certificate === undefined) {
      this.log.push('unsealed');
      response.writeHead(500, { 'Content-Length': 0 }).end();
      return;
    }
    let text: string;
    try {
      text = (sealed ? unsealedBody(state.session, body) : body).toString('utf8');
    } catch {
      request.socket.destroy();
      return;
    }
    const { status, reply } = await this.#soap(text);
    const plain = Buffer.from(reply);
    const out = sealed && tamper !== 'unsealed reply' ? sealedBody(state.session, plain) : plain;
    if (tamper === 'flip reply') flip(out, out.length - 40);
    if (tamper === 'flip signature') flip(out, out.indexOf('octet-stream\r\n') + 14 + 4 + 6);
    response.writeHead(status, {
      'Content-Type': out === plain ? 'application/soap+xml;charset=UTF-8' : SEALED_TYPE,
      'Content-Length': out.length,
    });
    response.end(out);
  }

  async #answerBasic(
    authorization: string,
    body: Buffer,
    response: http.ServerResponse,
  ): Promise<void> {
    const { user, password } = FAKE_ACCOUNT;
    if (authorization !== `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`) {
      const challenge = { 'WWW-Authenticate': 'Basic realm="WSMAN"', 'Content-Length': 0 };
      response.writeHead(401, challenge).end();
      return;
    }
    if (body.length === 0) {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      return;
    }
    const { status, reply } = await this.#soap(body.toString('utf8'));
    response.writeHead(status, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(reply);
  }

  async #soap(text: string): Promise<{ status: number; reply: string }> {
    const root = readXml(text);
    const action = (root && element(root, 'Action')?.text) ?? '';
    const kind = action.slice(action.lastIndexOf('/') + 1);
    this.log.push(kind);
    const ok = (body: string): { status: number; reply: string } => ({
      status: 200,
      reply: `<s:Envelope ${NAMESPACES}><s:Header><a:Action>${action}Response</a:Action><a:RelatesTo>${root && element(root, 'MessageID')?.text}</a:RelatesTo></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
    });
    const fault = (
      code: number,
      subcode: string,
      why: string,
    ): { status: number; reply: string } => ({
      status: 500,
      reply: `<s:Envelope ${NAMESPACES}><s:Header><a:Action>http://schemas.dmtf.org/wbem/wsman/1/wsman/fault</a:Action></s:Header><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(why)}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="${code}" Machine="node"><f:Message>${escapeXml(why)}</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>`,
    });
    const given = this.options.fault;
    if (given?.on === kind) return fault(given.code, given.subcode, given.text);
    if (root === undefined) return fault(1, 'SchemaValidationError', 'no XML');
    if (kind === 'Create') {
      const id = randomUUID().toUpperCase();
      this.shells.set(id, new Map());
      return ok(
        `<x:ResourceCreated><a:ReferenceParameters><w:SelectorSet><w:Selector Name="ShellId">${id}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>${id}</rsp:ShellId></rsp:Shell>`,
      );
    }
    const id =
      [...elements(root, 'Selector')].find((each) => each.attributes.get('Name') === 'ShellId')
        ?.text ?? '';
    const shell = this.shells.get(id);
    if (shell === undefined)
      return fault(2150858843, 'InvalidSelectors', 'the shell was not found on the server');
    return this.#inShell(kind, root, id, shell, ok, fault);
  }

  async #inShell(
    kind: string,
    root: XmlElement,
    id: string,
    shell: Map<string, Running>,
    ok: (body: string) => { status: number; reply: string },
    fault: (code: number, subcode: string, why: string) => { status: number; reply: string },
  ): Promise<{ status: number; reply: string }> {
    const commandOf = (name: string): string =>
      element(root, name)?.attributes.get('CommandId') ?? '';
    switch (kind) {
      case 'Command': {
        const words = [element(root, 'Command'), ...elements(root, 'Arguments')].map(
          (each) => each?.text ?? '',
        );
        const command = randomUUID().toUpperCase();
        shell.set(command, new Running(words.join(' '), this.options.settings, () => this.cut()));
        return ok(
          `<rsp:CommandResponse><rsp:CommandId>${command}</rsp:CommandId></rsp:CommandResponse>`,
        );
      }
      case 'Send': {
        const stream = element(root, 'Stream');
        shell
          .get(commandOf('Stream'))
          ?.input(
            Buffer.from(stream?.text ?? '', 'base64'),
            stream?.attributes.get('End') === 'true',
          );
        return ok('<rsp:SendResponse/>');
      }
      case 'Receive': {
        const command = commandOf('DesiredStream');
        const taken = await shell.get(command)?.take(this.options.pollMilliseconds ?? 5000);
        if (taken === undefined) return fault(2150858843, 'InvalidSelectors', 'no such command');
        if (taken.out.length + taken.err.length === 0 && taken.exitCode === undefined)
          return fault(
            2150858793,
            'TimedOut',
            'The operation did not complete within OperationTimeout.',
          );
        const stream = (name: string, bytes: Buffer): string =>
          bytes.length === 0
            ? ''
            : `<rsp:Stream Name="${name}" CommandId="${command}">${bytes.toString('base64')}</rsp:Stream>`;
        const state =
          taken.exitCode === undefined
            ? `<rsp:CommandState CommandId="${command}" State="${SHELL}/CommandState/Running"/>`
            : `<rsp:Stream Name="stdout" CommandId="${command}" End="true"/><rsp:CommandState CommandId="${command}" State="${SHELL}/CommandState/Done"><rsp:ExitCode>${taken.exitCode}</rsp:ExitCode></rsp:CommandState>`;
        return ok(
          `<rsp:ReceiveResponse>${stream('stdout', taken.out)}${stream('stderr', taken.err)}${state}</rsp:ReceiveResponse>`,
        );
      }
      case 'Signal':
        shell.get(commandOf('Signal'))?.kill();
        return ok('<rsp:SignalResponse/>');
      case 'Delete':
        for (const each of shell.values()) each.kill();
        this.shells.delete(id);
        return ok('');
      default:
        return fault(2150858752, 'ActionNotSupported', kind);
    }
  }
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

/** A command: the replay of a node, with its pipes. */
class Running {
  readonly #child: ChildProcess;
  #out = Buffer.alloc(0);
  #err = Buffer.alloc(0);
  #exitCode: number | undefined;
  #wake: () => void = () => undefined;

  constructor(command: string, settings: string, died: () => void) {
    // The replay breaks its connection by ending its parent: this shell is there to be ended.
    this.#child = spawn(
      '/bin/sh',
      ['-c', '"$0" "$1" "$2"; exit $?', process.execPath, REPLAY, settings],
      {
        env: { ...process.env, SSH_ORIGINAL_COMMAND: command },
        detached: true,
      },
    );
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#out = Buffer.concat([this.#out, bytes]);
      if (this.#out.length > BUFFER_BYTES) this.#child.stdout?.pause();
      this.#wake();
    });
    this.#child.stderr?.on(
      'data',
      (bytes: Buffer) => (this.#err = Buffer.concat([this.#err, bytes])),
    );
    this.#child.once('exit', (_code, signal) => {
      if (signal === 'SIGKILL') died();
    });
    this.#child.once('close', (code) => {
      this.#exitCode = code ?? 1;
      this.#wake();
    });
  }

  input(bytes: Buffer, last: boolean): void {
    this.#child.stdin?.write(bytes);
    if (last) this.#child.stdin?.end();
  }

  kill(): void {
    if (this.#exitCode !== undefined || this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  }

  get ended(): boolean {
    return this.#exitCode !== undefined;
  }

  async take(
    milliseconds: number,
  ): Promise<{ out: Buffer; err: Buffer; exitCode: number | undefined }> {
    if (this.#out.length === 0 && this.#exitCode === undefined)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const out = this.#out.subarray(0, PIECE_BYTES);
    this.#out = this.#out.subarray(PIECE_BYTES);
    const err = this.#err;
    this.#err = Buffer.alloc(0);
    this.#child.stdout?.resume();
    return { out, err, exitCode: this.#out.length === 0 ? this.#exitCode : undefined };
  }
}
