import { canonicalIp } from '../../model/ip';

/** Between whom a packet went, as far as its line of text says. */
export interface PacketEnds {
  readonly source: string | undefined;
  readonly sourcePort: number | undefined;
  readonly destination: string | undefined;
  readonly destinationPort: number | undefined;
  readonly toMany: boolean;
}

const ENDS = /(?:^|\s)([0-9A-Fa-f.:%]+) > ([0-9A-Fa-f.:%]+?):(?:\s|$)/;
const ARP = /who-has ([0-9A-Fa-f.:]+).*\btell ([0-9A-Fa-f.:]+)/;
const MACS = /\b(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2} > ([0-9A-Fa-f]{2})(?:-[0-9A-Fa-f]{2}){5}/;

/**
 * Reads the line that Packet Monitor prints of a packet, in the way of tcpdump:
 * `00-15-5D-… > 00-15-5D-…, ethertype IPv4 (0x0800), length 66: 10.244.1.5.50100 > 10.96.0.10.53: …`.
 */
export function packetEnds(text: string): PacketEnds {
  const arp = ARP.exec(text);
  const ip = arp === null ? ENDS.exec(text) : null;
  const from = addressOf(arp?.[2] ?? ip?.[1] ?? '');
  const to = addressOf(arp?.[1] ?? ip?.[2] ?? '');
  const first = MACS.exec(text)?.[1];
  const groupMac = first !== undefined && (parseInt(first, 16) & 1) === 1;
  return {
    source: from.address,
    sourcePort: from.port,
    destination: to.address,
    destinationPort: to.port,
    toMany: groupMac || isGroup(to.address ?? ''),
  };
}

/** `10.0.0.1.80` and `fd00::1.80` have a port, `10.0.0.1` and `fd00::1` have none. */
function addressOf(text: string): { address: string | undefined; port: number | undefined } {
  const plain = text.replace(/%[^.]*/, '');
  const whole = canonicalIp(plain);
  if (whole !== undefined) return { address: whole, port: undefined };
  const dot = plain.lastIndexOf('.');
  const address = dot < 0 ? undefined : canonicalIp(plain.slice(0, dot));
  const port = Number(plain.slice(dot + 1));
  return { address, port: address !== undefined && Number.isInteger(port) ? port : undefined };
}

/** Broadcast and multicast; the broadcast of a subnet cannot be told here. */
const isGroup = (address: string): boolean =>
  address.startsWith('ff') || address === '255.255.255.255' || /^(?:22[4-9]|23\d)\./.test(address);
