import type { Sourced } from './evidence';

/** A place in the network stack that Packet Monitor can watch (`pktmon list`). */
export interface PacketMonitorComponent extends Sourced {
  readonly id: number;
  /** As printed: columns of a listing joined, or the name of the JSON. */
  readonly name: string;
  /** The heading it stands under: an adapter, a vSwitch. */
  readonly group?: string | undefined;
  readonly mac?: string | undefined;
}

/** One row of `pktmon counters`: what passed or was dropped at a component since counting began. */
export interface PacketMonitorCounter extends Sourced {
  readonly component: number | undefined;
  readonly name: string;
  /** `Upper`, `Lower`, `Drops`, as printed. */
  readonly counter: string;
  readonly drops: boolean;
  /** Both ways, in the order of the row: Rx then Tx, or the directions that the component has. */
  readonly packets: readonly [number, number];
  readonly lastDropReason?: string | undefined;
}

/** One run of `pktmon counters`. Rows without any packet are not printed by default. */
export interface PacketMonitorSample extends Sourced {
  readonly file: string;
  /** Where the collector ran it again: the later of two samples of one folder is 2. */
  readonly order: 1 | 2;
  readonly counters: readonly PacketMonitorCounter[];
}

/** Packets between the same two ends, dropped at one component for one reason. */
export interface DroppedPackets extends Sourced {
  /** PKTMON_DROP_REASON; undefined where the text is not known. */
  readonly code: number | undefined;
  /** As printed. */
  readonly reason: string;
  readonly location: string | undefined;
  readonly component: number | undefined;
  readonly count: number;
  /** Canonical addresses and ports; undefined where the packet is not shown. */
  readonly source: string | undefined;
  readonly sourcePort: number | undefined;
  readonly destination: string | undefined;
  readonly destinationPort: number | undefined;
  /** To everybody or to a group: nobody need take it. */
  readonly toMany: boolean;
}

/** What a log of Packet Monitor as text (`pktmon etl2txt`, `pktmon format`) shows. */
export interface PacketMonitorLog extends Sourced {
  readonly file: string;
  /** Appearances of packets: one packet counts once for each component that it passes. */
  readonly appearances: number;
  readonly dropped: number;
  readonly drops: readonly DroppedPackets[];
}
