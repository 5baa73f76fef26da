import { TransportError } from '../transport';
import { SIGNATURE_BYTES, type NtlmSession } from './ntlm-session';

/** The type of sealed bodies (MS-WSMV 2.2.9.1). */
export const SEALED_TYPE =
  'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"';
export const SOAP_TYPE = 'application/soap+xml;charset=UTF-8';
const OCTETS = Buffer.from('Content-Type: application/octet-stream\r\n');

/** A message sealed and put into the two parts of a body; there is no blank line in it. */
export function sealedBody(session: NtlmSession, text: Uint8Array): Buffer {
  const { signature, data } = session.seal(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(signature.length);
  return Buffer.concat([
    Buffer.from(
      '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n' +
        `\tOriginalContent: type=${SOAP_TYPE};Length=${text.length}\r\n` +
        '--Encrypted Boundary\r\n\t',
    ),
    OCTETS,
    length,
    signature,
    data,
    Buffer.from('--Encrypted Boundary--\r\n'),
  ]);
}

/**
 * Takes a sealed body apart. The binary part may hold anything, a boundary too: its begin is looked
 * for from the front, its end from the back. Some servers write a blank within the boundary.
 * @throws TransportError when it is not whole, or was changed
 */
export function unsealedBody(session: NtlmSession, body: Buffer): Buffer {
  const from = body.indexOf(OCTETS);
  const tail = /-- ?Encrypted Boundary--\s*$/.exec(body.toString('latin1', body.length - 40));
  if (from === -1 || tail === null) throw damaged('its parts cannot be told');
  const part = body.subarray(from + OCTETS.length, body.length - tail[0].length);
  if (part.length < 4 + SIGNATURE_BYTES || part.readUInt32LE() !== SIGNATURE_BYTES)
    throw damaged('it has no signature');
  const text = session.unseal({
    signature: part.subarray(4, 4 + SIGNATURE_BYTES),
    data: part.subarray(4 + SIGNATURE_BYTES),
  });
  const told = /;\s*Length=(\d+)/i.exec(body.toString('latin1', 0, from))?.[1];
  if (Number(told) !== text.length) throw damaged('its length is not the one it names');
  return text;
}

const damaged = (why: string): TransportError =>
  new TransportError('channel', `The node sent a sealed message that cannot be read: ${why}`);
