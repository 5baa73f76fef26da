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
  return addressesOf({ target, jumps }, config).map((address): SshHop => {
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

/** What ~/.ssh/config says of the hosts of a way and is ignored, in a sentence; none where there is nothing. */
export function ignoredOnWay(
  route: Pick<SshRoute, 'target' | 'jumps'>,
  config: SshConfig,
): readonly string[] {
  const ignored = config.ignoredFor(addressesOf(route, config).map(({ host }) => host));
  return ignored.length === 0 ? [] : [`Ignored in ~/.ssh/config: ${ignored.join(', ')}.`];
}

/** The machines of a way as the operator names them, the node last. */
function addressesOf(
  { target, jumps }: Pick<SshRoute, 'target' | 'jumps'>,
  config: SshConfig,
): readonly SshAddress[] {
  const way = jumps.length > 0 ? jumps : config.of(target.host).proxyJump;
  return [...way.map((jump) => sshAddress(jump.trim())), target];
}
