/** Flags of a negotiation (MS-NLMP 2.2.2.5) that matter here. */
export const NTLM_FLAGS = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  bits128: 0x20000000,
  keyExchange: 0x40000000,
  bits56: 0x80000000,
} as const;

/** Ids of the pairs a server tells about itself (MS-NLMP 2.2.2.1). */
export const AV = { end: 0, flags: 6, timestamp: 7, targetName: 9, channelBindings: 10 } as const;
export const AV_FLAG_MIC = 2;

export const NTLM_SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** Windows 10.0.17763, NTLM revision 15 (MS-NLMP 2.2.2.10). */
export const NTLM_VERSION = Buffer.from('0a0063450000000f', 'hex');
export const MIC_AT = 72;
export const MIC_BYTES = 16;

export type AvPairs = readonly (readonly [id: number, value: Buffer])[];

/** What a server says in its challenge, type 2 (MS-NLMP 2.2.1.2). */
export interface NtlmChallenge {
  readonly flags: number;
  readonly challenge: Buffer;
  readonly pairs: AvPairs;
}

/** Reads a challenge. Undefined when it is none. */
export function readChallenge(message: Buffer): NtlmChallenge | undefined {
  if (message.length < 48 || !message.subarray(0, 8).equals(NTLM_SIGNATURE)) return undefined;
  if (message.readUInt32LE(8) !== 2) return undefined;
  const pairs = readPairs(field(message, 40));
  if (pairs === undefined) return undefined;
  return { flags: message.readUInt32LE(20), challenge: message.subarray(24, 32), pairs };
}

/** The bytes that a length, an allocated length and an offset point at; empty where they are wrong. */
export function field(message: Buffer, at: number): Buffer {
  const length = message.readUInt16LE(at);
  const offset = message.readUInt32LE(at + 4);
  return offset + length > message.length
    ? Buffer.alloc(0)
    : message.subarray(offset, offset + length);
}

/** Pairs up to their end mark; undefined when they break off. */
export function readPairs(bytes: Buffer): AvPairs | undefined {
  const pairs: [number, Buffer][] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (id === AV.end) return pairs;
    if (at + 4 + length > bytes.length) return undefined;
    pairs.push([id, bytes.subarray(at + 4, at + 4 + length)]);
    at += 4 + length;
  }
  return undefined;
}

export function writePairs(pairs: AvPairs): Buffer {
  const all = [...pairs, [AV.end, Buffer.alloc(0)] as const];
  return Buffer.concat(
    all.flatMap(([id, value]) => {
      const head = Buffer.alloc(4);
      head.writeUInt16LE(id);
      head.writeUInt16LE(value.length, 2);
      return [head, value];
    }),
  );
}

export const pairOf = (pairs: AvPairs, id: number): Buffer | undefined =>
  pairs.find(([each]) => each === id)?.[1];

/** Puts a message together: what stands before its fields, the fields, what stands after, the bytes. */
export function message(
  type: number,
  fields: readonly Buffer[],
  tail: Buffer,
  lead: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(12);
  NTLM_SIGNATURE.copy(head);
  head.writeUInt32LE(type, 8);
  let offset = head.length + lead.length + fields.length * 8 + tail.length;
  const pointers = fields.map((bytes) => {
    const pointer = Buffer.alloc(8);
    pointer.writeUInt16LE(bytes.length);
    pointer.writeUInt16LE(bytes.length, 2);
    pointer.writeUInt32LE(offset, 4);
    offset += bytes.length;
    return pointer;
  });
  return Buffer.concat([head, lead, ...pointers, tail, ...fields]);
}
