import type { CapturedFlow, FlowSide, FlowTunnel } from '../model/capture';
import type { Addresses } from './addresses';
import { bytes, doubles, shorts, words } from './growing';
import { NOT_IP, TCP, TUNNEL } from './headers';

/** Names kept of a flow that asks for many. */
const MOST_NAMES = 8;
/** Below this, ports are those of servers: Linux opens connections from 32768, Windows from 49152. */
const FIRST_CLIENT_PORT = 32768;

export const SIDE = { a: 0, b: 1 } as const;
export type Side = (typeof SIDE)[keyof typeof SIDE];

interface FlowKey {
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly tunnel: number;
}

/** Columns that each side of a flow has. */
class SideColumns {
  readonly address = words();
  readonly port = shorts();
  readonly packets = words();
  readonly bytes = doubles();
  readonly tcpFlags = bytes();
  readonly retransmissions = words();
  readonly resets = words();
  /** End of the highest sequence sent, and the hole left before it (empty: both equal). */
  readonly sent = words();
  readonly holeFrom = words();
  readonly holeTo = words();
  /** The interface that showed its first packet. */
  readonly home = shorts();

  push(address: number, port: number): void {
    this.address.push(address);
    this.port.push(port);
    for (const column of [this.packets, this.retransmissions, this.resets]) column.push(0);
    for (const column of [this.sent, this.holeFrom, this.holeTo]) column.push(0);
    this.bytes.push(0);
    this.tcpFlags.push(0);
    this.home.push(0);
  }
}

/** All flows of a capture in columns; found by their key in a table of open addressing. */
export class FlowTable {
  readonly sides: readonly [SideColumns, SideColumns] = [new SideColumns(), new SideColumns()];
  readonly protocol = words();
  readonly tunnel = words();
  readonly vlan = shorts();
  readonly first = doubles();
  readonly last = doubles();
  readonly syn = words();
  readonly synAck = words();
  readonly sightings = words();
  readonly dropped = words();
  readonly fragments = words();
  readonly icmpErrors = words();
  readonly dnsQueries = words();
  readonly dnsUnanswered = words();
  readonly dnsErrors = words();
  readonly dnsNotFound = words();
  readonly firstPacket = words();
  /** Which side opened the flow, plus 2 when its packets say so and it is not only guessed. */
  readonly opener = bytes();
  readonly names = new Map<number, string[]>();
  readonly tunnels: FlowTunnel[] = [];
  readonly #tunnelIds = new Map<string, number>();
  #slots = new Int32Array(1 << 12).fill(-1);

  constructor(private readonly addresses: Addresses) {}

  get count(): number {
    return this.protocol.length;
  }

  /** Number of a tunnel plus one; the same for both ways. */
  tunnelId(kind: number, network: number, from: number, to: number): number {
    const key = `${kind} ${network} ${Math.min(from, to)} ${Math.max(from, to)}`;
    const known = this.#tunnelIds.get(key);
    if (known !== undefined) return known;
    this.tunnels.push({
      kind: tunnelName(kind),
      network,
      outerFrom: this.addresses.text(from),
      outerTo: this.addresses.text(to),
    });
    this.#tunnelIds.set(key, this.tunnels.length);
    return this.tunnels.length;
  }

  /** Which side the source of a packet with this key is. */
  sideOf(key: FlowKey): Side {
    if (key.source !== key.destination) return key.source < key.destination ? SIDE.a : SIDE.b;
    return key.sourcePort <= key.destinationPort ? SIDE.a : SIDE.b;
  }

  /** The flow of a key; -1 where there is none. */
  find(key: FlowKey): number {
    return this.#slots[this.#slot(key)] ?? -1;
  }

