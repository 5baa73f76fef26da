import { TransportError, type CommandRunner } from '../transport';
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
  readonly timeoutMilliseconds?: number | undefined;
}

/** A login on the node. */
export interface WinrmConnection {
  readonly runner: CommandRunner;
  /** Deletes the shell on the node, over a new login where the connection is lost; takes seconds at most. */
  close(): Promise<void>;
}

/**
 * Signs in with NTLM. The certificate is judged before a credential leaves: by the operator's pin
 * where there is one, else by the system, else the operator is asked. Over HTTP messages are sealed.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function connectWinrm(
  target: WinrmTarget,
  options: WinrmOptions,
): Promise<WinrmConnection> {
  const { questions, signal, onStage, pins } = options;
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
  if (unknown !== undefined) {
    if (!(await questions.trustCertificate(unknown)))
      throw new TransportError(
        'host-key',
        `The certificate of ${target.host} port ${target.port} is not trusted (${unknown.problem}) and was not accepted: ${unknown.fingerprint}. Nothing was sent.`,
      );
    pinned = unknown.fingerprint;
    await pins.add(target.host, target.port, pinned);
  }
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
  return { runner: shell, close: () => shell.close() };
}

const changed = (shown: Omit<NewCertificate, 'problem'>, pinned: string): TransportError =>
  new TransportError(
    'host-key',
    `The certificate of ${shown.host} port ${shown.port} has changed: it shows ${shown.fingerprint} (${shown.subject.replace(/\s+/g, ' ')}), accepted was ${pinned}. ` +
      'Somebody may be in between, or the certificate was renewed. Nothing was sent. Where the change is right, remove the old line from winrm-certificates.',
  );
