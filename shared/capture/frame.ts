/** What a capture file says of one of its interfaces (IDB of pcapng; the file header of pcap). */
export interface CaptureInterface {
  /** Counted over all sections of the file. */
  readonly index: number;
  /** LINKTYPE_ number of tcpdump.org/linktypes.html. */
  readonly linkType: number;
  /** Bytes kept of a packet; 0 says no limit. */
  readonly snapLength: number;
  readonly name: string;
  readonly description: string;
  /** Packets the capturing system lost here (isb_ifdrop), where the file says so. */
  lost: number;
  packets: number;
}

/** Which way a packet went at its interface (epb_flags): not told, received, sent. */
export const DIRECTION = { unknown: 0, received: 1, sent: 2 } as const;

/**
 * One packet as it stands in the file. The reader hands out one object again and again: whoever
 * keeps something copies it.
 */
export interface Frame {
  bytes: Uint8Array;
  /** The captured bytes are `bytes[start..end)`. */
  start: number;
  end: number;
  /** Where they begin in the file. */
  offset: number;
  /** Bytes on the wire. */
  originalLength: number;
  /** Seconds since 1970, UTC, and nanoseconds in them; both 0 where the block has no time (SPB). */
  seconds: number;
  nanoseconds: number;
  interfaceIndex: number;
  direction: number;
  /** epb_packetid: the same for one packet seen at several places (PktGroupId of pktmon); both 0: none. */
  groupHigh: number;
  groupLow: number;
  /** epb_verdict says that the packet was dropped here. */
  dropped: boolean;
}

/** A frame for a reader to fill again and again: one object for a whole file. */
export const emptyFrame = (): Frame => ({
  bytes: new Uint8Array(0),
  start: 0,
  end: 0,
  offset: 0,
  originalLength: 0,
  seconds: 0,
  nanoseconds: 0,
  interfaceIndex: 0,
  direction: DIRECTION.unknown,
  groupHigh: 0,
  groupLow: 0,
  dropped: false,
});

/** Hears what a reader finds, in the order of the file. */
export interface FrameSink {
  interface(found: CaptureInterface): void;
  frame(frame: Frame): void;
  /** Something a reader must know: damage, what was skipped. `offset` is a place in the file. */
  note(offset: number, message: string): void;
}

/** A format's reader. Pieces of the file are pushed in order; the last call is `end`. */
export interface FrameReader {
  /** Reads what is whole in `bytes[from..)`, which stands at `offset` of the file; gives where it stopped. */
  read(bytes: Uint8Array, from: number, offset: number, last: boolean): number;
}
