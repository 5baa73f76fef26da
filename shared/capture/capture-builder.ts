import { Addresses } from './addresses';
import { u16, u8 } from './bytes';
import { CaptureIndex, MARK, PacketColumns, type ExactTime } from './capture-index';
import { dnsName } from './dns';
import { FlowTable, SIDE, type Side } from './flow-table';
import { DIRECTION, type CaptureInterface, type Frame, type FrameSink } from './frame';
import { emptyHeaders, NOT_IP, readHeaders, TCP, TUNNEL, type Headers } from './headers';
import { Layers, LAYER, walkLayers } from './layers';
import { linkTypeName } from './link-types';
import { Rewrites } from './rewrites';
import { Sightings } from './sightings';
import { isRetransmission } from './tcp-sequence';

const MOST_NOTES = 20;
/** A query is only called unanswered when the capture went on for so long after it; nanoseconds. */
const ANSWER_TIME = 2e9;

/** Makes the index of a capture from its frames, one after another. */
export class CaptureBuilder implements FrameSink {
  readonly #packets = new PacketColumns();
  readonly #addresses = new Addresses();
  readonly #flows = new FlowTable(this.#addresses);
  readonly #sightings = new Sightings();
  readonly #rewrites = new Rewrites();
  readonly #interfaces: CaptureInterface[] = [];
  readonly #notes: string[] = [];
  readonly #layers = new Layers();
  readonly #headers = emptyHeaders();
  /** Queries that wait for an answer: flow and id to their time. */
  readonly #asked = new Map<number, number>();
  #start: ExactTime | undefined;
  #end = 0;
  #grouped = false;
  #shortened = { packets: 0, mostBytes: 0 };
  #innerCut = 0;
  #damaged = 0;
  #moreNotes = 0;
  // One key that is filled again and again.
  readonly #key = {
    source: 0,
    destination: 0,
    sourcePort: 0,
    destinationPort: 0,
    protocol: 0,
    tunnel: 0,
  };

  get packetCount(): number {
    return this.#packets.count;
  }

  interface(found: CaptureInterface): void {
    this.#interfaces.push(found);
    if (linkTypeName(found.linkType) === undefined)
      this.note(0, `link type ${found.linkType} is not decoded; its packets are listed only`);
  }

  note(offset: number, message: string): void {
    if (this.#notes.length < MOST_NOTES)
      this.#notes.push(offset > 0 ? `byte ${offset}: ${message}` : message);
    else this.#moreNotes += 1;
  }

  frame(frame: Frame): void {
    const headers = this.#headers;
    const linkType = this.#interfaces[frame.interfaceIndex]?.linkType ?? -1;
    walkLayers(frame.bytes, frame.start, frame.end, linkType, this.#layers);
    readHeaders(frame.bytes, frame.end, this.#layers, headers);
    const time = this.#timeOf(frame);
    const packet = this.#packets.count;
    this.#fillKey(frame.bytes, headers);
    const flow = this.#flows.flowOf(this.#key, packet, time);
    const side = this.#flows.sideOf(this.#key);
    const again = this.#linked(packet, flow, side, frame, time);
    let marks = headers.tcpFlags | (side === SIDE.b ? MARK.fromB : 0);
    marks |= again ? MARK.again : this.#count(flow, side, frame, time);
    if (frame.dropped) {
      marks |= MARK.dropped;
      this.#flows.dropped.add(flow, 1);
    }
    if (headers.fragment) marks |= MARK.fragment;
    if (this.#layers.cut) marks |= MARK.cut;
    if (this.#layers.problem !== '') {
      marks |= MARK.problem;
      this.#damaged += 1;
    }
    if (frame.direction === DIRECTION.received) marks |= MARK.received;
    else if (frame.direction === DIRECTION.sent) marks |= MARK.sent;
    this.#flows.sightings.add(flow, 1);
    if (time > this.#flows.last.at(flow)) this.#flows.last.set(flow, time);
    if (time < this.#flows.first.at(flow)) this.#flows.first.set(flow, time);
    this.#store(flow, marks, frame, time);
  }

  /** The finished index. `end` says what the file is. */
  finish(file: string, format: 'pcap' | 'pcapng', size: number): CaptureIndex {
    for (const [key, time] of this.#asked)
      if (this.#end - time >= ANSWER_TIME)
        this.#flows.dnsUnanswered.add(Math.floor(key / 0x10000), 1);
    if (this.#damaged > 0)
      this.#notes.push(`${this.#damaged} packets have headers that contradict themselves`);
    if (this.#moreNotes > 0) this.#notes.push(`${this.#moreNotes} more notes of this kind`);
    return new CaptureIndex(
      {
        file,
        format,
        bytes: size,
        evidence: [{ file, line: 1, endLine: 1 }],
        places: this.#interfaces.map((each) => ({ ...each })),
        shortened: this.#shortened,
        innerCut: this.#innerCut,
        rewrites: this.#rewrites.list(this.#flows, this.#addresses),
        notes: this.#notes,
        grouped: this.#grouped,
        start: this.#start,
        end: this.#end,
      },
      this.#packets,
      this.#flows,
      this.#addresses,
      this.#sightings,
    );
  }

  #timeOf({ seconds, nanoseconds }: Frame): number {
    if (seconds === 0 && nanoseconds === 0) return this.#end;
    this.#start ??= { seconds, nanoseconds };
    const time = (seconds - this.#start.seconds) * 1e9 + (nanoseconds - this.#start.nanoseconds);
    if (time > this.#end) this.#end = time;
    return time;
  }

  #fillKey(bytes: Uint8Array, headers: Headers): void {
    const key = this.#key;
    key.source = this.#address(bytes, headers.family, headers.source);
    key.destination = this.#address(bytes, headers.family, headers.destination);
    key.sourcePort = headers.sourcePort;
    key.destinationPort = headers.destinationPort;
    key.protocol = headers.protocol;
    key.tunnel =
      headers.tunnel === TUNNEL.none
        ? 0
        : this.#flows.tunnelId(
            headers.tunnel,
            headers.network,
            this.#address(bytes, headers.outerFamily, headers.outerSource),
            this.#address(bytes, headers.outerFamily, headers.outerDestination),
          );
  }

  #address(bytes: Uint8Array, family: number, at: number): number {
    if (at < 0) return this.#addresses.none();
    if (family === 4) return this.#addresses.v4(bytes, at);
    return family === 6 ? this.#addresses.v6(bytes, at) : this.#addresses.mac(bytes, at);
  }

  /** Links further appearances of a packet; true when its flow has it already. */
  #linked(packet: number, flow: number, side: Side, frame: Frame, time: number): boolean {
    if (frame.groupHigh !== 0 || frame.groupLow !== 0) this.#grouped = true;
    const headers = this.#headers;
    const before = this.#sightings.link(packet, frame, headers, time, (found, grouped) =>
      grouped ? true : this.#same(found, flow, frame, time),
    );
    if (before < 0) return false;
    const { sourceMac, destinationMac } = this.#packets;
    const macs = [
      sourceMac.at(before) - 1,
      destinationMac.at(before) - 1,
      this.#mac(frame.bytes, 6) - 1,
      this.#mac(frame.bytes, 0) - 1,
    ] as const;
    const moved = macs[0] !== macs[2] || macs[1] !== macs[3];
    if (this.#packets.flow.at(before) !== flow || (moved && macs[0] >= 0 && macs[2] >= 0))
      this.#seeRewrite(before, packet, flow, side, macs);
    const path = this.#sightings.path(packet);
    return path.some((at) => at < packet && this.#packets.flow.at(at) === flow);
  }

  /** Address of one of the two MACs of the innermost frame, plus one; 0: none. */
  #mac(bytes: Uint8Array, place: 0 | 6): number {
    const { macs } = this.#headers;
    return macs < 0 ? 0 : this.#addresses.mac(bytes, macs + place) + 1;
  }

  #seeRewrite(
    before: number,
    packet: number,
    flow: number,
    side: Side,
    macs: readonly [number, number, number, number],
  ): void {
    const fromFlow = this.#packets.flow.at(before);
    const fromSide: Side = (this.#packets.marks.at(before) & MARK.fromB) === 0 ? SIDE.a : SIDE.b;
    const end = (of: number, at: Side): string =>
      `${this.#flows.sides[at].address.at(of)} ${this.#flows.sides[at].port.at(of)}`;
    const other = (of: Side): Side => (of === SIDE.a ? SIDE.b : SIDE.a);
    this.#rewrites.see({
      fromFlow,
      toFlow: flow,
      macs,
      fromClient: this.#flows.clientSide(fromFlow) === fromSide,
      packets: [before, packet],
      sourceChanged: end(fromFlow, fromSide) !== end(flow, side),
      destinationChanged: end(fromFlow, other(fromSide)) !== end(flow, other(side)),
    });
  }

  /** Whether an equal packet is this one seen again, and not the same bytes sent again. */
  #same(found: number, flow: number, frame: Frame, time: number): boolean {
    const packets = this.#packets;
    if (Math.abs(time - packets.time.at(found)) > 1e8) return false;
    if (packets.place.at(found) !== frame.interfaceIndex) return true;
    if (packets.flow.at(found) !== flow) return true;
    if (packets.sourceMac.at(found) !== this.#mac(frame.bytes, 6)) return true;
    if (packets.destinationMac.at(found) !== this.#mac(frame.bytes, 0)) return true;
    // The sender numbers its packets: one sent again has another identification.
    return this.#headers.ipId !== 0;
  }

  /**
   * Counts a packet that its flow had not yet; gives the mark it earns. Where several places
   * captured, sizes may differ between them (the network card cuts large segments): what another
   * place than the first shows of known data is one more appearance and no retransmission.
   */
  #count(flow: number, side: Side, frame: Frame, time: number): number {
    const headers = this.#headers;
    const columns = this.#flows.sides[side];
    const again =
      headers.protocol === 6 &&
      !headers.fragment &&
      headers.payload > 0 &&
      isRetransmission(this.#flows, flow, side, headers);
    if (columns.packets.at(flow) === 0) columns.home.set(flow, frame.interfaceIndex);
    if (again && columns.home.at(flow) !== frame.interfaceIndex) return MARK.again;
    columns.packets.add(flow, 1);
    columns.bytes.add(flow, frame.originalLength);
    columns.tcpFlags.set(flow, columns.tcpFlags.at(flow) | headers.tcpFlags);
    if (again) columns.retransmissions.add(flow, 1);
    if (headers.vlan !== 0) this.#flows.vlan.set(flow, headers.vlan);
    if (headers.fragment) this.#flows.fragments.add(flow, 1);
    if (headers.innerCut) this.#innerCut += 1;
    if (frame.end - frame.start < frame.originalLength) {
      this.#shortened.packets += 1;
      this.#shortened.mostBytes = Math.max(this.#shortened.mostBytes, frame.end - frame.start);
    }
    const other: Side = side === SIDE.a ? SIDE.b : SIDE.a;
    switch (headers.protocol) {
      case 6:
        if ((headers.tcpFlags & TCP.reset) !== 0) columns.resets.add(flow, 1);
        if ((headers.tcpFlags & TCP.syn) === 0) break;
        if ((headers.tcpFlags & TCP.ack) !== 0) {
          this.#flows.synAck.add(flow, 1);
          this.#flows.opened(flow, other);
        } else {
          this.#flows.syn.add(flow, 1);
          this.#flows.opened(flow, side);
        }
        break;
      case 1:
      case 58: {
        const request = headers.icmpType === (headers.protocol === 1 ? 8 : 128);
        if (request) this.#flows.opened(flow, side);
        if (headers.quoted >= 0) this.#quoted(frame.bytes);
        break;
      }
      case NOT_IP + 0x0806:
        // A request for one's own address only announces it.
        if (headers.source >= 8 && u16(frame.bytes, headers.source - 8) === 1)
          if (this.#key.source !== this.#key.destination) this.#flows.opened(flow, side);
        break;
      default:
        break;
    }
    if (headers.dns >= 0) this.#dns(flow, side, frame.bytes, time);
    return again ? MARK.retransmission : 0;
  }

  /** An ICMP error counts with the flow of the packet that it quotes. */
  #quoted(bytes: Uint8Array): void {
    const layers = this.#layers;
    const at = layers.start[layers.quotedFrom] ?? 0;
    const v6 = layers.kind[layers.quotedFrom] === LAYER.ipv6;
    const inner = layers.start[layers.quotedFrom + 1] ?? 0;
    if (layers.quotedFrom + 1 >= layers.count) return;
    const protocol = v6 ? u8(bytes, at + 6) : u8(bytes, at + 9);
    if (protocol !== 6 && protocol !== 17) return;
    const flow = this.#flows.find({
      source: this.#address(bytes, v6 ? 6 : 4, at + (v6 ? 8 : 12)),
      destination: this.#address(bytes, v6 ? 6 : 4, at + (v6 ? 24 : 16)),
      sourcePort: u16(bytes, inner),
      destinationPort: u16(bytes, inner + 2),
      protocol,
      tunnel: this.#key.tunnel,
    });
    if (flow >= 0) this.#flows.icmpErrors.add(flow, 1);
  }

  #dns(flow: number, side: Side, bytes: Uint8Array, time: number): void {
    const { dns, dnsLimit } = this.#headers;
    const flags = u16(bytes, dns + 2);
    const key = flow * 0x10000 + u16(bytes, dns);
    if ((flags & 0x8000) === 0) {
      // mDNS asks everybody; nobody need answer.
      if (this.#key.destinationPort !== 53) return;
      this.#flows.dnsQueries.add(flow, 1);
      this.#flows.opened(flow, side);
      if (!this.#asked.has(key)) this.#asked.set(key, time);
      if (u16(bytes, dns + 4) > 0) {
        const { name, whole } = dnsName(bytes, dns, dns + 12, dnsLimit);
        if (whole) this.#flows.asked(flow, name.toLowerCase());
      }
      return;
    }
    this.#asked.delete(key);
    const rcode = flags & 0xf;
    if (rcode === 3) this.#flows.dnsNotFound.add(flow, 1);
    else if (rcode !== 0) this.#flows.dnsErrors.add(flow, 1);
  }

  #store(flow: number, marks: number, frame: Frame, time: number): void {
    const packets = this.#packets;
    packets.time.push(time);
    packets.offset.push(frame.offset);
    packets.captured.push(frame.end - frame.start);
    packets.original.push(frame.originalLength);
    packets.flow.push(flow);
    packets.place.push(frame.interfaceIndex);
    packets.marks.push(marks);
    packets.sourceMac.push(this.#mac(frame.bytes, 6));
    packets.destinationMac.push(this.#mac(frame.bytes, 0));
  }
}
