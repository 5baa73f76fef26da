import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ownFile } from '../own-file';

/** Where the operator's OpenSSH keeps its settings and keys. */
export const userSshFile = (name: string): string => join(homedir(), '.ssh', name);

/** Keys trusted by this program; ~/.ssh/known_hosts is the user's own and only read. */
export const ownKnownHosts = (): string => ownFile('known_hosts');

/** Where an agent listens: OpenSSH's socket or, on Windows, its pipe. */
export function agentSocket(): string | undefined {
  const pipe = '\\\\.\\pipe\\openssh-ssh-agent';
  const told = process.env['SSH_AUTH_SOCK'];
  if (told !== undefined && told !== '') return told;
  return process.platform === 'win32' && existsSync(pipe) ? pipe : undefined;
}
