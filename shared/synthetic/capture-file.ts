import { ascii, be16, be32, join, joinAll, type Bytes } from './packets';

/** One packet to write. */
export interface CapturedPacket {
  readonly bytes: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly originalLength?: number;
  readonly interface?: number;
  readonly comment?: string;
  /** PktGroupId of pktmon. */
  readonly group?: bigint;
  readonly direction?: 'received' | 'sent';
  readonly dropped?: boolean;
}

interface PcapOptions {
  readonly linkType?: number;
  readonly little?: boolean;
  readonly nano?: boolean;
  readonly snapLength?: number;
}

type Numbers = (value: number) => number[];
const reversed =
  (write: Numbers): Numbers =>
  (value) =>
    write(value).reverse();

/** A pcap file (draft-ietf-opsawg-pcap). */
export function pcapFile(
  packets: readonly CapturedPacket[],
  { linkType = 1, little = true, nano = false, snapLength = 262144 }: PcapOptions = {},
): Bytes {
  const u32 = little ? reversed(be32) : be32;
  const u16 = little ? reversed(be16) : be16;
  const parts = [
    join(
      u32(nano ? 0xa1b23c4d : 0xa1b2c3d4),
      u16(2),
      u16(4),
      u32(0),
      u32(0),
      u32(snapLength),
      u32(linkType),
    ),
  ];
  for (const { bytes, time, originalLength } of packets) {
    const fraction = Number(time % 1_000_000_000n);
    parts.push(
      join(
        u32(Number(time / 1_000_000_000n)),
        u32(nano ? fraction : Math.floor(fraction / 1000)),
        u32(bytes.length),
        u32(originalLength ?? bytes.length),
        bytes,
      ),
    );
  }
  return joinAll(parts);
}

export interface WrittenInterface {
  readonly linkType?: number;
  readonly name?: string;
  readonly description?: string;
  readonly snapLength?: number;
  /** if_tsresol as in the option; 6 (microseconds) is what a file without it means. */
  readonly resolution?: number;
  readonly offsetSeconds?: number;
}

interface SectionOptions {
  readonly little?: boolean;
  readonly interfaces?: readonly WrittenInterface[];
}

/** One section of a pcapng file (draft-ietf-opsawg-pcapng); several joined are a file too. */
export function pcapngSection(
  packets: readonly CapturedPacket[],
  { little = true, interfaces = [{}] }: SectionOptions = {},
): Bytes {
  const writer = new SectionWriter(little);
  return joinAll([
    writer.header(),
    ...interfaces.map((each) => writer.interface(each)),
    ...packets.map((packet) => writer.packet(packet, interfaces[packet.interface ?? 0] ?? {})),
  ]);
}

/** Writes blocks in one byte order. */
export class SectionWriter {
  readonly u16: Numbers;
  readonly u32: Numbers;

  constructor(private readonly little: boolean) {
    this.u16 = little ? reversed(be16) : be16;
    this.u32 = little ? reversed(be32) : be32;
  }

  block(type: number, ...body: readonly (Uint8Array | readonly number[])[]): Bytes {
    const inner = padded(join(...body));
    const length = this.u32(inner.length + 12);
    return join(this.u32(type), length, inner, length);
  }

  option(code: number, value: Uint8Array | readonly number[]): Bytes {
    return padded(join(this.u16(code), this.u16(value.length), value));
  }

  header(): Bytes {
    return this.block(
      0x0a0d0d0a,
      this.u32(0x1a2b3c4d),
      this.u16(1),
      this.u16(0),
      [255, 255, 255, 255, 255, 255, 255, 255],
    );
  }

  interface(about: WrittenInterface): Bytes {
    const options: Bytes[] = [];
    if (about.name !== undefined) options.push(this.option(2, ascii(about.name)));
    if (about.description !== undefined) options.push(this.option(3, ascii(about.description)));
    if (about.resolution !== undefined) options.push(this.option(9, [about.resolution]));
    if (about.offsetSeconds !== undefined)
      options.push(this.option(14, this.u64(BigInt(about.offsetSeconds))));
    if (options.length > 0) options.push(join([0, 0, 0, 0]));
    return this.block(
      1,
      this.u16(about.linkType ?? 1),
      this.u16(0),
      this.u32(about.snapLength ?? 0),
      ...options,
    );
  }

  packet(packet: CapturedPacket, { resolution = 6, offsetSeconds = 0 }: WrittenInterface): Bytes {
    const perSecond =
      (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
    const time = packet.time - BigInt(offsetSeconds) * 1_000_000_000n;
    const ticks = (time * perSecond) / 1_000_000_000n;
    const options: Bytes[] = [];
    if (packet.comment !== undefined) options.push(this.option(1, ascii(packet.comment)));
    if (packet.direction !== undefined)
      options.push(this.option(2, this.u32(packet.direction === 'received' ? 1 : 2)));
    if (packet.group !== undefined) options.push(this.option(5, this.u64(packet.group)));
    if (packet.dropped === true) options.push(this.option(7, [2, ...this.u64(1n)]));
    if (options.length > 0) options.push(join([0, 0, 0, 0]));
    return this.block(
      6,
      this.u32(packet.interface ?? 0),
      this.u32(Number(ticks >> 32n)),
      this.u32(Number(ticks & 0xffffffffn)),
      this.u32(packet.bytes.length),
      this.u32(packet.originalLength ?? packet.bytes.length),
      padded(join(packet.bytes)),
      ...options,
    );
  }

  u64(value: bigint): number[] {
    const high = this.u32(Number((value >> 32n) & 0xffffffffn));
    const low = this.u32(Number(value & 0xffffffffn));
    return this.little ? [...low, ...high] : [...high, ...low];
  }
}

function padded(bytes: Bytes): Bytes {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : join(bytes, new Uint8Array(4 - rest));
}
