import type { Capture, CapturedFlow, CapturePlace, ObservedRewrite } from '../model/capture';
import type { Evidence } from '../model/evidence';
import type { Addresses } from './addresses';
import type { FlowTable } from './flow-table';
import { doubles, shorts, words } from './growing';
import type { Sightings } from './sightings';

/** Bits of `PacketColumns.marks`; the lowest six are the TCP flags. */
export const MARK = {
  tcpFlags: 0x3f,
  /** Sent by side B of its flow. */
  fromB: 1 << 6,
  retransmission: 1 << 7,
  /** A further appearance of a packet that its flow has already. */
  again: 1 << 8,
  dropped: 1 << 9,
  fragment: 1 << 10,
  /** Not all of its headers were captured. */
  cut: 1 << 11,
  problem: 1 << 12,
  received: 1 << 13,
  sent: 1 << 14,
} as const;

/** What is kept of each packet: 48 bytes. The rest is read from the file again. */
export class PacketColumns {
  /** Nanoseconds after the first packet. */
  readonly time = doubles();
  readonly offset = doubles();
  readonly captured = words();
  readonly original = words();
  readonly flow = words();
  readonly place = shorts();
  readonly marks = shorts();
  /** Addresses of the innermost frame, plus one; 0: none. */
  readonly sourceMac = words();
  readonly destinationMac = words();

  get count(): number {
    return this.flow.length;
  }
}

/** An exact time: seconds since 1970, UTC, and nanoseconds in them. */
export interface ExactTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Everything known of a capture but its bytes. */
export class CaptureIndex implements Capture {
  constructor(
    readonly about: {
      readonly file: string;
      readonly format: 'pcap' | 'pcapng';
      readonly bytes: number;
      readonly evidence: readonly Evidence[];
      readonly places: readonly CapturePlace[];
      readonly shortened: Capture['shortened'];
      readonly innerCut: number;
      readonly rewrites: readonly ObservedRewrite[];
      readonly notes: readonly string[];
      readonly grouped: boolean;
      readonly start: ExactTime | undefined;
      /** Time of the latest packet, nanoseconds after `start`. */
      readonly end: number;
    },
    readonly packets: PacketColumns,
    readonly flows: FlowTable,
    readonly addresses: Addresses,
    readonly sightings: Sightings,
  ) {}

  get file(): string {
    return this.about.file;
  }
  get format(): 'pcap' | 'pcapng' {
    return this.about.format;
  }
  get bytes(): number {
    return this.about.bytes;
  }
  get evidence(): readonly Evidence[] {
    return this.about.evidence;
  }
  get places(): readonly CapturePlace[] {
    return this.about.places;
  }
  get shortened(): Capture['shortened'] {
    return this.about.shortened;
  }
  get innerCut(): number {
    return this.about.innerCut;
  }
  get rewrites(): readonly ObservedRewrite[] {
    return this.about.rewrites;
  }
  get notes(): readonly string[] {
    return this.about.notes;
  }
  get packetCount(): number {
    return this.packets.count;
  }
  get flowCount(): number {
    return this.flows.count;
  }
  get firstTime(): number | undefined {
    return this.about.start === undefined ? undefined : this.milliseconds(0);
  }
  get lastTime(): number | undefined {
    return this.about.start === undefined ? undefined : this.milliseconds(this.about.end);
  }
  get fromPktmon(): boolean {
    return this.about.grouped && this.places.length > 1;
  }

  flow(index: number): CapturedFlow {
    return this.flows.view(index, this.about.end, (time) => this.milliseconds(time));
  }

  macsOf(packet: number): readonly [source: string, destination: string] | undefined {
    const source = this.packets.sourceMac.at(packet);
    const destination = this.packets.destinationMac.at(packet);
    if (source === 0 || destination === 0) return undefined;
    return [this.addresses.text(source - 1), this.addresses.text(destination - 1)];
  }

  /** Milliseconds UTC of a time in nanoseconds after the start. */
  milliseconds(time: number): number {
    const { seconds = 0, nanoseconds = 0 } = this.about.start ?? {};
    return seconds * 1000 + (nanoseconds + time) / 1e6;
  }

  /** The time of a packet, exact. */
  exactTime(packet: number): ExactTime {
    const { seconds = 0, nanoseconds = 0 } = this.about.start ?? {};
    const all = nanoseconds + this.packets.time.at(packet);
    const whole = Math.floor(all / 1e9);
    return { seconds: seconds + whole, nanoseconds: all - whole * 1e9 };
  }

  /** The same capture under another path. */
  under(file: string): CaptureIndex {
    const evidence = this.evidence.map((each) => ({ ...each, file }));
    return new CaptureIndex(
      { ...this.about, file, evidence },
      this.packets,
      this.flows,
      this.addresses,
      this.sightings,
    );
  }
}
