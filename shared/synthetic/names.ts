import { canonicalIp, parseIp } from '../model/ip';

/**
 * Made-up but stable identities: the same seed always gives the same GUID, MAC or container id,
 * so a synthetic node has the same text wherever and whenever it is written.
 */

/** 32-bit FNV-1a over UTF-16 units, with a salt to draw several numbers from one seed. */
function fnv(text: string, salt: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
  hash ^= hash >>> 12;
  return hash >>> 0;
}

/** `length` lower-case hex digits drawn from the seed. */
export function hexOf(seed: string, length: number): string {
  let out = '';
  for (let salt = 0; out.length < length; salt += 1) {
    out += fnv(seed, salt).toString(16).padStart(8, '0');
  }
  return out.slice(0, length);
}

/** A version 4 GUID, lower case. */
export function guidOf(seed: string): string {
  const hex = hexOf(seed, 32);
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Six bytes as Windows prints them, `00-15-5D-AA-BF-3D`. */
export function macText(bytes: readonly number[]): string {
  return bytes.map((b) => b.toString(16).toUpperCase().padStart(2, '0')).join('-');
}

const octets = (ip: string): number[] => ip.split('.').map(Number);

/** MAC of the Hyper-V pool (OUI 00-15-5D) drawn from a seed. */
export function hyperVMac(seed: string): string {
  const hex = hexOf(seed, 6);
  return macText([
    0x00,
    0x15,
    0x5d,
    Number.parseInt(hex.slice(0, 2), 16),
    Number.parseInt(hex.slice(2, 4), 16),
    Number.parseInt(hex.slice(4, 6), 16),
  ]);
}

/** MAC that win-overlay derives of an endpoint's address: prefix 0E-2A, then the address. */
export function overlayMac(ip: string): string {
  return macText([0x0e, 0x2a, ...octets(ip)]);
}

/** MAC that kube-proxy gives remote endpoints: 02-11, then the address, or the last four bytes of an IPv6 one backwards. */
export function remoteMac(ip: string): string {
  const value = parseIp(ip)?.value ?? 0n;
  const last = [0n, 8n, 16n, 24n].map((shift) => Number((value >> shift) & 0xffn));
  return macText([0x02, 0x11, ...(ip.includes(':') ? last : octets(ip))]);
}

/** The IPv6 twin of an address of the lab: 10.244.19.30 and fd00:10:244:19::30. */
export function ipv6Of(ip: string): string {
  const [a = '', b = '', c = '', d = ''] = ip.split('.');
  return canonicalIp(`fd00:${a}:${b}:${c}::${d}`) ?? '';
}

/** The /64 that the twins of a subnet lie in. */
export function ipv6Subnet(cidr: string): string {
  const [a = '', b = '', c = ''] = cidr.split('.');
  return `${canonicalIp(`fd00:${a}:${b}:${c}::`) ?? ''}/64`;
}

const BASE36 = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A suffix as Kubernetes gives pods and Windows gives host names. */
export function suffixOf(seed: string, length: number): string {
  let out = '';
  for (let salt = 0; out.length < length; salt += 1) {
    out += BASE36[fnv(seed, salt + 40) % 36] ?? 'a';
  }
  return out;
}

/** Address `offset` above the base of a CIDR, IPv4. */
export function addressIn(cidr: string, offset: number): string {
  const [base = '0.0.0.0'] = cidr.split('/');
  const n = octets(base).reduce((sum, b) => sum * 256 + b, 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
}

/** Prefix length of a CIDR. */
export function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1] ?? '32');
}

/** First and last address of a CIDR as VFP prints ranges, `a-b`. */
export function rangeOf(cidr: string): string {
  const [base = '0.0.0.0'] = cidr.split('/');
  return `${base}-${addressIn(cidr, 2 ** (32 - prefixLength(cidr)) - 1)}`;
}

/** Dotted mask of a prefix length. */
export function maskOf(length: number): string {
  const bits = 2 ** 32 - 2 ** (32 - length);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

/** MAC of the router that the nodes have as their default gateway. */
export const NODE_GATEWAY_MAC = '00-1C-73-00-00-99';
