import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ownFile } from '../own-file';

/** Where the operator's OpenSSH keeps its settings and keys. */
export const userSshFile = (name: string): string => join(homedir(), '.ssh', name);

/** Keys trusted by this program; ~/.ssh/known_hosts is the user's own and only read. */
export const ownKnownHosts = (): string => ownFile('known_hosts');

/**
 * Where an agent listens: what SSH_AUTH_SOCK names, else on Windows the pipe of OpenSSH's agent, else
 * that of Pageant (0.75 and later speak the same protocol on `pageant.USER.HASH`).
 * @param pipes names of the pipes of this computer
 */
export function agentSocket(
  told: string | undefined = process.env['SSH_AUTH_SOCK'],
  pipes: readonly string[] = pipeNames(),
): string | undefined {
  if (told !== undefined && told !== '') return told;
  const own = pipes.find((name) => name === 'openssh-ssh-agent');
  const name = own ?? pipes.find((each) => /^pageant\.[^.]/i.test(each));
  return name === undefined ? undefined : `${PIPES}${name}`;
}

const PIPES = '\\\\.\\pipe\\';

function pipeNames(): readonly string[] {
  if (process.platform !== 'win32') return [];
  try {
    return readdirSync(PIPES);
  } catch {
    return [];
  }
}
