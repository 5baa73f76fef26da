import { emptyFrame, type CaptureInterface, type FrameReader, type FrameSink } from './frame';

/** No honest record is larger: the largest snap length that libpcap sets. */
const MOST = 262_144;
const HEADER = 24;

interface Variant {
  readonly little: boolean;
  readonly nano: boolean;
  /** Bytes of a record's header; the "modified" format has eight more. */
  readonly record: number;
}

/** The variants by their first four bytes (draft-ietf-opsawg-pcap, and the modified format of 1990s Linux). */
export function pcapVariant(bytes: Uint8Array): Variant | undefined {
  const magic = [0, 1, 2, 3].map((at) => (bytes[at] ?? 0).toString(16).padStart(2, '0')).join('');
  switch (magic) {
    case 'a1b2c3d4':
      return { little: false, nano: false, record: 16 };
    case 'd4c3b2a1':
      return { little: true, nano: false, record: 16 };
    case 'a1b23c4d':
      return { little: false, nano: true, record: 16 };
    case '4d3cb2a1':
      return { little: true, nano: true, record: 16 };
    case 'a1b2cd34':
      return { little: false, nano: false, record: 24 };
    case '34cdb2a1':
      return { little: true, nano: false, record: 24 };
    default:
      return undefined;
  }
}

/** Reads a pcap file: one interface, records one after another. */
export class PcapReader implements FrameReader {
  readonly #frame = emptyFrame();
  #interface: CaptureInterface | undefined;
  #lastSeconds = 0;
  /** Set while looking for the next plausible record after damage. */
  #lostAt: number | undefined;

  constructor(
    private readonly variant: Variant,
    private readonly sink: FrameSink,
  ) {}

  read(bytes: Uint8Array, from: number, offset: number, last: boolean): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = from;
    if (this.#interface === undefined) {
      if (bytes.length - at < HEADER) return at;
      this.#interface = this.#fileHeader(view, at);
      at += HEADER;
    }
    const { record } = this.variant;
    let cut: number | undefined;
    while (bytes.length - at >= record) {
      if (!this.#plausible(view, at, this.#lostAt !== undefined)) {
        this.#lostAt ??= offset + at;
        at += 1;
        continue;
      }
      const captured = view.getUint32(at + 8, this.variant.little);
      if (at + record + captured > bytes.length) {
        if (!last) return at;
        // Cut here, or its length is damaged and whole records follow.
        if (this.#lostAt === undefined) cut = at;
        this.#lostAt ??= offset + at;
        at += 1;
        continue;
      }
      this.#found(offset + at);
      cut = undefined;
      this.#emit(bytes, view, at, offset, captured);
      at += record + captured;
    }
    if (last) this.#end(bytes, view, cut ?? at, offset, cut !== undefined);
    return at;
  }

  #fileHeader(view: DataView, at: number): CaptureInterface {
    const { little } = this.variant;
    const found: CaptureInterface = {
      index: 0,
      // The upper bits tell of a frame check sequence.
      linkType: view.getUint32(at + 20, little) & 0xffff,
      snapLength: view.getUint32(at + 16, little),
      name: '',
      description: '',
      lost: 0,
      packets: 0,
    };
    this.sink.interface(found);
    return found;
  }

  /** Could a record begin here? `strict` while the place is only guessed. */
  #plausible(view: DataView, at: number, strict: boolean): boolean {
    const { little, nano, record } = this.variant;
    const seconds = view.getUint32(at, little);
    const fraction = view.getUint32(at + 4, little);
    const captured = view.getUint32(at + 8, little);
    const original = view.getUint32(at + 12, little);
    if (captured > MOST || fraction >= (nano ? 1e9 : 1e6)) return false;
    if (!strict) return true;
    const near = Math.abs(seconds - this.#lastSeconds) < 86_400 || this.#lastSeconds === 0;
    if (!near || captured < 14 || captured > original || original > MOST) return false;
    const next = at + record + captured;
    return next + record > view.byteLength || this.#plausible(view, next, false);
  }

  #emit(bytes: Uint8Array, view: DataView, at: number, offset: number, captured: number): void {
    const { little, nano, record } = this.variant;
    const frame = this.#frame;
    frame.bytes = bytes;
    frame.start = at + record;
    frame.end = frame.start + captured;
    frame.offset = offset + frame.start;
    frame.originalLength = Math.max(captured, view.getUint32(at + 12, little));
    frame.seconds = view.getUint32(at, little);
    frame.nanoseconds = view.getUint32(at + 4, little) * (nano ? 1 : 1000);
    this.#lastSeconds = frame.seconds;
    if (this.#interface) this.#interface.packets += 1;
    this.sink.frame(frame);
  }

  #found(place: number): void {
    if (this.#lostAt === undefined) return;
    this.sink.note(
      this.#lostAt,
      `${place - this.#lostAt} bytes are no packet record (damaged); they were skipped`,
    );
    this.#lostAt = undefined;
  }

  /** What is left when the file ends: damage, or a record that was cut. */
  #end(bytes: Uint8Array, view: DataView, at: number, offset: number, cut: boolean): void {
    if (this.#lostAt !== undefined && !cut) return this.#found(offset + bytes.length);
    if (at >= bytes.length) return;
    const { record, little } = this.variant;
    const rest = bytes.length - at - record;
    if (rest > 0 && rest < view.getUint32(at + 8, little))
      this.#emit(bytes, view, at, offset, rest);
    this.sink.note(offset + at, 'the file ends inside a packet record (cut)');
  }
}
