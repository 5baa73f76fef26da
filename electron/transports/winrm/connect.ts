import { TransportError, type NodeWay, type StagePassed } from '../transport';
import type { NewCertificate, PinnedCertificates } from './certificate';
import { WinrmChannel } from './channel';
import { isDomainAccount, kerberosTicket, type KerberosTicket } from './kerberos';
import type { WinrmLogin } from './login';
import { ntlmCredential } from './ntlm';
import { RemoteShell } from './shell';
import { openSocket, type WinrmSocket, type WinrmTarget } from './socket';

/** What only the operator can answer. */
export interface WinrmQuestions {
  /** First contact with a certificate that the system does not trust: is it the node's? */
  trustCertificate(certificate: NewCertificate): Promise<boolean>;
  /** Undefined: no answer. */
  password(): Promise<string | undefined>;
}

/**
 * How to sign in. `auto`: over HTTPS Kerberos where this computer's user has a ticket for the node,
 * else NTLM; over HTTP NTLM, sealed. What was chosen is never replaced by something else.
 */
export type WinrmMethod = 'auto' | 'kerberos' | 'ntlm' | 'basic';

export interface WinrmOptions {
  /** `DOMAIN\user`, `user@domain`, or a user of the node itself; undefined: who has the ticket. */
  readonly user: string | undefined;
  /** `auto` where left out. */
  readonly method?: WinrmMethod | undefined;
  readonly pins: PinnedCertificates;
  /** More authorities than the system's, as PEM. */
  readonly authorities: readonly string[];
  readonly questions: WinrmQuestions;
  readonly signal: AbortSignal;
  readonly onStage?: ((text: string) => void) | undefined;
  /** Told after each stage what was found there. */
  readonly onPassed?: StagePassed | undefined;
  readonly timeoutMilliseconds?: number | undefined;
}

/**
 * Signs in. The certificate is judged before a credential leaves: by the operator's pin where there is
 * one, else by the system, else the operator is asked. Over HTTP messages are sealed.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function connectWinrm(target: WinrmTarget, options: WinrmOptions): Promise<NodeWay> {
  const { questions, signal, onStage, onPassed, pins } = options;
  const timeoutMilliseconds = options.timeoutMilliseconds ?? 20_000;
  refuseMethod(target, options.method);
  let pinned = pins.of(target.host, target.port);
  let unknown: NewCertificate | undefined;
  const socket = (until: AbortSignal): Promise<WinrmSocket> =>
    openSocket(target, {
      authorities: options.authorities,
      timeoutMilliseconds,
      signal: until,
      judge: (shown, problem) => {
        if (pinned !== undefined) {
          if (pinned !== shown.fingerprint) throw changed(shown, pinned);
        } else if (problem !== undefined) unknown = { ...shown, problem };
        // What was trusted at first is what later connections of this login have to show.
        else pinned = shown.fingerprint;
      },
    });
  onStage?.(`connecting to ${target.host} port ${target.port}`);
  // Judged on a connection of its own, since a node does not wait while the operator is asked.
  (await socket(signal)).socket.destroy();
  onPassed?.('port', `${target.host} port ${target.port} answers${target.tls ? ' with TLS' : ''}.`);
  if (unknown !== undefined) {
    if (!(await questions.trustCertificate(unknown)))
      throw new TransportError(
        'host-key',
        `The certificate of ${target.host} port ${target.port} is not trusted (${unknown.problem}) and was not accepted: ${unknown.fingerprint}. Nothing was sent.`,
      );
    pinned = unknown.fingerprint;
    await pins.add(target.host, target.port, pinned);
  }
  if (target.tls) onPassed?.('host-key', identified(target, pinned));
  else onPassed?.('host-key', UNIDENTIFIED, 'limited');
  const login = await loginOf(target, options);
  signal.throwIfAborted();
  const open = async (until: AbortSignal): Promise<WinrmChannel> => {
    const channel = socket(until).then((each) => {
      const cut = (): void => void each.socket.destroy();
      until.addEventListener('abort', cut);
      return WinrmChannel.open(target, each, login).finally(() =>
        until.removeEventListener('abort', cut),
      );
    });
    return channel.catch((error: unknown) => {
      until.throwIfAborted();
      throw error;
    });
  };
  const who = options.user ?? 'the user of this computer';
  onStage?.(`signing in to ${target.host} as ${who} (${METHOD_NAMES[login.kind]})`);
  const address = `${target.tls ? 'https' : 'http'}://${target.host}:${target.port}/wsman`;
  const shell = new RemoteShell(await open(signal), address, open);
  onPassed?.('authentication', `${target.host} accepted ${who} (${METHOD_NAMES[login.kind]}).`);
  return { runner: shell, close: () => shell.close() };
}

const METHOD_NAMES = { ntlm: 'NTLM', kerberos: 'Kerberos', basic: 'Basic' } as const;

/** @throws TransportError where what was chosen needs TLS */
function refuseMethod({ tls }: WinrmTarget, method: WinrmMethod | undefined): void {
  if (!tls && (method === 'kerberos' || method === 'basic'))
    throw new TransportError(
      'configuration',
      `${METHOD_NAMES[method]} is for HTTPS only (port 5986): without TLS only NTLM seals the messages. Nothing was sent.`,
    );
}

/** @throws TransportError when there is no password, or no ticket where one was asked for */
async function loginOf(target: WinrmTarget, options: WinrmOptions): Promise<WinrmLogin> {
  const { user, method = 'auto', questions, onStage } = options;
  const { host, tls } = target;
  const ticket = (): Promise<KerberosTicket> => kerberosTicket(host, user);
  if (method === 'kerberos') return { kind: 'kerberos', ticket: await firstOf(ticket) };
  if (method === 'auto' && tls && (user === undefined || isDomainAccount(user))) {
    try {
      return { kind: 'kerberos', ticket: await firstOf(ticket) };
    } catch (error) {
      // Nothing was sent yet. A ticket that the node refuses is not followed by a password.
      if (!(error instanceof TransportError)) throw error;
      onStage?.(`NTLM is used. ${error.message}`);
    }
  }
  if (user === undefined || user === '')
    throw new TransportError('authentication', `Say who signs in to ${host}: a name is needed`);
  const password = await questions.password();
  if (password === undefined)
    throw new TransportError('authentication', `There is no password for ${user}`);
  if (method !== 'basic') return { kind: 'ntlm', credential: ntlmCredential(user, password) };
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  return { kind: 'basic', user, authorization: `Basic ${pair}` };
}

/** The ticket that was got at once, then new ones. */
async function firstOf(
  ticket: () => Promise<KerberosTicket>,
): Promise<() => Promise<KerberosTicket>> {
  let first: KerberosTicket | undefined = await ticket();
  return () => {
    const given = first;
    first = undefined;
    return given === undefined ? ticket() : Promise.resolve(given);
  };
}

const changed = (shown: Omit<NewCertificate, 'problem'>, pinned: string): TransportError =>
  new TransportError(
    'host-key',
    `The certificate of ${shown.host} port ${shown.port} has changed: it shows ${shown.fingerprint} (${shown.subject.replace(/\s+/g, ' ')}), accepted was ${pinned}. ` +
      'Somebody may be in between, or the certificate was renewed. Nothing was sent. Where the change is right, remove the old line from winrm-certificates.',
  );

const identified = ({ host }: WinrmTarget, pinned: string | undefined): string =>
  `${host} has the certificate ${pinned ?? ''}, which is trusted.`;

const UNIDENTIFIED =
  'There is no certificate on this port that would prove who the node is. Messages are sealed with keys of the login: who does not know the account reads nothing.';
