import type { LiveTarget } from '../../shared/ipc/live';
import { ownFile } from '../transports/own-file';
import { PinnedCertificates } from '../transports/winrm/certificate';
import type { WinrmOptions } from '../transports/winrm/connect';
import type { WinrmTarget } from '../transports/winrm/socket';
import type { Questions } from './questions';

/** What WinRM needs for a target of the window: address, accepted certificates, questions. */
export async function winrmWay(
  target: Extract<LiveTarget, { kind: 'winrm' }>,
  questions: Questions,
): Promise<{
  readonly target: WinrmTarget;
  readonly options: Pick<WinrmOptions, 'user' | 'method' | 'pins' | 'authorities' | 'questions'>;
}> {
  const { host, tls, user, method } = target;
  return {
    target: { host, port: target.port ?? (tls ? 5986 : 5985), tls },
    options: {
      user: user === '' ? undefined : user,
      method,
      pins: await PinnedCertificates.read(ownFile('winrm-certificates')),
      authorities: [],
      questions: {
        trustCertificate: ({ ...shown }) =>
          questions.trusts({ kind: 'trust-certificate', ...shown }),
        password: () => questions.text({ kind: 'password', who: `${user}@${host}`, own: true }),
      },
    },
  };
}
