import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { TransportError } from '../transport';
import { endPointBinding, type NewCertificate } from './certificate';
import { unreachable } from './faults';

/** Where a node's service listens. */
export interface WinrmTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** A connection to the service, its certificate judged; nothing was sent over it yet. */
export interface WinrmSocket {
  readonly socket: Socket;
  /** What a login must be bound to; zeros without TLS. */
  readonly binding: Buffer;
}

export interface SocketOptions {
  /** More authorities than the system's, as PEM. */
  readonly authorities: readonly string[];
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds: number;
  /** @throws when the certificate is not to be used; `problem` is undefined where the system trusts it */
  readonly judge: (
    certificate: Omit<NewCertificate, 'problem'>,
    problem: string | undefined,
  ) => void;
}

/**
 * Connects, and has the certificate judged before a byte of HTTP leaves.
 * @throws TransportError; the signal's reason when cancelled
 */
export async function openSocket(
  target: WinrmTarget,
  options: SocketOptions,
): Promise<WinrmSocket> {
  const { signal } = options;
  signal.throwIfAborted();
  const socket = target.tls ? tlsSocket(target, options) : plainSocket(target);
  let give: (error: unknown) => void = () => undefined;
  const aborted = (): void => give(signal.reason);
  signal.addEventListener('abort', aborted);
  const timer = setTimeout(
    () => give(unreachable({ code: 'ETIMEDOUT', message: 'no answer' }, target)),
    options.timeoutMilliseconds,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      give = reject;
      socket.once(target.tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(error, target)));
    });
    socket.setNoDelay(true);
    const binding = socket instanceof tls.TLSSocket ? judged(socket, target, options) : ZEROS;
    return { socket, binding };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
    // Later errors show as the end of the connection.
    socket.on('error', () => undefined);
  }
}

const ZEROS = Buffer.alloc(16);

const plainSocket = ({ host, port }: WinrmTarget): Socket => connectTcp({ host, port });

function tlsSocket({ host, port }: WinrmTarget, { authorities }: SocketOptions): tls.TLSSocket {
  return tls.connect({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ca: [...systemAuthorities(), ...authorities],
    minVersion: 'TLSv1.2',
    // Judged below, where a certificate that only a pin vouches for can be let through.
    rejectUnauthorized: false,
  });
}

function judged(socket: tls.TLSSocket, target: WinrmTarget, { judge }: SocketOptions): Buffer {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined)
    throw new TransportError('host-key', `${target.host} showed no certificate. Nothing was sent.`);
  const problem = socket.authorized ? undefined : String(socket.authorizationError);
  const { subject, issuer, validFrom, validTo, fingerprint256: fingerprint } = certificate;
  judge(
    { host: target.host, port: target.port, subject, issuer, validFrom, validTo, fingerprint },
    problem,
  );
  return endPointBinding(certificate);
}

/** Where Linux systems keep what their administrator trusts. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
let read: readonly string[] | undefined;

/** Node's own list, and the system's where this Node or the platform gives it. */
function systemAuthorities(): readonly string[] {
  read ??= [...tls.rootCertificates, ...nodeSystemAuthorities(), ...BUNDLES.flatMap(pemFile)];
  return read;
}

function nodeSystemAuthorities(): readonly string[] {
  // From Node 22.15 on; the types are those of Node 20.
  const give: unknown = Reflect.get(tls, 'getCACertificates');
  const given: unknown = typeof give === 'function' ? Reflect.apply(give, tls, ['system']) : [];
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : [];
}

function pemFile(file: string): readonly string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
