import { u16, u32, u8 } from './bytes';
import { LINK } from './link-types';

/** Kinds of layers. Numbers, so that a walk over a packet makes no object. */
export const LAYER = {
  ethernet: 1,
  linuxCooked: 2,
  linuxCooked2: 3,
  loopback: 4,
  vlan: 5,
  arp: 6,
  ipv4: 7,
  ipv6: 8,
  ipv6Extension: 9,
  icmp: 10,
  icmpv6: 11,
  tcp: 12,
  udp: 13,
  vxlan: 14,
  gre: 15,
  geneve: 16,
  dns: 17,
  data: 18,
  fragment: 19,
} as const;
export type LayerKind = (typeof LAYER)[keyof typeof LAYER];

/** Frames inside frames are followed this deep. */
const MOST_TUNNELS = 3;
const MOST_LAYERS = 40;

const ETHERTYPE: ReadonlyMap<number, LayerKind> = new Map([
  [0x0800, LAYER.ipv4],
  [0x86dd, LAYER.ipv6],
  [0x0806, LAYER.arp],
  [0x8100, LAYER.vlan],
  [0x88a8, LAYER.vlan],
  [0x9100, LAYER.vlan],
  // Transparent Ethernet bridging: what GRE and Geneve carry.
  [0x6558, LAYER.ethernet],
]);

/** The layers of one packet: for each its kind, its header and how far it reaches. Reused for every packet. */
export class Layers {
  readonly kind = new Uint8Array(MOST_LAYERS);
  /** First byte of the header. */
  readonly start = new Int32Array(MOST_LAYERS);
  /** First byte after the header, as far as it was captured. */
  readonly end = new Int32Array(MOST_LAYERS);
  /** First byte after what the layer holds by its own length field, as far as it was captured. */
  readonly limit = new Int32Array(MOST_LAYERS);
  /** Protocol number (IP), ethertype or extension kind that led here. */
  readonly protocol = new Int32Array(MOST_LAYERS);
  count = 0;
  /** Layers from here on are the packet that an ICMP error quotes; `count` where there is none. */
  quotedFrom = 0;
  /** A header was not captured whole. */
  cut = false;
  /** What is wrong with the packet, in words; '' when nothing is. */
  problem = '';

  reset(): void {
    this.count = 0;
    this.quotedFrom = MOST_LAYERS;
    this.cut = false;
    this.problem = '';
  }

  add(kind: LayerKind, start: number, end: number, limit: number, protocol: number): boolean {
    if (this.count >= MOST_LAYERS) return false;
    this.kind[this.count] = kind;
    this.start[this.count] = start;
    this.end[this.count] = Math.min(end, limit);
    this.limit[this.count] = limit;
    this.protocol[this.count] = protocol;
    this.count += 1;
    return true;
  }
}

/** What to read next; 0: nothing more. */
interface Next {
  kind: LayerKind | 0;
  at: number;
  limit: number;
  protocol: number;
}

/**
 * Finds the layers of a packet. Never throws and always ends: each step goes forward, and there are
 * at most as many as `Layers` holds.
 */
export function walkLayers(
  bytes: Uint8Array,
  start: number,
  end: number,
  linkType: number,
  layers: Layers,
): void {
  layers.reset();
  const next: Next = {
    kind: firstKind(bytes, start, linkType),
    at: start,
    limit: end,
    protocol: 0,
  };
  let tunnels = 0;
  while (next.kind !== 0 && next.at < next.limit) {
    const kind = next.kind;
    const before = layers.count;
    STEPS[kind](bytes, next, layers);
    if (layers.count === before) return;
    if (kind === LAYER.vxlan || kind === LAYER.gre || kind === LAYER.geneve) {
      tunnels += 1;
      if (tunnels > MOST_TUNNELS && !ended(next)) {
        layers.problem = `more than ${MOST_TUNNELS} tunnels in each other; the rest is not decoded`;
        next.kind = LAYER.data;
      }
    }
  }
}

const ended = ({ kind }: Next): boolean => kind === 0;

