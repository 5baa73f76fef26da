import { createHash, type X509Certificate } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TransportError } from '../transport';
import { channelBinding } from './ntlm';

/** A certificate that nobody vouches for. */
export interface NewCertificate {
  readonly host: string;
  readonly port: number;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256 of the certificate: 32 bytes in hex with colons, as Windows and OpenSSL show it. */
  readonly fingerprint: string;
  /** Why it is not trusted by itself. */
  readonly problem: string;
}

const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/;

/** A fingerprint as it may be typed: with colons, blanks or nothing, in any case. */
export const sameFingerprint = (typed: string, fingerprint: string): boolean =>
  typed.replace(/[:\s]/g, '').toUpperCase() === fingerprint.replaceAll(':', '');

/** Certificates that the operator has accepted, by host and port: lines `host:port FINGERPRINT`. */
export class PinnedCertificates {
  private constructor(
    private readonly pins: Map<string, string>,
    private readonly file: string | undefined,
  ) {}

  /**
   * Reads the list; a file that is not there is empty.
   * @throws TransportError when it cannot be read: a pin that is not seen would be no pin
   */
  static async read(file: string | undefined): Promise<PinnedCertificates> {
    const pins = new Map<string, string>();
    if (file === undefined) return new PinnedCertificates(pins, file);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
      throw new TransportError('configuration', `${file} cannot be read (${error.message})`);
    });
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      const [name = '', fingerprint = ''] = line.trim().split(/\s+/);
      if (name === '' || name.startsWith('#')) continue;
      if (!FINGERPRINT.test(fingerprint))
        throw new TransportError('configuration', `${file}:${i + 1}: this is no fingerprint`);
      pins.set(name.toLowerCase(), fingerprint);
    }
    return new PinnedCertificates(pins, file);
  }

  of(host: string, port: number): string | undefined {
    return this.pins.get(`${host}:${port}`.toLowerCase());
  }

  /** Trusts this one certificate of the host from now on. */
  async add(host: string, port: number, fingerprint: string): Promise<void> {
    const name = `${host}:${port}`.toLowerCase();
    this.pins.set(name, fingerprint);
    if (this.file === undefined) return;
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await appendFile(this.file, `${name} ${fingerprint}\n`, { mode: 0o600 });
  }
}

/**
 * The binding of a login to the TLS connection it goes over: `tls-server-end-point` of RFC 5929,
 * the certificate's hash by its own signature's algorithm, by SHA-256 where that is MD5 or SHA-1.
 */
export function endPointBinding(certificate: X509Certificate): Buffer {
  const digest = createHash(signatureHash(certificate.raw)).update(certificate.raw).digest();
  return channelBinding(Buffer.concat([Buffer.from('tls-server-end-point:'), digest]));
}

/** Object identifiers of signatures with other hashes, and of these hashes in RSA-PSS parameters. */
const LONG_HASHES: readonly (readonly [oid: string, hash: 'sha384' | 'sha512'])[] = [
  ['2a864886f70d01010c', 'sha384'],
  ['2a8648ce3d040303', 'sha384'],
  ['608648016503040202', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a8648ce3d040304', 'sha512'],
  ['608648016503040203', 'sha512'],
];

/** A certificate is a sequence of its content, the algorithm and the signature (RFC 5280, 4.1). */
function signatureHash(der: Buffer): 'sha256' | 'sha384' | 'sha512' {
  const content = der.subarray(skipHeader(der, 0).start);
  const algorithmAt = skipHeader(content, 0).end;
  const { end } = skipHeader(content, algorithmAt);
  const algorithm = content.toString('hex', algorithmAt, end);
  return LONG_HASHES.find(([oid]) => algorithm.includes(oid))?.[1] ?? 'sha256';
}

/** Where the content of a DER value starts and ends. */
function skipHeader(der: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const count = Math.min(first & 0x7f, 4);
  const start = at + 2 + count;
  return { start, end: start + (start <= der.length ? der.readUIntBE(at + 2, count) : 0) };
}
