import { readFileSync } from 'node:fs';
import type { SshHop, SshQuestions } from '../transports/ssh/connect';
import { sshHops } from '../transports/ssh/hops';
import { userSshFile } from '../transports/ssh/operator-files';
import { sshAddress } from '../transports/ssh/ssh-address';
import { SshConfig } from '../transports/ssh/ssh-config';
import { ArgumentError, type CollectCommand } from './arguments';
import type { Terminal } from './terminal';

/** The hops of an address: what the command line says counts before ~/.ssh/config. */
export async function hopsOf(
  command: CollectCommand,
  terminal: Terminal,
): Promise<readonly SshHop[]> {
  const file = command.sshConfig ?? userSshFile('config');
  const config =
    command.sshConfig === 'none' ? SshConfig.parse('', 'none') : await SshConfig.read(file);
  for (const note of config.notes) terminal.warn(note);
  const { jumps, identities } = command;
  return sshHops({ target: sshAddress(command.address), jumps, identities }, config);
}

/**
 * Answers from file descriptors and the operator. Secrets never come from arguments or the
 * environment, where other programs see them.
 */
export function sshQuestions(command: CollectCommand, terminal: Terminal): SshQuestions {
  const password = onceRead(command.passwordFd, '--password-fd');
  const passphrase = onceRead(command.passphraseFd, '--passphrase-fd');
  const given = new Map<string, number>();
  /** A descriptor's secret is used once for each use; asking again would give the same. */
  const first = (use: string): boolean => {
    given.set(use, (given.get(use) ?? 0) + 1);
    return given.get(use) === 1;
  };
  return {
    trustHost: async ({ host, port, keyType, fingerprint }) => {
      if (command.acceptedKeys.includes(fingerprint)) return true;
      const answer = await terminal.ask(
        `The host ${host} port ${port} is not known. Its key (${keyType}) is\n  ${fingerprint}\nIs it the right one? Type yes to trust it from now on: `,
        false,
      );
      if (answer === undefined)
        terminal.warn(
          `if ${fingerprint} is the key of ${host}, say --accept-new-host-key ${fingerprint}`,
        );
      return answer?.trim().toLowerCase() === 'yes';
    },
    password: async (hop) =>
      password === undefined
        ? terminal.ask(`Password of ${hop.user}@${hop.host}: `, true)
        : first(`password ${hop.host}:${hop.port}`)
          ? password()
          : undefined,
    passphrase: async (file) =>
      passphrase === undefined
        ? terminal.ask(`Passphrase of ${file}: `, true)
        : first(`passphrase ${file}`)
          ? passphrase()
          : undefined,
    answer: async (hop, prompt, echo) =>
      password !== undefined && !echo && /pass/i.test(prompt)
        ? password()
        : terminal.ask(`${hop.host}: ${prompt}`, !echo),
  };
}

/** A secret behind a file descriptor; it is read once. */
export function onceRead(fd: number | undefined, option: string): (() => string) | undefined {
  if (fd === undefined) return undefined;
  let secret: string | undefined;
  return () => {
    try {
      secret ??= readFileSync(fd, 'utf8').replace(/\r?\n$/, '');
    } catch {
      throw new ArgumentError(`${option} ${fd} cannot be read: is it open?`);
    }
    return secret;
  };
}