function firstKind(bytes: Uint8Array, at: number, linkType: number): LayerKind {
  switch (linkType) {
    case LINK.ethernet:
      return LAYER.ethernet;
    case LINK.linuxCooked:
      return LAYER.linuxCooked;
    case LINK.linuxCooked2:
      return LAYER.linuxCooked2;
    case LINK.null:
    case LINK.loop:
      return LAYER.loopback;
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenBsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return u8(bytes, at) >> 4 === 6 ? LAYER.ipv6 : LAYER.ipv4;
    default:
      return LAYER.data;
  }
}

type Step = (bytes: Uint8Array, next: Next, layers: Layers) => void;

/** Adds a layer with a header of `length` bytes; false when it was not captured whole. */
function header(layers: Layers, next: Next, kind: LayerKind, length: number): boolean {
  layers.add(kind, next.at, next.at + length, next.limit, next.protocol);
  if (next.at + length <= next.limit) return true;
  // A quoted packet is cut by who quotes it, not by the capture.
  if (layers.quotedFrom >= layers.count) layers.cut = true;
  next.kind = 0;
  return false;
}

/** What follows a header that ends in an ethertype. */
function byEthertype(next: Next, type: number, at: number): void {
  next.at = at;
  next.protocol = type;
  next.kind = ETHERTYPE.get(type) ?? LAYER.data;
}

const byIpProtocol: ReadonlyMap<number, LayerKind> = new Map([
  [1, LAYER.icmp],
  [4, LAYER.ipv4],
  [6, LAYER.tcp],
  [17, LAYER.udp],
  [41, LAYER.ipv6],
  [47, LAYER.gre],
  [58, LAYER.icmpv6],
]);
const extensions: ReadonlySet<number> = new Set([0, 43, 44, 51, 60, 135, 139, 140]);

function afterIp(next: Next, protocol: number, at: number, v6: boolean): void {
  next.at = at;
  next.protocol = protocol;
  next.kind =
    v6 && extensions.has(protocol)
      ? LAYER.ipv6Extension
      : protocol === 59
        ? 0
        : (byIpProtocol.get(protocol) ?? LAYER.data);
}

const ethernet: Step = (bytes, next, layers) => {
  const { at } = next;
  if (!header(layers, next, LAYER.ethernet, 14)) return;
  const type = u16(bytes, at + 12);
  if (type >= 0x600) return byEthertype(next, type, at + 14);
  // IEEE 802.3: a length, then LLC, which nothing here needs.
  next.limit = Math.min(next.limit, at + 14 + type);
  next.at = at + 14;
  next.protocol = 0;
  next.kind = LAYER.data;
};

const linuxCooked: Step = (bytes, next, layers) => {
  const { at } = next;
  if (header(layers, next, LAYER.linuxCooked, 16)) byEthertype(next, u16(bytes, at + 14), at + 16);
};

const linuxCooked2: Step = (bytes, next, layers) => {
  const { at } = next;
  if (header(layers, next, LAYER.linuxCooked2, 20)) byEthertype(next, u16(bytes, at), at + 20);
};

/** The family is in the byte order of whoever captured; only IPv4 is 2 everywhere. */
const loopback: Step = (bytes, next, layers) => {
  const { at } = next;
  if (!header(layers, next, LAYER.loopback, 4)) return;
  const big = u32(bytes, at);
  const family = big > 0xffff ? u8(bytes, at) : big;
  next.at = at + 4;
  next.protocol = family;
  next.kind =
    family === 2 ? LAYER.ipv4 : [10, 23, 24, 28, 30].includes(family) ? LAYER.ipv6 : LAYER.data;
};

const vlan: Step = (bytes, next, layers) => {
  const { at } = next;
  if (header(layers, next, LAYER.vlan, 4)) byEthertype(next, u16(bytes, at + 2), at + 4);
};

const arp: Step = (bytes, next, layers) => {
  const { at } = next;
  const length = 8 + 2 * (u8(bytes, at + 4) + u8(bytes, at + 5));
  header(layers, next, LAYER.arp, length);
  next.kind = 0;
};

