import { Agent, request, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TransportError } from '../transport';
import { ntlmAuthenticate, ntlmNegotiate, type NtlmCredential } from './ntlm';
import { NtlmSession } from './ntlm-session';
import { SEALED_TYPE, sealedBody, unsealedBody } from './sealed-message';
import type { WinrmSocket, WinrmTarget } from './socket';
import { OPERATION_SECONDS } from './wsman';

/** More than any envelope a node is asked for: the rest of a reply is not read. */
const REPLY_BYTES = 4 * 1024 ** 2;
const REPLY_MILLISECONDS = (OPERATION_SECONDS + 15) * 1000;
const CLOCK_MINUTES = 5;

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly challenges: string;
  readonly body: Buffer;
}

/**
 * One signed-in connection: every message goes over the same socket, since the login and the order
 * of sealed messages belong to it. Over HTTP messages are sealed, and a reply that is not is refused.
 */
export class WinrmChannel {
  readonly #agent: Agent;
  #session: NtlmSession | undefined;
  #lost: string | undefined;

  private constructor(
    private readonly target: WinrmTarget,
    private readonly connection: WinrmSocket,
  ) {
    this.#agent = new OneSocket(connection.socket);
    connection.socket.once('close', () => (this.#lost ??= 'the other side closed it'));
  }

  /** Signs in (MS-NLMP within Negotiate). @throws TransportError, and then the connection is closed */
  static async open(
    target: WinrmTarget,
    connection: WinrmSocket,
    credential: NtlmCredential,
  ): Promise<WinrmChannel> {
    const channel = new WinrmChannel(target, connection);
    try {
      await channel.#login(credential);
      return channel;
    } catch (error) {
      channel.close('the login failed');
      throw error;
    }
  }

  /** Why it cannot be used any more. */
  lost(): string | undefined {
    return this.#lost;
  }

  close(why = 'it was closed'): void {
    this.#lost ??= why;
    this.connection.socket.destroy();
    this.#agent.destroy();
  }

  /**
   * Sends an envelope. Gives that of the reply, faults among them.
   * @throws TransportError when the connection is lost or the reply cannot be trusted; the channel is
   * closed then
   */
  async post(text: string): Promise<string> {
    try {
      const plain = Buffer.from(text);
      if (this.target.tls || this.#session === undefined)
        return this.#plainText(await this.#exchange(plain, 'application/soap+xml;charset=UTF-8'));
      const body = sealedBody(this.#session, plain);
      const reply = await this.#exchange(body, SEALED_TYPE);
      this.#refuseStatus(reply);
      if (!/^multipart\/encrypted\b/i.test(reply.type))
        throw new TransportError(
          'channel',
          reply.status === 500 && reply.body.length === 0
            ? 'The node refused the sealed message (500 without a word): its WinRM service may be set to another authentication'
            : 'The node answered a sealed message with one that is not sealed. It was not used, and the connection was given up.',
        );
      return unsealedBody(this.#session, reply.body).toString('utf8');
    } catch (error) {
      this.close(error instanceof Error ? error.message : 'it failed');
      throw error;
    }
  }

  #plainText(reply: Reply): string {
    this.#refuseStatus(reply);
    if (!/^application\/soap\+xml\b/i.test(reply.type))
      throw new TransportError('channel', `The node answered with no SOAP (HTTP ${reply.status})`);
    return reply.body.toString('utf8');
  }

  #refuseStatus({ status }: Reply): void {
    if (status === 401)
      throw new TransportError('channel', 'The node has forgotten the login of this connection');
    if (status !== 200 && status !== 500)
      throw new TransportError('channel', `The node answered with HTTP ${status}`);
  }

  async #login(credential: NtlmCredential): Promise<void> {
    const { host, port } = this.target;
    const first = ntlmNegotiate();
    const offer = await this.#negotiate(first);
    const token = /(?:^|,\s*)Negotiate\s+([A-Za-z0-9+/]+=*)/i.exec(offer.challenges)?.[1];
    if (offer.status !== 401)
      throw new TransportError(
        'port',
        `${host} port ${port} answers with HTTP ${offer.status} at /wsman: this is not the WinRM service`,
      );
    if (token === undefined)
      throw new TransportError(
        'authentication',
        `${host} does not take NTLM within Negotiate; it offers: ${offer.challenges.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) || 'nothing'}`,
      );
    const answer = ntlmAuthenticate(
      credential,
      first,
      Buffer.from(token, 'base64'),
      this.connection.binding,
    );
    const reply = await this.#negotiate(answer.message);
    if (reply.status === 401) throw this.#denied(credential, answer.nodeTime);
    if (reply.status >= 300 && reply.status !== 500)
      throw new TransportError(
        'authentication',
        `The login was answered with HTTP ${reply.status}`,
      );
    this.#session = new NtlmSession(answer.exported);
  }

  #denied({ user, domain }: NtlmCredential, nodeTime: number): TransportError {
    const minutes = Math.round((nodeTime - Date.now()) / 60_000);
    return new TransportError(
      'authentication',
      `${this.target.host} did not accept ${domain === '' ? user : `${domain}\\${user}`}: the name or the password is wrong, or the account may not sign in over the network. ` +
        'A local account other than the built-in Administrator has full rights only where LocalAccountTokenFilterPolicy is 1.' +
        (Math.abs(minutes) < CLOCK_MINUTES
          ? ''
          : ` The node's clock is ${Math.abs(minutes)} minutes ${minutes < 0 ? 'behind' : 'ahead of'} this computer's: logins fail when clocks differ.`),
    );
  }

  #negotiate(message: Buffer): Promise<Reply> {
    return this.#exchange(Buffer.alloc(0), 'application/soap+xml;charset=UTF-8', {
      Authorization: `Negotiate ${message.toString('base64')}`,
    });
  }

  #exchange(
    body: Buffer,
    type: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#lost ??= error.message;
        reject(new TransportError('channel', `The connection was lost: ${this.#lost}`));
      };
      if (this.#lost !== undefined) return fail(new Error(this.#lost));
      const { host, port } = this.target;
      const asked = request({
        // The socket has TLS on it already where there is any.
        host,
        port,
        path: '/wsman',
        method: 'POST',
        agent: this.#agent,
        timeout: REPLY_MILLISECONDS,
        headers: {
          'Content-Type': type,
          'Content-Length': body.length,
          'User-Agent': 'hns-workbench',
          ...more,
        },
      });
      asked.once('timeout', () => asked.destroy(new Error('the node does not answer any more')));
      asked.on('error', fail);
      asked.once('response', (response) => void readWhole(response).then(resolve, fail));
      asked.end(body);
    });
  }
}

async function readWhole(response: IncomingMessage): Promise<Reply> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > REPLY_BYTES) {
      response.destroy();
      throw new Error('a reply was larger than any the node was asked for');
    }
    pieces.push(piece);
  }
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    challenges: response.headers['www-authenticate'] ?? '',
    body: Buffer.concat(pieces),
  };
}

/** Hands out one socket, kept alive, and never another. */
class OneSocket extends Agent {
  #socket: Duplex | undefined;

  constructor(socket: Duplex) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) return socket;
    // Nothing to go on with; said once the request listens.
    const none = new Socket().on('error', () => undefined);
    setImmediate(() => none.destroy(new Error('the other side closed it')));
    return none;
  }
}
