import { textOf } from './bytes';
import {
  DIRECTION,
  emptyFrame,
  type CaptureInterface,
  type FrameReader,
  type FrameSink,
} from './frame';

/** Block types of draft-ietf-opsawg-pcapng. */
const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simple: 3,
  names: 4,
  statistics: 5,
  enhanced: 6,
} as const;
/** No honest block is larger; one that claims more is damage. */
const MOST = 1 << 24;
/** Fixed bytes of each block before its data, and the least it is long. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [BLOCK.section, 28],
  [BLOCK.interface, 20],
  [BLOCK.packet, 32],
  [BLOCK.simple, 16],
  [BLOCK.names, 12],
  [BLOCK.statistics, 24],
  [BLOCK.enhanced, 32],
]);
const padded = (length: number): number => (length + 3) & ~3;

interface Clock {
  /** Units a second, exact: 10^n or 2^n. */
  readonly perSecond: bigint;
  readonly offsetSeconds: number;
}

interface SectionInterface {
  readonly about: CaptureInterface;
  readonly clock: Clock;
}

/** Reads a pcapng file: sections of either byte order, each with its own interfaces. */
export class PcapngReader implements FrameReader {
  readonly #frame = emptyFrame();
  #little = true;
  #interfaces: SectionInterface[] = [];
  #interfaceCount = 0;
  #lostAt: number | undefined;
  #unknownInterface = false;

  constructor(private readonly sink: FrameSink) {}

