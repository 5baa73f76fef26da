import { u16, u24, u32, u8 } from './bytes';
import { LAYER, type Layers } from './layers';

/** Flags of TCP (RFC 9293, 3.1). */
export const TCP = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16, urgent: 32 } as const;

/** Protocols that are not IP are numbered above all IP protocols, by their ethertype. */
export const NOT_IP = 0x10000;

export const TUNNEL = { none: 0, vxlan: 1, nvgre: 2, gre: 3, geneve: 4 } as const;

/**
 * What flows need of a packet: numbers and places in its bytes. Of a tunnelled packet these are
 * the innermost headers; the outer addresses stand beside. Reused for every packet.
 */
export interface Headers {
  /** 4 or 6; 0 for what is not IP. */
  family: number;
  /** Places of source and destination: of 4 or 16 bytes, of 6 (MAC) where `family` is 0; -1: none. */
  source: number;
  destination: number;
  /** IP protocol, or NOT_IP + ethertype. */
  protocol: number;
  sourcePort: number;
  destinationPort: number;
  /** The IP identification and the TTL or hop limit. */
  ipId: number;
  ttl: number;
  fragment: boolean;
  tcpFlags: number;
  sequence: number;
  acknowledged: number;
  window: number;
  /** Where the payload of TCP, UDP or ICMP begins, and its length on the wire. */
  payload: number;
  payloadLength: number;
  captureEnd: number;
  icmpType: number;
  icmpCode: number;
  /** Index of the first quoted layer of an ICMP error; -1: none. */
  quoted: number;
  /** Where a DNS header begins; -1: none. */
  dns: number;
  dnsLimit: number;
  tunnel: number;
  /** VNI, VSID or key. */
  network: number;
  outerFamily: number;
  outerSource: number;
  outerDestination: number;
  vlan: number;
  /** Destination and source MAC (12 bytes) of the innermost Ethernet header; -1: none. */
  macs: number;
  outerMacs: number;
  /** A tunnelled packet of which too little was captured to tell what is inside. */
  innerCut: boolean;
}

/** Headers for the decoder to fill again and again; -1 is "not in this packet". */
export const emptyHeaders = (): Headers => ({
  family: 0,
  source: -1,
  destination: -1,
  protocol: NOT_IP,
  sourcePort: 0,
  destinationPort: 0,
  ipId: 0,
  ttl: 0,
  fragment: false,
  tcpFlags: 0,
  sequence: 0,
  acknowledged: 0,
  window: 0,
  payload: 0,
  payloadLength: 0,
  captureEnd: 0,
  icmpType: 0,
  icmpCode: 0,
  quoted: -1,
  dns: -1,
  dnsLimit: 0,
  tunnel: TUNNEL.none,
  network: 0,
  outerFamily: 0,
  outerSource: -1,
  outerDestination: -1,
  vlan: 0,
  macs: -1,
  outerMacs: -1,
  innerCut: false,
});

const EMPTY = emptyHeaders();

/** Sums the layers of a packet up. `end` is the end of what was captured. */
export function readHeaders(bytes: Uint8Array, end: number, layers: Layers, into: Headers): void {
  Object.assign(into, EMPTY);
  into.captureEnd = end;
  const last = Math.min(layers.count, layers.quotedFrom);
  if (layers.quotedFrom < layers.count) into.quoted = layers.quotedFrom;
  for (let index = 0; index < last; index += 1) readLayer(bytes, layers, index, into);
  // Where too little of the inner packet was captured, the outer one is what can be told.
  if (into.tunnel === TUNNEL.none || into.family !== 0 || !layers.cut) return;
  const inner = lastTunnel(layers, last);
  Object.assign(into, EMPTY);
  into.captureEnd = end;
  into.innerCut = true;
  for (let index = 0; index < inner; index += 1) readLayer(bytes, layers, index, into);
}

function lastTunnel(layers: Layers, last: number): number {
  for (let index = last - 1; index > 0; index -= 1) {
    const kind = layers.kind[index];
    if (kind === LAYER.vxlan || kind === LAYER.gre || kind === LAYER.geneve) return index;
  }
  return 0;
}

