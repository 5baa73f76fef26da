import { readFileSync } from 'node:fs';
import { ownFile } from '../transports/own-file';
import { sshAddress } from '../transports/ssh/ssh-address';
import type { NodeWay } from '../transports/transport';
import { PinnedCertificates, sameFingerprint } from '../transports/winrm/certificate';
import { connectWinrm, type WinrmQuestions } from '../transports/winrm/connect';
import { ArgumentError, type CollectCommand } from './arguments';
import { onceRead } from './ssh-way';
import type { Terminal } from './terminal';

/** Signs in to `winrm://` (HTTP, sealed, 5985) or `winrms://` (HTTPS, 5986); without a user with the ticket there is. */
export async function winrmWay(
  command: CollectCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<NodeWay> {
  const tls = /^winrms:/i.test(command.address);
  const scheme = tls ? 'winrms' : 'winrm';
  const { user, host, port } = sshAddress(command.address, scheme);
  if (
    user === undefined &&
    !(tls && (command.auth ?? 'auto') !== 'ntlm' && command.auth !== 'basic')
  )
    throw new ArgumentError(`say who signs in: ${scheme}://USER@${host}, USER may be DOMAIN\\USER`);
  if (command.jumps.length + command.identities.length + command.acceptedKeys.length > 0)
    throw new ArgumentError('--jump, --identity and --accept-new-host-key are for ssh:// only');
  if (!tls && command.acceptedCertificates.length + command.authorities.length > 0)
    throw new ArgumentError(
      'winrm:// has no certificate; --accept-certificate and --ca are for winrms://',
    );
  return connectWinrm(
    { host, port: port ?? (tls ? 5986 : 5985), tls },
    {
      user,
      pins: await PinnedCertificates.read(ownFile('winrm-certificates')),
      authorities: command.authorities.map(pem),
      method: command.auth,
      questions: questions(command, terminal, `${user ?? ''}@${host}`),
      signal,
      onStage: (text) => terminal.progress(text),
    },
  );
}

function pem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ArgumentError(`--ca ${file} cannot be read`);
  }
}

function questions(command: CollectCommand, terminal: Terminal, who: string): WinrmQuestions {
  const password = onceRead(command.passwordFd, '--password-fd');
  return {
    trustCertificate: async (shown) => {
      const { host, port, subject, issuer, validFrom, validTo, fingerprint, problem } = shown;
      if (command.acceptedCertificates.some((each) => sameFingerprint(each, fingerprint)))
        return true;
      const answer = await terminal.ask(
        `This computer does not trust the certificate of ${host} port ${port} (${problem}).\n` +
          `  subject ${subject}, issuer ${issuer}, valid ${validFrom} to ${validTo}, SHA-256\n  ${fingerprint}\n` +
          'Is it the right one? Type yes to trust it from now on: ',
        false,
      );
      if (answer === undefined)
        terminal.warn(
          `if ${fingerprint} is the certificate of ${host}, say --accept-certificate ${fingerprint}`,
        );
      return answer?.trim().toLowerCase() === 'yes';
    },
    password: async () =>
      password === undefined ? terminal.ask(`Password of ${who}: `, true) : password(),
  };
}
