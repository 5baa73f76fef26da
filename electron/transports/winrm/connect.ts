import { TransportError, type NodeWay, type StagePassed } from '../transport';
import type { NewCertificate, PinnedCertificates } from './certificate';
import { WinrmChannel } from './channel';
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

export interface WinrmOptions {
  /** `DOMAIN\user`, `user@domain`, or a user of the node itself. */
  readonly user: string;
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
 * Signs in with NTLM. The certificate is judged before a credential leaves: by the operator's pin
 * where there is one, else by the system, else the operator is asked. Over HTTP messages are sealed.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function connectWinrm(target: WinrmTarget, options: WinrmOptions): Promise<NodeWay> {
  const { questions, signal, onStage, onPassed, pins } = options;
  const timeoutMilliseconds = options.timeoutMilliseconds ?? 20_000;
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
  onPassed?.('host-key', identified(target, pinned));
  const password = await questions.password();
  signal.throwIfAborted();
  if (password === undefined)
    throw new TransportError('authentication', `There is no password for ${options.user}`);
  const credential = ntlmCredential(options.user, password);
  const open = async (until: AbortSignal): Promise<WinrmChannel> => {
    const channel = socket(until).then((each) => {
      const cut = (): void => void each.socket.destroy();
      until.addEventListener('abort', cut);
      return WinrmChannel.open(target, each, credential).finally(() =>
        until.removeEventListener('abort', cut),
      );
    });
    return channel.catch((error: unknown) => {
      until.throwIfAborted();
      throw error;
    });
  };
  onStage?.(`signing in to ${target.host} as ${options.user}`);
  const address = `${target.tls ? 'https' : 'http'}://${target.host}:${target.port}/wsman`;
  const shell = new RemoteShell(await open(signal), address, open);
  onPassed?.('authentication', `${target.host} accepted ${options.user} (NTLM).`);
  return { runner: shell, close: () => shell.close() };
}

const changed = (shown: Omit<NewCertificate, 'problem'>, pinned: string): TransportError =>
  new TransportError(
    'host-key',
    `The certificate of ${shown.host} port ${shown.port} has changed: it shows ${shown.fingerprint} (${shown.subject.replace(/\s+/g, ' ')}), accepted was ${pinned}. ` +
      'Somebody may be in between, or the certificate was renewed. Nothing was sent. Where the change is right, remove the old line from winrm-certificates.',
  );

const identified = ({ host, tls }: WinrmTarget, pinned: string | undefined): string =>
  tls
    ? `${host} has the certificate ${pinned ?? ''}, which is trusted.`
    : 'There is no certificate on this port; messages are sealed with keys of the login.';
