import { TransportError } from '../transport';

/** Where a connection goes, as far as the operator said. */
export interface SshAddress {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Reads `[user@]host[:port]`, with or without `ssh://`; IPv6 addresses in brackets. The user may hold
 * a domain: `CONTOSO\operator@node`, `operator@contoso.com@node`.
 * @param scheme what stands before `://`; other transports have the same addresses
 * @throws TransportError for anything else, and for a password in it
 */
export function sshAddress(text: string, scheme = 'ssh'): SshAddress {
  const bare = text.replace(/^[a-z]+:\/\//i, '').replace(/\/$/, '');
  const at = bare.lastIndexOf('@');
  const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s:@/[\]]+))(?::(\d{1,5}))?$/.exec(
    bare.slice(at + 1),
  );
  const user = at === -1 ? undefined : decoded(bare.slice(0, at));
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  if (user?.includes(':') === true)
    throw new TransportError(
      'configuration',
      'A password does not belong in an address: it would be seen in the list of processes and in the history of the shell. It is asked for.',
    );
  if (
    host === undefined ||
    host.startsWith('-') ||
    user === '' ||
    port === 0 ||
    Number(port) > 65_535
  )
    throw new TransportError(
      'configuration',
      `"${text}" is no address: ${scheme}://user@host:port is one`,
    );
  return { user, host, port };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
