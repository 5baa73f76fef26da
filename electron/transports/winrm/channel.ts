import { TransportError } from '../transport';
import { Exchange, type Reply } from './exchange';
import { signInWithBasic, signInWithKerberos, signInWithNtlm, type WinrmLogin } from './login';
import type { NtlmSession } from './ntlm-session';
import { SEALED_TYPE, SOAP_TYPE, sealedBody, unsealedBody } from './sealed-message';
import type { WinrmSocket, WinrmTarget } from './socket';

/**
 * One signed-in connection: every message goes over the same socket, since the login and the order
 * of sealed messages belong to it. Over HTTP messages are sealed, and a reply that is not is refused.
 */
export class WinrmChannel {
  #session: NtlmSession | undefined;

  private constructor(
    private readonly exchange: Exchange,
    private readonly login: WinrmLogin,
  ) {}

  /** Signs in. @throws TransportError, and then the connection is closed */
  static async open(
    target: WinrmTarget,
    connection: WinrmSocket,
    login: WinrmLogin,
  ): Promise<WinrmChannel> {
    const channel = new WinrmChannel(new Exchange(target, connection), login);
    try {
      await channel.#signIn();
      return channel;
    } catch (error) {
      channel.close('the login failed');
      throw error;
    }
  }

  /** Why it cannot be used any more. */
  lost(): string | undefined {
    return this.exchange.lost();
  }

  close(why = 'it was closed'): void {
    this.exchange.close(why);
  }

  /**
   * Sends an envelope. Gives that of the reply, faults among them.
   * @throws TransportError when the connection is lost or the reply cannot be trusted; the channel is
   * closed then
   */
  async post(text: string): Promise<string> {
    try {
      const plain = Buffer.from(text);
      return this.exchange.target.tls ? await this.#overTls(plain) : await this.#sealed(plain);
    } catch (error) {
      this.close(error instanceof Error ? error.message : 'it failed');
      throw error;
    }
  }

  async #signIn(): Promise<void> {
    const { exchange, login } = this;
    switch (login.kind) {
      case 'ntlm':
        this.#session = await signInWithNtlm(exchange, login.credential);
        return;
      case 'kerberos':
        await signInWithKerberos(exchange, await login.ticket());
        return;
      case 'basic':
        return signInWithBasic(exchange, login);
    }
  }

  async #overTls(plain: Buffer): Promise<string> {
    const { exchange, login } = this;
    const always = login.kind === 'basic' ? login.authorization : undefined;
    let reply = await exchange.send(plain, SOAP_TYPE, always);
    // A node may forget a ticket after each message: what it refused so it has not done.
    if (reply.status === 401 && login.kind === 'kerberos')
      reply = await signInWithKerberos(exchange, await login.ticket(), plain);
    refuseStatus(reply);
    if (!/^application\/soap\+xml\b/i.test(reply.type))
      throw new TransportError('channel', `The node answered with no SOAP (HTTP ${reply.status})`);
    return reply.body.toString('utf8');
  }

  async #sealed(plain: Buffer): Promise<string> {
    if (this.#session === undefined)
      throw new TransportError('channel', 'Without TLS only sealed messages are sent.');
    const reply = await this.exchange.send(sealedBody(this.#session, plain), SEALED_TYPE);
    refuseStatus(reply);
    if (!/^multipart\/encrypted\b/i.test(reply.type))
      throw new TransportError(
        'channel',
        reply.status === 500 && reply.body.length === 0
          ? 'The node refused the sealed message (500 without a word): its WinRM service may be set to another authentication'
          : 'The node answered a sealed message with one that is not sealed. It was not used, and the connection was given up.',
      );
    return unsealedBody(this.#session, reply.body).toString('utf8');
  }
}

function refuseStatus({ status }: Reply): void {
  if (status === 401)
    throw new TransportError('channel', 'The node has forgotten the login of this connection');
  if (status !== 200 && status !== 500)
    throw new TransportError('channel', `The node answered with HTTP ${status}`);
}
