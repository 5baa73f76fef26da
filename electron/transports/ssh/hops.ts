import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { SshHop } from './connect';
import { sshAddress, type SshAddress } from './ssh-address';
import type { SshConfig } from './ssh-config';

/** What the operator said of a way over SSH. */
export interface SshRoute {
  readonly target: SshAddress;
  /** `[user@]host[:port]`, nearest to the operator first; none: those of the settings. */
  readonly jumps: readonly string[];
  /** Files of private keys; none: those of the settings that exist. */
  readonly identities: readonly string[];
}

/** The hops of a way: what the operator said counts before ~/.ssh/config. */
export function sshHops(
  { target, jumps, identities }: SshRoute,
  config: SshConfig,
): readonly SshHop[] {
  const way = jumps.length > 0 ? jumps : config.of(target.host).proxyJump;
  return [...way.map((jump) => sshAddress(jump.trim())), target].map((address): SshHop => {
    const told = config.of(address.host);
    return {
      host: told.hostName ?? address.host,
      port: address.port ?? told.port ?? 22,
      user: address.user ?? told.user ?? userInfo().username,
      identityFiles:
        identities.length > 0 ? identities : told.identityFiles.filter((each) => existsSync(each)),
    };
  });
}