const ipv4: Step = (bytes, next, layers) => {
  const { at } = next;
  const length = (u8(bytes, at) & 0xf) * 4;
  if (u8(bytes, at) >> 4 !== 4 || length < 20) {
    layers.problem = 'no valid IPv4 header';
    next.kind = LAYER.data;
    return data(bytes, next, layers);
  }
  if (!header(layers, next, LAYER.ipv4, length)) return;
  const total = u16(bytes, at + 2);
  // 0 stands for a packet that the network card will segment.
  if (total >= length) next.limit = Math.min(next.limit, at + total);
  else if (total !== 0) layers.problem = 'the IPv4 length is shorter than its header';
  layers.limit[layers.count - 1] = next.limit;
  if ((u16(bytes, at + 6) & 0x1fff) !== 0) {
    next.protocol = u8(bytes, at + 9);
    next.at = at + length;
    next.kind = LAYER.fragment;
  } else afterIp(next, u8(bytes, at + 9), at + length, false);
};

const ipv6: Step = (bytes, next, layers) => {
  const { at } = next;
  if (u8(bytes, at) >> 4 !== 6) {
    layers.problem = 'no valid IPv6 header';
    next.kind = LAYER.data;
    return data(bytes, next, layers);
  }
  if (!header(layers, next, LAYER.ipv6, 40)) return;
  const payload = u16(bytes, at + 4);
  if (payload !== 0) next.limit = Math.min(next.limit, at + 40 + payload);
  layers.limit[layers.count - 1] = next.limit;
  afterIp(next, u8(bytes, at + 6), at + 40, true);
};

/** RFC 8200, section 4; AH (51) counts its length in units of four (RFC 4302). */
const ipv6Extension: Step = (bytes, next, layers) => {
  const { at, protocol } = next;
  const units = u8(bytes, at + 1);
  const length = protocol === 44 ? 8 : protocol === 51 ? (units + 2) * 4 : (units + 1) * 8;
  if (!header(layers, next, LAYER.ipv6Extension, length)) return;
  const following = u8(bytes, at);
  if (protocol === 44 && u16(bytes, at + 2) >> 3 !== 0) {
    next.at = at + 8;
    next.protocol = following;
    next.kind = LAYER.fragment;
  } else afterIp(next, following, at + length, true);
};

/** Errors quote the packet they are about (RFC 792, RFC 4443). */
const icmp: Step = (bytes, next, layers) => {
  const { at } = next;
  if (!header(layers, next, LAYER.icmp, 8)) return;
  const quotes = [3, 4, 5, 11, 12].includes(u8(bytes, at));
  next.at = at + 8;
  if (quotes && layers.quotedFrom >= layers.count) {
    layers.quotedFrom = layers.count;
    next.kind = LAYER.ipv4;
  } else next.kind = LAYER.data;
};

const icmpv6: Step = (bytes, next, layers) => {
  const { at } = next;
  const type = u8(bytes, at);
  if (!header(layers, next, LAYER.icmpv6, type < 128 ? 8 : 4)) return;
  next.at = at + (type < 128 ? 8 : 4);
  if (type >= 1 && type <= 4 && layers.quotedFrom >= layers.count) {
    layers.quotedFrom = layers.count;
    next.kind = LAYER.ipv6;
  } else next.kind = LAYER.data;
};

const tcp: Step = (bytes, next, layers) => {
  const { at } = next;
  const quoted = layers.quotedFrom <= layers.count;
  const length = (u8(bytes, at + 12) >> 4) * 4;
  const whole = next.limit - at >= 20;
  if (whole && length < 20) layers.problem = 'the TCP header claims to be shorter than 20 bytes';
  if (!header(layers, next, LAYER.tcp, whole ? Math.max(length, 20) : 20)) return;
  next.at = at + Math.max(length, 20);
  const isDns = u16(bytes, at) === 53 || u16(bytes, at + 2) === 53;
  const rest = next.limit - next.at;
  // RFC 1035, 4.2.2: a length stands before a message; one that is spread over segments is not put together.
  if (isDns && !quoted && rest >= 14 && u16(bytes, next.at) === rest - 2) {
    next.at += 2;
    next.kind = LAYER.dns;
  } else next.kind = LAYER.data;
};