  /** The flow of a key, made when it is the first packet. */
  flowOf(key: FlowKey, packet: number, time: number): number {
    const slot = this.#slot(key);
    const known = this.#slots[slot] ?? -1;
    if (known >= 0) return known;
    const flow = this.count;
    const fromA = this.sideOf(key) === SIDE.a;
    this.sides[fromA ? 0 : 1].push(key.source, key.sourcePort);
    this.sides[fromA ? 1 : 0].push(key.destination, key.destinationPort);
    this.protocol.push(key.protocol);
    this.tunnel.push(key.tunnel);
    this.first.push(time);
    this.last.push(time);
    this.firstPacket.push(packet);
    this.vlan.push(0);
    // A packet from a server's port to a client's answers something that was not captured.
    const answers = key.sourcePort < FIRST_CLIENT_PORT && key.destinationPort >= FIRST_CLIENT_PORT;
    this.opener.push(fromA === answers && key.sourcePort !== 0 ? SIDE.b : fromA ? SIDE.a : SIDE.b);
    for (const column of [this.syn, this.synAck, this.sightings, this.dropped, this.fragments])
      column.push(0);
    for (const column of [this.icmpErrors, this.dnsQueries, this.dnsUnanswered, this.dnsErrors])
      column.push(0);
    this.dnsNotFound.push(0);
    this.#slots[slot] = flow;
    if (this.count * 2 > this.#slots.length) this.#grow();
    return flow;
  }

  /** The packets show who opened the flow. */
  opened(flow: number, by: Side): void {
    if (this.opener.at(flow) < 2) this.opener.set(flow, 2 + by);
  }

  clientSide(flow: number): Side {
    return (this.opener.at(flow) & 1) === 0 ? SIDE.a : SIDE.b;
  }

  asked(flow: number, name: string): void {
    const names = this.names.get(flow);
    if (names === undefined) this.names.set(flow, [name]);
    else if (names.length < MOST_NAMES && !names.includes(name)) names.push(name);
  }

  /** A flow as an object. `end` is the time of the capture's last packet; times become milliseconds by `clock`. */
  view(flow: number, end: number, clock: (time: number) => number): CapturedFlow {
    const client = this.clientSide(flow);
    const number = this.protocol.at(flow);
    return {
      index: flow,
      protocol: protocolName(number),
      protocolNumber: number,
      client: this.#side(flow, client, number),
      server: this.#side(flow, client === SIDE.a ? SIDE.b : SIDE.a, number),
      tunnel: this.tunnels[this.tunnel.at(flow) - 1],
      vlan: this.vlan.at(flow),
      firstTime: clock(this.first.at(flow)),
      lastTime: clock(this.last.at(flow)),
      synPackets: this.syn.at(flow),
      synAckPackets: this.synAck.at(flow),
      sightings: this.sightings.at(flow),
      dropped: this.dropped.at(flow),
      fragments: this.fragments.at(flow),
      icmpErrors: this.icmpErrors.at(flow),
      unansweredOpening: this.unanswered(flow, end),
      dnsQueries: this.dnsQueries.at(flow),
      dnsUnanswered: this.dnsUnanswered.at(flow),
      dnsErrors: this.dnsErrors.at(flow),
      dnsNotFound: this.dnsNotFound.at(flow),
      dnsNames: this.names.get(flow) ?? [],
      firstPacket: this.firstPacket.at(flow),
    };
  }

  /**
   * A request that nothing answered. Only where the capture went on for three seconds: who captures
   * up to the request sees no answer either. A client that goes on with an ACK had its answer.
   */
  unanswered(flow: number, end: number): boolean {
    const client = this.clientSide(flow);
    const [asked, answered] = [this.sides[client], this.sides[client === SIDE.a ? 1 : 0]];
    if (answered.packets.at(flow) > 0 || end - this.first.at(flow) < 3e9) return false;
    switch (this.protocol.at(flow)) {
      case 6:
        return this.syn.at(flow) > 0 && (asked.tcpFlags.at(flow) & TCP.ack) === 0;
      case 1:
      case 58:
      case NOT_IP + 0x0806:
        // `opened` is only told of requests.
        return this.opener.at(flow) >= 2;
      default:
        return false;
    }
  }

  #side(flow: number, side: Side, protocol: number): FlowSide {
    const columns = this.sides[side];
    const ports = protocol === 6 || protocol === 17;
    return {
      address: this.addresses.text(columns.address.at(flow)),
      port: ports ? columns.port.at(flow) : undefined,
      packets: columns.packets.at(flow),
      bytes: columns.bytes.at(flow),
      tcpFlags: columns.tcpFlags.at(flow),
      retransmissions: columns.retransmissions.at(flow),
      resets: columns.resets.at(flow),
    };
  }

  #slot(key: FlowKey): number {
    const fromA = this.sideOf(key) === SIDE.a;
    const a = fromA ? key.source : key.destination;
    const b = fromA ? key.destination : key.source;
    const portA = fromA ? key.sourcePort : key.destinationPort;
    const portB = fromA ? key.destinationPort : key.sourcePort;
    const mask = this.#slots.length - 1;
    let at = hash(a, b, portA, portB, key.protocol, key.tunnel) & mask;
    for (;;) {
      const flow = this.#slots[at] ?? -1;
      if (flow < 0 || this.#is(flow, a, b, portA, portB, key)) return at;
      at = (at + 1) & mask;
    }
  }

  #is(flow: number, a: number, b: number, portA: number, portB: number, key: FlowKey): boolean {
    const [sideA, sideB] = this.sides;
    return (
      sideA.address.at(flow) === a &&
      sideB.address.at(flow) === b &&
      sideA.port.at(flow) === portA &&
      sideB.port.at(flow) === portB &&
      this.protocol.at(flow) === key.protocol &&
      this.tunnel.at(flow) === key.tunnel
    );
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    const [a, b] = this.sides;
    for (let flow = 0; flow < this.count; flow += 1) {
      let at =
        hash(
          a.address.at(flow),
          b.address.at(flow),
          a.port.at(flow),
          b.port.at(flow),
          this.protocol.at(flow),
          this.tunnel.at(flow),
        ) & mask;
      while ((this.#slots[at] ?? -1) >= 0) at = (at + 1) & mask;
      this.#slots[at] = flow;
    }
  }
}

const mix = (value: number, part: number): number =>
  Math.imul(value ^ part, 0x01000193) ^ (value >>> 15);

function hash(a: number, b: number, c: number, d: number, e: number, f: number): number {
  return mix(mix(mix(mix(mix(mix(0x811c9dc5, a), b), c), d), e), f) >>> 0;
}

function tunnelName(kind: number): FlowTunnel['kind'] {
  if (kind === TUNNEL.vxlan) return 'VXLAN';
  if (kind === TUNNEL.nvgre) return 'NVGRE';
  return kind === TUNNEL.geneve ? 'Geneve' : 'GRE';
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [58, 'ICMPv6'],
  [132, 'SCTP'],
  [NOT_IP, 'LLC'],
  [NOT_IP + 0x0806, 'ARP'],
  [NOT_IP + 0x88cc, 'LLDP'],
]);

/** Name of a protocol number of flows. */
export function protocolName(protocol: number): string {
  const known = NAMES.get(protocol);
  if (known !== undefined) return known;
  return protocol >= NOT_IP
    ? `0x${(protocol - NOT_IP).toString(16).padStart(4, '0')}`
    : `IP ${protocol}`;
}
