/** An IP address as a number: `value` has 32 bits for family 4 and 128 for family 6. */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** An IP prefix. `ip` is the address as written, `base` the network address; they differ when host bits are set. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly ip: bigint;
  readonly base: bigint;
  readonly length: number;
}

/** An inclusive range of addresses of one family (VFP writes prefixes so). */
export interface IpRange {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

const MOST_REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 64;

/** A case repeats few addresses and prefixes many thousand times: what was parsed is kept, up to a bound. */
function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const made = parse(text);
    if (known.size >= MOST_REMEMBERED) known.clear();
    // Long texts are no addresses, and would be kept for nothing.
    if (text.length <= LONGEST_REMEMBERED) known.set(text, made);
    return made;
  };
}

/** Parses dotted IPv4 or any RFC 4291 IPv6 text; a zone (`%12`) is ignored. Undefined when it is neither. */
export const parseIp: (text: string) => Ip | undefined = remembered(parseAnyIp);

function parseAnyIp(text: string): Ip | undefined {
  const plain = text.trim().replace(/%.*$/, '');
  return plain.includes(':') ? parseV6(plain) : parseV4(plain);
}

function parseV4(text: string): Ip | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return { family: 4, value: BigInt(value) };
}

function parseV6(text: string): Ip | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(Math.max(missing, 0)).fill(0), ...tail];
  return { family: 6, value: groups.reduce((sum, g) => (sum << 16n) | BigInt(g), 0n) };
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && index === parts.length - 1) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4.value >> 16n), Number(v4.value & 0xffffn));
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      groups.push(parseInt(part, 16));
    }
  }
  return groups;
}

/** Text of an address: dotted for IPv4, RFC 5952 for IPv6. */
export function ipText(ip: Ip): string {
  if (ip.family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((ip.value >> shift) & 0xffn)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, i) =>
    Number((ip.value >> BigInt(112 - 16 * i)) & 0xffffn),
  );
  const run = longestZeroRun(groups);
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  let length = 0;
  groups.forEach((group, i) => {
    if (group !== 0) {
      length = 0;
      return;
    }
    if (length === 0) start = i;
    length += 1;
    if (length > best.length) best = { start, length };
  });
  return best;
}

/** Canonical text of an address, or undefined when the text is not one. Two spellings of one address become equal. */
export function canonicalIp(text: string): string | undefined {
  const ip = parseIp(text);
  return ip && ipText(ip);
}

/**
 * Parses `address/length`. Host bits are kept in `ip` (a prefix written `10.224.1.0/12` is readable,
 * if sloppy). Undefined when either part is not valid.
 */
export const parseCidr: (text: string) => Cidr | undefined = remembered(parseAnyCidr);

function parseAnyCidr(text: string): Cidr | undefined {
  const match = /^\s*([^/\s]+)\/(\d{1,3})\s*$/.exec(text);
  if (!match) return undefined;
  const ip = parseIp(match[1] ?? '');
  const length = Number(match[2]);
  if (!ip || length > BITS[ip.family]) return undefined;
  return cidrOf(ip, length);
}

/** The prefix of the given length that holds an address. */
export function cidrOf(ip: Ip, length: number): Cidr {
  const host = BigInt(BITS[ip.family] - length);
  return { family: ip.family, ip: ip.value, base: (ip.value >> host) << host, length };
}

/** Text of a prefix by its network address. */
export function cidrText(cidr: Cidr): string {
  return `${ipText({ family: cidr.family, value: cidr.base })}/${cidr.length}`;
}

/** First and last address of a prefix. */
export function cidrRange(cidr: Cidr): IpRange {
  const size = 1n << BigInt(BITS[cidr.family] - cidr.length);
  return { family: cidr.family, from: cidr.base, to: cidr.base + size - 1n };
}

/** The prefix a range is exactly, or undefined when it is none. */
export function rangeCidr(range: IpRange): Cidr | undefined {
  const size = range.to - range.from + 1n;
  if (size <= 0n || (size & (size - 1n)) !== 0n || range.from % size !== 0n) return undefined;
  const length = BITS[range.family] - (size.toString(2).length - 1);
  return { family: range.family, ip: range.from, base: range.from, length };
}

/** Parses `a`, `a-b` or `a/len` into a range. */
export function parseIpRange(text: string): IpRange | undefined {
  const cidr = parseCidr(text);
  if (cidr) return cidrRange(cidr);
  const [first = '', second, extra] = text.split('-');
  if (extra !== undefined) return undefined;
  const from = parseIp(first);
  const to = second === undefined ? from : parseIp(second);
  if (!from || !to || from.family !== to.family || to.value < from.value) return undefined;
  return { family: from.family, from: from.value, to: to.value };
}

/** Is the address inside the prefix? False for different families. */
export function cidrHas(cidr: Cidr, ip: Ip): boolean {
  const range = cidrRange(cidr);
  return cidr.family === ip.family && ip.value >= range.from && ip.value <= range.to;
}

/** Does the outer prefix hold all of the inner one? */
export function cidrCovers(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  return cidrHas(outer, { family: inner.family, value: inner.base });
}

/** Do two prefixes share any address? */
export function cidrOverlaps(a: Cidr, b: Cidr): boolean {
  return cidrCovers(a, b) || cidrCovers(b, a);
}

/** The nth address of a prefix (0 is the network address). */
export function nthAddress(cidr: Cidr, n: number): string {
  return ipText({ family: cidr.family, value: cidr.base + BigInt(n) });
}

/** Text-level convenience: is `ip` inside `cidr`? Undefined when either text is not valid. */
export function inCidr(ip: string, cidr: string): boolean | undefined {
  const a = parseIp(ip);
  const c = parseCidr(cidr);
  return a && c ? cidrHas(c, a) : undefined;
}

/** Prefix length of a dotted mask (`255.255.240.0` gives 20); undefined when it is no contiguous mask. */
export function maskLength(mask: string): number | undefined {
  const ip = parseV4(mask.trim());
  if (!ip) return undefined;
  const bits = ip.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0/g, '').length : undefined;
}

/** 4 or 6, by the text of an address. */
export const familyOf = (ip: string): 4 | 6 => (ip.includes(':') ? 6 : 4);

/** Orders addresses: IPv4 first, then by number. For sorting texts that may be no addresses. */
export function compareIpText(a: string, b: string): number {
  const x = parseIp(a);
  const y = parseIp(b);
  if (!x || !y) return x ? -1 : y ? 1 : a.localeCompare(b);
  if (x.family !== y.family) return x.family - y.family;
  return x.value < y.value ? -1 : x.value > y.value ? 1 : 0;
}

/** `10.96.0.10:53`, `[fd00::10]:53` (RFC 3986 brackets the address that has colons itself). */
export function withPort(ip: string, port: number | string): string {
  return `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
}