const udp: Step = (bytes, next, layers) => {
  const { at } = next;
  const quoted = layers.quotedFrom <= layers.count;
  if (!header(layers, next, LAYER.udp, 8)) return;
  const length = u16(bytes, at + 4);
  if (length >= 8) next.limit = Math.min(next.limit, at + length);
  else if (length !== 0) layers.problem = 'the UDP length is shorter than its header';
  layers.limit[layers.count - 1] = next.limit;
  next.at = at + 8;
  next.protocol = 0;
  next.kind = quoted ? LAYER.data : insideUdp(bytes, at, next.limit);
};

/** VXLAN by IANA's port and by the one Linux and flannel used before (RFC 7348); Geneve (RFC 8926); DNS, mDNS, LLMNR. */
function insideUdp(bytes: Uint8Array, at: number, limit: number): LayerKind {
  const from = u16(bytes, at);
  const to = u16(bytes, at + 2);
  const inner = at + 8;
  if ((to === 4789 || to === 8472) && limit - inner >= 8 && (u8(bytes, inner) & 0x08) !== 0)
    return LAYER.vxlan;
  if (to === 6081 && limit - inner >= 8 && u8(bytes, inner) >> 6 === 0) return LAYER.geneve;
  for (const port of [53, 5353, 5355])
    if ((from === port || to === port) && limit - inner >= 12) return LAYER.dns;
  return LAYER.data;
}

const vxlan: Step = (_bytes, next, layers) => {
  const { at } = next;
  if (!header(layers, next, LAYER.vxlan, 8)) return;
  next.at = at + 8;
  next.kind = LAYER.ethernet;
};

/** RFC 2784 and 2890; with a key and Ethernet inside it is NVGRE (RFC 7637). */
const gre: Step = (bytes, next, layers) => {
  const { at } = next;
  const flags = u16(bytes, at);
  const optional = [0x8000, 0x2000, 0x1000].filter((bit) => (flags & bit) !== 0).length;
  if (!header(layers, next, LAYER.gre, 4 + 4 * optional)) return;
  if ((flags & 7) === 0) return byEthertype(next, u16(bytes, at + 2), at + 4 + 4 * optional);
  next.at = at + 4 + 4 * optional;
  next.kind = LAYER.data;
};

const geneve: Step = (bytes, next, layers) => {
  const { at } = next;
  const length = 8 + (u8(bytes, at) & 0x3f) * 4;
  if (header(layers, next, LAYER.geneve, length))
    byEthertype(next, u16(bytes, at + 2), at + length);
};

const rest =
  (kind: LayerKind): Step =>
  (_bytes, next, layers) => {
    layers.add(kind, next.at, next.limit, next.limit, next.protocol);
    next.kind = 0;
  };
const data = rest(LAYER.data);

const STEPS: Readonly<Record<LayerKind, Step>> = {
  [LAYER.ethernet]: ethernet,
  [LAYER.linuxCooked]: linuxCooked,
  [LAYER.linuxCooked2]: linuxCooked2,
  [LAYER.loopback]: loopback,
  [LAYER.vlan]: vlan,
  [LAYER.arp]: arp,
  [LAYER.ipv4]: ipv4,
  [LAYER.ipv6]: ipv6,
  [LAYER.ipv6Extension]: ipv6Extension,
  [LAYER.icmp]: icmp,
  [LAYER.icmpv6]: icmpv6,
  [LAYER.tcp]: tcp,
  [LAYER.udp]: udp,
  [LAYER.vxlan]: vxlan,
  [LAYER.gre]: gre,
  [LAYER.geneve]: geneve,
  [LAYER.dns]: rest(LAYER.dns),
  [LAYER.data]: data,
  [LAYER.fragment]: rest(LAYER.fragment),
};
