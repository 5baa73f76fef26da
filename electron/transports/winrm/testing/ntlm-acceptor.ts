import { timingSafeEqual } from 'node:crypto';
import { hmac, type NtlmCredential } from '../ntlm';
import {
  AV,
  AV_FLAG_MIC,
  field,
  message,
  MIC_AT,
  MIC_BYTES,
  NTLM_VERSION,
  pairOf,
  readPairs,
  writePairs,
} from '../ntlm-messages';
import { Rc4 } from '../rc4';

const SEALING = 0x30;
const ALL = 0xe28a8235;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** A challenge, as a server of a domain writes it. */
export function challengeMessage(challenge: Buffer, now: number, sealing: boolean): Buffer {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64LE((BigInt(now) + 11_644_473_600_000n) * 10_000n);
  const pairs = writePairs([
    [2, utf16('WINLAB')],
    [1, utf16('NODE1')],
    [AV.timestamp, timestamp],
  ]);
  const target = utf16('WINLAB');
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE((sealing ? ALL : ALL & ~SEALING) >>> 0);
  // Target name, flags, challenge, reserved, then the pairs: the fields are not side by side.
  const built = message(
    2,
    [target],
    Buffer.concat([flags, challenge, Buffer.alloc(8 + 8), NTLM_VERSION]),
  );
  built.writeUInt16LE(pairs.length, 40);
  built.writeUInt16LE(pairs.length, 42);
  built.writeUInt32LE(built.length, 44);
  return Buffer.concat([built, pairs]);
}

/** Judges a login: name, proof, MIC and channel binding. Gives the session key, or nothing. */
export function accepted(login: {
  readonly first: Buffer;
  readonly offer: Buffer;
  readonly challenge: Buffer;
  readonly message: Buffer;
  readonly credential: NtlmCredential;
  readonly binding: Buffer;
}): Buffer | undefined {
  const { message: third, credential } = login;
  if (third.length < MIC_AT + MIC_BYTES) return undefined;
  const response = field(third, 20);
  const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
  if (!same(field(third, 28), utf16(credential.domain))) return undefined;
  if (!same(field(third, 36), utf16(credential.user))) return undefined;
  const temp = response.subarray(16);
  const proof = hmac(credential.key, login.challenge, temp);
  if (!same(proof, response.subarray(0, 16))) return undefined;
  const pairs = readPairs(temp.subarray(28)) ?? [];
  if (((pairOf(pairs, AV.flags)?.[0] ?? 0) & AV_FLAG_MIC) === 0) return undefined;
  // Zeros say that a client knows of none; over TLS that is refused as if hardening were strict.
  if (!same(pairOf(pairs, AV.channelBindings) ?? Buffer.alloc(16), login.binding)) return undefined;
  const key = new Rc4(hmac(credential.key, proof)).update(field(third, 52));
  const blank = Buffer.from(third);
  blank.fill(0, MIC_AT, MIC_AT + MIC_BYTES);
  const mic = hmac(key, login.first, login.offer, blank);
  return same(mic, third.subarray(MIC_AT, MIC_AT + MIC_BYTES)) ? key : undefined;
}
