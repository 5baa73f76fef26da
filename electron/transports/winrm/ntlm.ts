import { createHash, createHmac, randomBytes } from 'node:crypto';
import { TransportError } from '../transport';
import { md4 } from './md4';
import {
  AV,
  AV_FLAG_MIC,
  message,
  MIC_AT,
  MIC_BYTES,
  NTLM_FLAGS,
  NTLM_VERSION,
  pairOf,
  readChallenge,
  writePairs,
  type AvPairs,
} from './ntlm-messages';
import { Rc4 } from './rc4';

/** Who signs in. It holds the key derived from the password, not the password. */
export interface NtlmCredential {
  readonly user: string;
  readonly domain: string;
  readonly key: Buffer;
}

/**
 * A credential of `DOMAIN\user`, `.\user` (of the node itself), `user@domain` or `user`.
 * The key is NTOWFv2 (MS-NLMP 3.3.2): the domain keeps its case.
 */
export function ntlmCredential(account: string, password: string): NtlmCredential {
  const [, told = '', user = account] = /^([^\\]*)\\(.+)$/s.exec(account) ?? [];
  const domain = told === '.' ? '' : told;
  const secret = Buffer.from(password, 'utf16le');
  const hash = md4(secret);
  secret.fill(0);
  return { user, domain, key: hmac(hash, utf16(user.toUpperCase() + domain)) };
}

/** What is random in a login; tests give what the specification's examples use. */
export interface NtlmRandom {
  readonly client: Buffer;
  readonly exported: Buffer;
}

/** The answer to a challenge, and the key that both sides then share. */
export interface NtlmAnswer {
  readonly message: Buffer;
  readonly exported: Buffer;
  /** The node's clock, milliseconds UTC. */
  readonly nodeTime: number;
}

const WANTED =
  NTLM_FLAGS.unicode |
  NTLM_FLAGS.requestTarget |
  NTLM_FLAGS.sign |
  NTLM_FLAGS.seal |
  NTLM_FLAGS.ntlm |
  NTLM_FLAGS.alwaysSign |
  NTLM_FLAGS.extendedSecurity |
  NTLM_FLAGS.targetInfo |
  NTLM_FLAGS.version |
  NTLM_FLAGS.bits128 |
  NTLM_FLAGS.keyExchange |
  NTLM_FLAGS.bits56;
/** Without each of these there is no sealing worth the name. */
const NEEDED = {
  unicode: NTLM_FLAGS.unicode,
  signing: NTLM_FLAGS.sign,
  sealing: NTLM_FLAGS.seal,
  'extended session security': NTLM_FLAGS.extendedSecurity,
  'keys of 128 bits': NTLM_FLAGS.bits128,
  'key exchange': NTLM_FLAGS.keyExchange,
};

/** The first message of a login, type 1 (MS-NLMP 2.2.1.1); it names nobody. */
export function ntlmNegotiate(): Buffer {
  const nothing = Buffer.alloc(0);
  return message(1, [nothing, nothing], NTLM_VERSION, flagBytes(WANTED));
}

/**
 * Answers a challenge with NTLMv2, a message integrity code and a channel binding (type 3, MS-NLMP
 * 2.2.1.3 and 3.1.5.1.2).
 * @param binding MD5 of the channel binding structure; zeros where there is no TLS
 * @throws TransportError when it is no challenge, or one that would not let messages be sealed
 */
export function ntlmAuthenticate(
  credential: NtlmCredential,
  first: Buffer,
  second: Buffer,
  binding: Buffer,
  random: NtlmRandom = { client: randomBytes(8), exported: randomBytes(16) },
): NtlmAnswer {
  const challenge = readChallenge(second);
  if (challenge === undefined)
    throw new TransportError('authentication', 'The node answered with no NTLM challenge');
  const lacking = Object.entries(NEEDED)
    .filter(([, flag]) => (challenge.flags & flag) === 0)
    .map(([name]) => name);
  const timestamp = pairOf(challenge.pairs, AV.timestamp);
  if (timestamp?.length !== 8) lacking.push('a timestamp, hence a message integrity code');
  if (timestamp === undefined || lacking.length > 0)
    throw new TransportError(
      'authentication',
      `The node's NTLM does not offer ${lacking.join(', ')}. Somebody may have changed its offer; there is no login without.`,
    );
  const temp = ntlmBlob(timestamp, random.client, pairsOfAnswer(challenge.pairs, binding));
  const proof = hmac(credential.key, challenge.challenge, temp);
  const base = hmac(credential.key, proof);
  const answer = message(
    3,
    [
      Buffer.alloc(24),
      Buffer.concat([proof, temp]),
      utf16(credential.domain),
      utf16(credential.user),
      Buffer.alloc(0),
      new Rc4(base).update(random.exported),
    ],
    Buffer.concat([flagBytes(challenge.flags), NTLM_VERSION, Buffer.alloc(MIC_BYTES)]),
  );
  hmac(random.exported, first, second, answer).copy(answer, MIC_AT);
  return { message: answer, exported: random.exported, nodeTime: fileTime(timestamp) };
}

/** What the proof is made over (MS-NLMP 2.2.2.7). */
export function ntlmBlob(timestamp: Buffer, client: Buffer, pairs: AvPairs): Buffer {
  const zeros = Buffer.alloc(4);
  const head = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, timestamp, client, zeros, writePairs(pairs), zeros]);
}

function pairsOfAnswer(pairs: AvPairs, binding: Buffer): AvPairs {
  const flags = Buffer.alloc(4);
  const told = pairOf(pairs, AV.flags);
  flags.writeUInt32LE(((told?.length === 4 ? told.readUInt32LE() : 0) | AV_FLAG_MIC) >>> 0);
  return [
    ...pairs.filter(([id]) => id !== AV.flags && id !== AV.channelBindings),
    [AV.flags, flags],
    [AV.channelBindings, binding],
  ];
}

/** Of application data such as `tls-server-end-point:` and a hash (RFC 2744 3.11, RFC 5929). */
export function channelBinding(data: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash('md5').update(head).update(data).digest();
}

/** HMAC-MD5 over pieces. */
export function hmac(key: Uint8Array, ...pieces: readonly Uint8Array[]): Buffer {
  const sum = createHmac('md5', key);
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

function flagBytes(flags: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(flags >>> 0);
  return bytes;
}

/** FILETIME: 100 ns since 1601. */
const fileTime = (bytes: Buffer): number =>
  Number(bytes.readBigUInt64LE() / 10_000n - 11_644_473_600_000n);
