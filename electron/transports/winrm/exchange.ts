import { Agent, request, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TransportError } from '../transport';
import type { WinrmSocket, WinrmTarget } from './socket';
import { OPERATION_SECONDS } from './wsman';

/** More than any envelope a node is asked for: the rest of a reply is not read. */
const REPLY_BYTES = 4 * 1024 ** 2;
const REPLY_MILLISECONDS = (OPERATION_SECONDS + 15) * 1000;

export interface Reply {
  readonly status: number;
  readonly type: string;
  /** All values of WWW-Authenticate. */
  readonly challenges: string;
  /** The node's clock as it says, milliseconds UTC; NaN where it does not. */
  readonly nodeTime: number;
  readonly body: Buffer;
}

/** HTTP over one socket, kept alive: a login and the order of sealed messages belong to it. */
export class Exchange {
  readonly #agent: Agent;
  #lost: string | undefined;

  constructor(
    readonly target: WinrmTarget,
    private readonly connection: WinrmSocket,
  ) {
    this.#agent = new OneSocket(connection.socket);
    connection.socket.once('close', () => (this.#lost ??= 'the other side closed it'));
  }

  /** What a login must be bound to; zeros without TLS. */
  get binding(): Buffer {
    return this.connection.binding;
  }

  /** Why it cannot be used any more. */
  lost(): string | undefined {
    return this.#lost;
  }

  close(why: string): void {
    this.#lost ??= why;
    this.connection.socket.destroy();
    this.#agent.destroy();
  }

  /** Sends a body and gives the reply, whatever its status. @throws TransportError when the connection is lost */
  send(body: Buffer, type: string, authorization?: string): Promise<Reply> {
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
          ...(authorization === undefined ? {} : { Authorization: authorization }),
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
    nodeTime: Date.parse(response.headers.date ?? ''),
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