  read(bytes: Uint8Array, from: number, offset: number, last: boolean): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = from;
    let cut: number | undefined;
    while (bytes.length - at >= 12) {
      const length = this.#blockLength(view, at, this.#lostAt !== undefined);
      if (length === undefined) {
        this.#lostAt ??= offset + at;
        at += 4;
        continue;
      }
      if (at + length > bytes.length) {
        if (!last) return at;
        // Cut here, or its length is damaged and whole blocks follow.
        if (this.#lostAt === undefined) cut = at;
        this.#lostAt ??= offset + at;
        at += 4;
        continue;
      }
      // A length that its own end contradicts is damage, and what it spans may hold good blocks.
      if (view.getUint32(at + length - 4, this.#little) !== length) {
        this.#lostAt ??= offset + at;
        at += 4;
        continue;
      }
      this.#found(offset + at);
      cut = undefined;
      this.#block(bytes, view, at, length, offset);
      at += length;
    }
    if (last) this.#end(bytes, view, cut ?? at, offset, cut !== undefined);
    return at;
  }

  /** Length of the block at `at`; undefined when none can begin there. A section header sets the byte order. */
  #blockLength(view: DataView, at: number, strict: boolean): number | undefined {
    if (view.getUint32(at, true) === BLOCK.section) {
      const magic = view.getUint32(at + 8, true);
      if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) return undefined;
      this.#little = magic === 0x1a2b3c4d;
    }
    const type = view.getUint32(at, this.#little);
    const length = view.getUint32(at + 4, this.#little);
    const least = LEAST.get(type);
    if (length % 4 !== 0 || length > MOST || length < (least ?? 12)) return undefined;
    return strict && least === undefined ? undefined : length;
  }

  #block(bytes: Uint8Array, view: DataView, at: number, length: number, offset: number): void {
    const end = at + length - 4;
    switch (view.getUint32(at, this.#little)) {
      case BLOCK.section:
        this.#interfaces = [];
        return;
      case BLOCK.interface:
        return this.#interfaceBlock(bytes, view, at, end);
      case BLOCK.enhanced:
        return this.#timedPacket(
          bytes,
          view,
          at,
          end,
          offset,
          view.getUint32(at + 8, this.#little),
        );
      case BLOCK.packet:
        return this.#timedPacket(
          bytes,
          view,
          at,
          end,
          offset,
          view.getUint16(at + 8, this.#little),
        );
      case BLOCK.simple:
        return this.#simplePacket(bytes, view, at, end, offset);
      case BLOCK.statistics:
        return this.#statistics(view, at, end);
      default:
        // Names, secrets and blocks of other makers hold no packet.
        return;
    }
  }

  #interfaceBlock(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    let name = '';
    let description = '';
    let resolution = 6;
    let offsetSeconds = 0;
    this.#options(view, at + 16, end, (code, start, length) => {
      if (code === 2) name = textOf(bytes, start, start + length);
      else if (code === 3) description = textOf(bytes, start, start + length);
      else if (code === 9 && length >= 1) resolution = bytes[start] ?? 6;
      else if (code === 14 && length >= 8)
        offsetSeconds = Number(view.getBigInt64(start, this.#little));
    });
    const exponent = BigInt(resolution & 0x7f);
    const about: CaptureInterface = {
      index: this.#interfaceCount,
      linkType: view.getUint16(at + 8, this.#little),
      snapLength: view.getUint32(at + 12, this.#little),
      name,
      description,
      lost: 0,
      packets: 0,
    };
    this.#interfaceCount += 1;
    this.#interfaces.push({
      about,
      clock: {
        perSecond: (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent,
        offsetSeconds,
      },
    });
    this.sink.interface(about);
  }

  #timedPacket(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    offset: number,
    id: number,
  ): void {
    const little = this.#little;
    const from = this.#interfaceOf(id, offset + at);
    if (from === undefined) return;
    const claimed = view.getUint32(at + 20, little);
    const captured = Math.min(claimed, end - at - 28);
    if (captured < claimed)
      this.sink.note(offset + at, 'a packet claims more bytes than its block holds');
    const frame = this.#frame;
    setTime(frame, view.getUint32(at + 12, little), view.getUint32(at + 16, little), from.clock);
    frame.direction = DIRECTION.unknown;
    frame.groupHigh = 0;
    frame.groupLow = 0;
    frame.dropped = false;
    this.#options(view, at + 28 + padded(captured), end, (code, start, length) => {
      if (code === 2 && length >= 4) frame.direction = view.getUint32(start, little) & 3;
      else if (code === 5 && length >= 8) {
        frame.groupLow = view.getUint32(little ? start : start + 4, little);
        frame.groupHigh = view.getUint32(little ? start + 4 : start, little);
        // Type 2 with value 1 is how etl2pcapng marks a packet that pktmon saw dropped.
      } else if (code === 7 && length >= 9 && bytes[start] === 2)
        frame.dropped = Number(view.getBigUint64(start + 1, little)) === 1;
    });
    this.#emit(bytes, at + 28, captured, view.getUint32(at + 24, little), offset, from);
  }

  #simplePacket(bytes: Uint8Array, view: DataView, at: number, end: number, offset: number): void {
    const from = this.#interfaceOf(0, offset + at);
    if (from === undefined) return;
    const original = view.getUint32(at + 8, this.#little);
    const { snapLength } = from.about;
    const kept = snapLength === 0 ? original : Math.min(original, snapLength);
    const frame = this.#frame;
    frame.seconds = 0;
    frame.nanoseconds = 0;
    frame.direction = DIRECTION.unknown;
    frame.groupHigh = 0;
    frame.groupLow = 0;
    frame.dropped = false;
    this.#emit(bytes, at + 12, Math.min(kept, end - at - 12), original, offset, from);
  }

  #emit(
    bytes: Uint8Array,
    start: number,
    captured: number,
    original: number,
    offset: number,
    from: SectionInterface,
  ): void {
    const frame = this.#frame;
    frame.bytes = bytes;
    frame.start = start;
    frame.end = start + captured;
    frame.offset = offset + start;
    frame.originalLength = Math.max(captured, original);
    frame.interfaceIndex = from.about.index;
    from.about.packets += 1;
    this.sink.frame(frame);
  }

  #statistics(view: DataView, at: number, end: number): void {
    const from = this.#interfaces[view.getUint32(at + 8, this.#little)];
    this.#options(view, at + 20, end, (code, start, length) => {
      // isb_ifdrop counts from the start of the capture: the last block holds all.
      if (code === 5 && length >= 8 && from !== undefined)
        from.about.lost = Number(view.getBigUint64(start, this.#little));
    });
  }

  #interfaceOf(id: number, place: number): SectionInterface | undefined {
    const found = this.#interfaces[id];
    if (found === undefined && !this.#unknownInterface) {
      this.#unknownInterface = true;
      this.sink.note(
        place,
        `packets of interface ${id}, which the section does not describe, are skipped`,
      );
    }
    return found;
  }

  #options(
    view: DataView,
    from: number,
    end: number,
    each: (code: number, start: number, length: number) => void,
  ): void {
    let at = from;
    while (at + 4 <= end) {
      const code = view.getUint16(at, this.#little);
      const length = view.getUint16(at + 2, this.#little);
      if (code === 0 || at + 4 + length > end) return;
      each(code, at + 4, length);
      at += 4 + padded(length);
    }
  }

  #found(place: number): void {
    if (this.#lostAt === undefined) return;
    this.sink.note(
      this.#lostAt,
      `${place - this.#lostAt} bytes are no block (damaged); they were skipped`,
    );
    this.#lostAt = undefined;
  }

  #end(bytes: Uint8Array, view: DataView, at: number, offset: number, cut: boolean): void {
    if (this.#lostAt !== undefined && !cut) return this.#found(offset + bytes.length);
    if (at >= bytes.length) return;
    this.sink.note(offset + at, 'the file ends inside a block (cut)');
    const rest = bytes.length - at;
    // What there is of a last packet is kept; its options are gone.
    if (rest > 32 && view.getUint32(at, this.#little) === BLOCK.enhanced) {
      const captured = Math.min(view.getUint32(at + 20, this.#little), rest - 28);
      this.#timedPacket(
        bytes,
        view,
        at,
        at + 28 + captured,
        offset,
        view.getUint32(at + 8, this.#little),
      );
    }
  }
}

/** Splits a time stamp of 64 bits into seconds and nanoseconds, exactly. */
function setTime(
  frame: { seconds: number; nanoseconds: number },
  high: number,
  low: number,
  { perSecond, offsetSeconds }: Clock,
): void {
  const ticks = high * 0x1_0000_0000 + low;
  if (perSecond === 1_000_000n && ticks <= Number.MAX_SAFE_INTEGER) {
    const seconds = Math.floor(ticks / 1e6);
    frame.seconds = seconds + offsetSeconds;
    frame.nanoseconds = (ticks - seconds * 1e6) * 1000;
    return;
  }
  const exact = (BigInt(high) << 32n) | BigInt(low);
  frame.seconds = Number(exact / perSecond) + offsetSeconds;
  frame.nanoseconds = Number(((exact % perSecond) * 1_000_000_000n) / perSecond);
}
