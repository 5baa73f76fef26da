import { openRemoting } from '../transports/local/remoting';
import { thisComputer } from '../transports/local/this-computer';
import { sshAddress } from '../transports/ssh/ssh-address';
import type { NodeWay } from '../transports/transport';
import { ArgumentError } from './arguments';

const TLS_PORT = 5986;

/**
 * `local`, the node this program runs on, and `remoting://HOST[:PORT]`, Windows' own remoting as the
 * user who is signed in; undefined for other addresses.
 * @throws TransportError where this is no Windows
 */
export function localWay(address: string): NodeWay | undefined {
  if (/^local$/i.test(address)) return thisComputer();
  if (!/^remoting:/i.test(address)) return undefined;
  const { user, host, port } = sshAddress(address, 'remoting');
  if (user !== undefined)
    throw new ArgumentError(
      'remoting:// signs in as the user of this computer; leave the name out',
    );
  return openRemoting({ host, port, tls: port === TLS_PORT });
}
