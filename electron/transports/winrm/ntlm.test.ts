import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { md4 } from './md4';
import { channelBinding, hmac, ntlmBlob, ntlmCredential } from './ntlm';
import { NtlmSession } from './ntlm-session';
import { Rc4 } from './rc4';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

it.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  [
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
    '043f8582f241db351ce627e153e7f0e4',
  ],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
])('MD4 of %j is that of RFC 1320', (text, digest) => {
  expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
});

it('RC4 goes on where it stopped', () => {
  const stream = new Rc4(Buffer.from('Key'));
  const pieces = ['Plain', 'text'].map((text) => stream.update(Buffer.from(text)));
  expect(Buffer.concat(pieces).toString('hex')).toBe('bbf316e8d940af0ad3');
});

describe('the examples of MS-NLMP 4.2.4 (NTLMv2)', () => {
  const challenge = hex('0123456789abcdef');
  const exported = hex('55'.repeat(16));
  const { key } = ntlmCredential('Domain\\User', 'Password');

  it('NTOWFv2', () => {
    expect(key).toEqual(hex('0c868a403bfd7a93a3001ef22ef02e3f'));
  });

  it('response, session key and its encryption', () => {
    const pairs = [
      [2, utf16('Domain')],
      [1, utf16('Server')],
    ] as const;
    const proof = hmac(key, challenge, ntlmBlob(Buffer.alloc(8), hex('aa'.repeat(8)), pairs));
    expect(proof).toEqual(hex('68cd0ab851e51c96aabc927bebef6a1c'));
    const base = hmac(key, proof);
    expect(base).toEqual(hex('8de40ccadbc14a82f15cb0ad0de95ca3'));
    expect(new Rc4(base).update(exported)).toEqual(hex('c5dad2544fc9799094ce1ce90bc9d03e'));
  });

  it('sealing and signing', () => {
    expect(new NtlmSession(exported).seal(utf16('Plaintext'))).toEqual({
      data: hex('54e50165bf1936dc996020c1811b0f06fb5f'),
      signature: hex('01000000 7fb38ec5c55d4976 00000000'),
    });
  });
});

describe('a sealed session', () => {
  const sides = (): [NtlmSession, NtlmSession] => {
    const key = createHash('md5').update('any').digest();
    return [new NtlmSession(key), new NtlmSession(key, 'acceptor')];
  };

  it('carries messages both ways, one after another', () => {
    const [client, server] = sides();
    for (const text of ['one', 'two, länger', '']) {
      expect(server.unseal(client.seal(Buffer.from(text))).toString()).toBe(text);
      expect(client.unseal(server.seal(Buffer.from(text))).toString()).toBe(text);
    }
  });

  it.each([
    ['a byte of the message', 'data', 2],
    ['a byte of the checksum', 'signature', 5],
    ['the sequence number', 'signature', 12],
    ['the version', 'signature', 0],
  ] as const)('refuses a change of %s', (_, part, at) => {
    const [client, server] = sides();
    const sealed = client.seal(Buffer.from('<s:Envelope/>'));
    sealed[part].writeUInt8(sealed[part].readUInt8(at) ^ 1, at);
    expect(() => server.unseal(sealed)).toThrow(/changed on the way/);
  });

  it('refuses a message that comes again', () => {
    const [client, server] = sides();
    const sealed = client.seal(Buffer.from('again'));
    server.unseal(sealed);
    expect(() => server.unseal(sealed)).toThrow(/out of order/);
  });
});

it('a local account has no domain, whatever is written before it', () => {
  const plain = ntlmCredential('operator', 'päss');
  expect(ntlmCredential('.\\operator', 'päss')).toEqual(plain);
  expect(ntlmCredential('OPERATOR', 'päss').key).toEqual(plain.key);
  expect(ntlmCredential('node\\operator', 'päss').key).not.toEqual(plain.key);
});

it('a channel binding is the MD5 of empty addresses and the data', () => {
  const expected = createHash('md5')
    .update(Buffer.concat([Buffer.alloc(16), hex('03000000'), Buffer.from('abc')]))
    .digest();
  expect(channelBinding(Buffer.from('abc'))).toEqual(expected);
});
