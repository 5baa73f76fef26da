/**
 * MD4 of bytes (RFC 1320). Only NTLM needs it, for the hash of a password; the crypto library of
 * Node has it no longer.
 */
export function md4(message: Uint8Array): Buffer {
  const blocks = Buffer.alloc(((message.length + 8) >> 6) * 64 + 64);
  blocks.set(message);
  blocks[message.length] = 0x80;
  blocks.writeBigUInt64LE(BigInt(message.length) * 8n, blocks.length - 8);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < blocks.length; at += 64) {
    const before = state;
    for (const round of ROUNDS)
      round.order.forEach((word, step) => {
        const [a, b, c, d] = state;
        const sum = a + round.mix(b, c, d) + blocks.readUInt32LE(at + word * 4) + round.constant;
        state = [d, rotated(sum, round.shifts[step % 4] ?? 0), b, c];
      });
    const [a, b, c, d] = state;
    state = [a + before[0], b + before[1], c + before[2], d + before[3]];
  }
  const digest = Buffer.alloc(16);
  state.forEach((word, i) => digest.writeUInt32LE(word >>> 0, i * 4));
  return digest;
}

type State = readonly [number, number, number, number];

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly number[];
}

const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

const rotated = (value: number, by: number): number =>
  (value << by) | ((value >>> 0) >>> (32 - by));
