import { ipv4Text, u16, u32, u8 } from './bytes';
import { ipv6Text } from './addresses';

/** A name may be 255 bytes with at most 127 labels (RFC 1035, 2.3.4); pointers only lead back. */
const MOST_LABELS = 128;

export interface DnsName {
  readonly name: string;
  /** First byte after the name where it stands. */
  readonly end: number;
  /** False where it is cut, too long, or its pointers run in a circle. */
  readonly whole: boolean;
}

/** Reads a name with its compression pointers (RFC 1035, 4.1.4). `message` is where the DNS header begins. */
export function dnsName(bytes: Uint8Array, message: number, at: number, limit: number): DnsName {
  let name = '';
  let place = at;
  let end = -1;
  for (let step = 0; step < MOST_LABELS && place < limit; step += 1) {
    const length = u8(bytes, place);
    if (length === 0) {
      const after = end >= 0 ? end : place + 1;
      return { name: name === '' ? '.' : name, end: after, whole: true };
    }
    if ((length & 0xc0) === 0xc0) {
      const target = message + (u16(bytes, place) & 0x3fff);
      if (end < 0) end = place + 2;
      // A pointer leads to an earlier place; any other runs in a circle.
      if (target >= place) break;
      place = target;
    } else {
      if ((length & 0xc0) !== 0 || place + 1 + length > limit) break;
      if (name.length + length > 254) break;
      name += `${name === '' ? '' : '.'}${label(bytes, place + 1, length)}`;
      place += 1 + length;
    }
  }
  return { name, end: end >= 0 ? end : Math.min(place, limit), whole: false };
}

function label(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let n = 0; n < length; n += 1) {
    const byte = u8(bytes, at + n);
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`;
  }
  return text;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [41, 'OPT'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [255, 'ANY'],
]);

/**
 * The name of a record type (IANA, DNS parameters); `TYPE<n>` for others, as RFC 3597 writes
 * them.
 */
export const dnsType = (type: number): string => TYPES.get(type) ?? `TYPE${type}`;

const RCODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];

/** The name of a response code (RFC 1035, RFC 2136); `RCODE<n>` for others. */
export const dnsRcode = (code: number): string => RCODES[code] ?? `RCODE${code}`;

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

export interface DnsRecord extends DnsQuestion {
  readonly ttl: number;
  /** What the record says, in words. */
  readonly text: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly rcode: number;
  readonly truncated: boolean;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  /** False where the message ends before what its header counts, or a name is damaged. */
  readonly whole: boolean;
}

/** Questions and answers listed of one message. */
const MOST_RECORDS = 64;

/** Reads header, questions and answers (RFC 1035, section 4); authority and additional records are left out. */
export function dnsMessage(bytes: Uint8Array, at: number, limit: number): DnsMessage {
  const flags = u16(bytes, at + 2);
  const questions: DnsQuestion[] = [];
  const answers: DnsRecord[] = [];
  let place = at + 12;
  let whole = limit - at >= 12;
  for (let n = 0; whole && n < Math.min(u16(bytes, at + 4), MOST_RECORDS); n += 1) {
    const name = dnsName(bytes, at, place, limit);
    whole = name.whole && name.end + 4 <= limit;
    if (!whole) break;
    questions.push({ name: name.name, type: u16(bytes, name.end), at: place, end: name.end + 4 });
    place = name.end + 4;
  }
  for (let n = 0; whole && n < Math.min(u16(bytes, at + 6), MOST_RECORDS); n += 1) {
    const name = dnsName(bytes, at, place, limit);
    const data = name.end + 10;
    const end = data + u16(bytes, name.end + 8);
    whole = name.whole && end <= limit;
    if (!whole) break;
    const type = u16(bytes, name.end);
    answers.push({
      name: name.name,
      type,
      ttl: u32(bytes, name.end + 4),
      text: recordText(bytes, at, type, data, end),
      at: place,
      end,
    });
    place = end;
  }
  return {
    id: u16(bytes, at),
    response: (flags & 0x8000) !== 0,
    rcode: flags & 0xf,
    truncated: (flags & 0x0200) !== 0,
    questions,
    answers,
    whole,
  };
}

function recordText(
  bytes: Uint8Array,
  message: number,
  type: number,
  at: number,
  end: number,
): string {
  const length = end - at;
  if (type === 1 && length === 4) return ipv4Text(bytes, at);
  if (type === 28 && length === 16) return ipv6Text(bytes, at);
  if (type === 2 || type === 5 || type === 12) return dnsName(bytes, message, at, end).name;
  if (type === 33 && length > 6)
    return `${dnsName(bytes, message, at + 6, end).name}:${u16(bytes, at + 4)}`;
  return `${length} bytes`;
}
