import { parseIp } from '../model/ip';

/** Bytes of packets for synthetic captures: correct lengths and checksums, documentation addresses by the caller. */
export type Bytes = Uint8Array<ArrayBuffer>;

type Part = Uint8Array | readonly number[];

export const join = (...parts: readonly Part[]): Bytes => joinAll(parts);

/** The same for more parts than a call may have arguments. */
export function joinAll(parts: readonly Part[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
export const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)];
export const ascii = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0));
const macBytes = (mac: string): number[] => mac.split(/[-:]/).map((part) => parseInt(part, 16));

/** The bytes of an IP address in text. @throws Error for text that is none. */
export function ipBytes(text: string): number[] {
  const ip = parseIp(text);
  if (!ip) throw new Error(`not an address: ${text}`);
  const count = ip.family === 4 ? 4 : 16;
  return Array.from({ length: count }, (_, n) =>
    Number((ip.value >> BigInt(8 * (count - 1 - n))) & 0xffn),
  );
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export const ethernet = (
  source: string,
  destination: string,
  type: number,
  payload: Uint8Array,
): Bytes => join(macBytes(destination), macBytes(source), be16(type), payload);

export const vlan = (id: number, type: number, payload: Uint8Array): Bytes =>
  join(be16(id), be16(type), payload);

export interface IpOptions {
  readonly id?: number;
  readonly ttl?: number;
  /** Flags and fragment offset as in the header. */
  readonly fragment?: number;
  readonly options?: readonly number[];
}

/** An IPv4 or IPv6 packet, by its addresses. IPv6 ignores what only IPv4 has. */
export function ip(
  source: string,
  destination: string,
  protocol: number,
  payload: Uint8Array,
  { id = 0, ttl = 64, fragment = 0x4000, options = [] }: IpOptions = {},
): Bytes {
  const from = ipBytes(source);
  const to = ipBytes(destination);
  if (from.length === 16)
    return join([0x60, 0, 0, 0], be16(payload.length), [protocol, ttl], from, to, payload);
  const length = 20 + options.length;
  const header = join(
    [0x40 | (length / 4), 0],
    be16(length + payload.length),
    be16(id),
    be16(fragment),
    [ttl, protocol, 0, 0],
    from,
    to,
    options,
  );
  header.set(be16(checksum(header)), 10);
  return join(header, payload);
}

function withChecksum(
  source: string,
  destination: string,
  protocol: number,
  segment: Bytes,
  at: number,
): Bytes {
  const pseudo = join(
    ipBytes(source),
    ipBytes(destination),
    be32(segment.length),
    be32(protocol),
    segment,
  );
  segment.set(be16(checksum(pseudo)), at);
  return segment;
}

export interface TcpOptions {
  readonly flags: number;
  readonly sequence?: number;
  readonly acknowledged?: number;
  readonly window?: number;
  readonly options?: readonly number[];
  readonly payload?: Uint8Array;
}

interface Ends {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A TCP segment with the checksum that its addresses make. */
export function tcp(ends: Ends, about: TcpOptions): Bytes {
  const { flags, sequence = 0, acknowledged = 0, window = 64240, options = [] } = about;
  const segment = join(
    be16(ends.sourcePort),
    be16(ends.destinationPort),
    be32(sequence),
    be32(acknowledged),
    [((20 + options.length) / 4) << 4, flags],
    be16(window),
    [0, 0, 0, 0],
    options,
    about.payload ?? [],
  );
  return withChecksum(ends.source, ends.destination, 6, segment, 16);
}

export function udp(ends: Ends, payload: Uint8Array): Bytes {
  const datagram = join(
    be16(ends.sourcePort),
    be16(ends.destinationPort),
    be16(8 + payload.length),
    [0, 0],
    payload,
  );
  return withChecksum(ends.source, ends.destination, 17, datagram, 6);
}

export function icmp(
  type: number,
  code: number,
  rest: readonly number[],
  payload: Uint8Array,
): Bytes {
  const message = join([type, code, 0, 0], rest, payload);
  message.set(be16(checksum(message)), 2);
  return message;
}

export const arp = (
  operation: 1 | 2,
  sender: { readonly mac: string; readonly ip: string },
  target: { readonly mac: string; readonly ip: string },
): Bytes =>
  join(
    [0, 1, 8, 0, 6, 4],
    be16(operation),
    macBytes(sender.mac),
    ipBytes(sender.ip),
    macBytes(target.mac),
    ipBytes(target.ip),
  );

/** A VXLAN header before an Ethernet frame (RFC 7348). */
export const vxlan = (vni: number, frame: Uint8Array): Bytes =>
  join([8, 0, 0, 0], be32(vni << 8), frame);

/** GRE with a key; with an Ethernet frame inside it is NVGRE (RFC 7637). */
export const nvgre = (vsid: number, frame: Uint8Array): Bytes =>
  join(be16(0x2000), be16(0x6558), be32(vsid << 8), frame);

const dnsName = (name: string): Bytes =>
  join(...name.split('.').map((label) => join([label.length], ascii(label))), [0]);

export interface DnsOptions {
  readonly id: number;
  readonly name: string;
  readonly type?: number;
  /** Present in a response. */
  readonly rcode?: number;
  readonly answers?: readonly string[];
}

/** A DNS query, or a response when there is an `rcode`; answers are addresses that point back to the question. */
export function dns({ id, name, type = 1, rcode, answers = [] }: DnsOptions): Bytes {
  const flags = rcode === undefined ? 0x0100 : 0x8180 | rcode;
  const records = answers.map((answer) => {
    const data = ipBytes(answer);
    return join(
      [0xc0, 12],
      be16(data.length === 4 ? 1 : 28),
      be16(1),
      be32(30),
      be16(data.length),
      data,
    );
  });
  return join(
    be16(id),
    be16(flags),
    be16(1),
    be16(answers.length),
    [0, 0, 0, 0],
    dnsName(name),
    be16(type),
    be16(1),
    ...records,
  );
}