function readLayer(bytes: Uint8Array, layers: Layers, index: number, into: Headers): void {
  const at = layers.start[index] ?? 0;
  const end = layers.end[index] ?? 0;
  switch (layers.kind[index]) {
    case LAYER.ethernet:
      into.macs = end - at >= 14 ? at : -1;
      return notIp(into, at + 6, at, u16(bytes, at + 12), end - at >= 14);
    case LAYER.linuxCooked:
      return notIp(into, at + 6, -1, u16(bytes, at + 14), end - at >= 16);
    case LAYER.linuxCooked2:
      return notIp(into, at + 12, -1, u16(bytes, at), end - at >= 20);
    case LAYER.vlan:
      into.vlan = u16(bytes, at) & 0xfff;
      if (into.protocol >= NOT_IP) into.protocol = NOT_IP + u16(bytes, at + 2);
      return;
    case LAYER.arp:
      // Ethernet and IPv4: sender and target by their IP addresses.
      if (u16(bytes, at + 4) === 0x0604 && end - at >= 28) {
        into.family = 4;
        into.source = at + 14;
        into.destination = at + 24;
      }
      into.protocol = NOT_IP + 0x0806;
      return;
    case LAYER.ipv4:
      if (end - at < 20) return;
      ip(into, 4, at + 12, at + 16, u8(bytes, at + 9));
      into.ipId = u16(bytes, at + 4);
      into.ttl = u8(bytes, at + 8);
      into.fragment = (u16(bytes, at + 6) & 0x3fff) !== 0;
      into.payload = end;
      into.payloadLength = Math.max(0, lengthOnWire(bytes, at, layers, index) - (end - at));
      return;
    case LAYER.ipv6:
      if (end - at < 40) return;
      ip(into, 6, at + 8, at + 24, u8(bytes, at + 6));
      into.ttl = u8(bytes, at + 7);
      into.payload = end;
      into.payloadLength = u16(bytes, at + 4) || (layers.limit[index] ?? 0) - end;
      return;
    case LAYER.ipv6Extension:
      into.protocol = u8(bytes, at);
      if (layers.protocol[index] === 44) into.fragment = true;
      into.payload = end;
      into.payloadLength = Math.max(0, into.payloadLength - (end - at));
      return;
    case LAYER.tcp:
      return tcp(bytes, at, end, into);
    case LAYER.udp:
      if (end - at < 8) return;
      into.sourcePort = u16(bytes, at);
      into.destinationPort = u16(bytes, at + 2);
      into.payload = at + 8;
      into.payloadLength = Math.max(0, into.payloadLength - 8);
      return;
    case LAYER.icmp:
    case LAYER.icmpv6:
      into.icmpType = u8(bytes, at);
      into.icmpCode = u8(bytes, at + 1);
      into.payload = at + 8;
      into.payloadLength = Math.max(0, into.payloadLength - 8);
      // An echo and its reply share the identifier, which serves as both ports.
      if (isEcho(into)) into.sourcePort = into.destinationPort = u16(bytes, at + 4);
      return;
    case LAYER.vxlan:
      return tunnel(into, TUNNEL.vxlan, u24(bytes, at + 4));
    case LAYER.geneve:
      return tunnel(into, TUNNEL.geneve, u24(bytes, at + 4));
    case LAYER.gre:
      return greTunnel(bytes, at, into);
    case LAYER.dns:
      into.dns = at;
      into.dnsLimit = layers.limit[index] ?? 0;
      return;
    default:
      return;
  }
}

const isEcho = ({ protocol, icmpType }: Headers): boolean =>
  protocol === 1 ? icmpType === 0 || icmpType === 8 : icmpType === 128 || icmpType === 129;

function lengthOnWire(bytes: Uint8Array, at: number, layers: Layers, index: number): number {
  return u16(bytes, at + 2) || (layers.limit[index] ?? 0) - at;
}

function notIp(
  into: Headers,
  source: number,
  destination: number,
  type: number,
  whole: boolean,
): void {
  into.family = 0;
  into.source = whole ? source : -1;
  into.destination = whole ? destination : -1;
  into.protocol = NOT_IP + (type >= 0x600 ? type : 0);
}

function ip(
  into: Headers,
  family: number,
  source: number,
  destination: number,
  protocol: number,
): void {
  into.family = family;
  into.source = source;
  into.destination = destination;
  into.protocol = protocol;
  into.sourcePort = 0;
  into.destinationPort = 0;
}

function tcp(bytes: Uint8Array, at: number, end: number, into: Headers): void {
  if (end - at < 4) return;
  into.sourcePort = u16(bytes, at);
  into.destinationPort = u16(bytes, at + 2);
  if (end - at < 20) return;
  const length = Math.max(20, (u8(bytes, at + 12) >> 4) * 4);
  into.sequence = u32(bytes, at + 4);
  into.acknowledged = u32(bytes, at + 8);
  into.tcpFlags = u8(bytes, at + 13) & 0x3f;
  into.window = u16(bytes, at + 14);
  into.payload = at + length;
  into.payloadLength = Math.max(0, into.payloadLength - length);
}

/** What was read so far becomes the outer packet. */
function tunnel(into: Headers, kind: number, network: number): void {
  const { family, source, destination, macs, captureEnd } = into;
  Object.assign(into, EMPTY);
  into.captureEnd = captureEnd;
  into.tunnel = kind;
  into.network = network;
  into.outerFamily = family;
  into.outerSource = source;
  into.outerDestination = destination;
  into.outerMacs = macs;
}

function greTunnel(bytes: Uint8Array, at: number, into: Headers): void {
  const flags = u16(bytes, at);
  const keyAt = at + 4 + ((flags & 0x8000) !== 0 ? 4 : 0);
  const keyed = (flags & 0x2000) !== 0;
  if (keyed && u16(bytes, at + 2) === 0x6558) tunnel(into, TUNNEL.nvgre, u32(bytes, keyAt) >>> 8);
  else if ((flags & 7) === 0) tunnel(into, TUNNEL.gre, keyed ? u32(bytes, keyAt) : 0);
}
