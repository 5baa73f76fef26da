import { CaptureBuilder } from './capture-builder';
import type { CaptureIndex } from './capture-index';
import type { FrameReader } from './frame';
import { PcapReader, pcapVariant } from './pcap-reader';
import { PcapngReader } from './pcapng-reader';

/** Which capture format a file is by its first bytes; undefined for any other. */
export function captureFormat(head: Uint8Array): 'pcap' | 'pcapng' | undefined {
  if ([0x0a, 0x0d, 0x0d, 0x0a].every((byte, at) => head[at] === byte)) return 'pcapng';
  return pcapVariant(head) === undefined ? undefined : 'pcap';
}

/**
 * Reads a capture piece by piece: only what stands across two pieces is kept. Never throws on bad
 * input; what could not be read stands in the notes of the index.
 */
export class CaptureReader {
  readonly #builder = new CaptureBuilder();
  #reader: FrameReader | undefined;
  #format: 'pcap' | 'pcapng' = 'pcap';
  #rest = new Uint8Array(0);
  /** Place in the file of the first byte of `#rest`. */
  #offset = 0;
  #size = 0;

  get packetCount(): number {
    return this.#builder.packetCount;
  }

  push(piece: Uint8Array): void {
    this.#size += piece.length;
    this.#read(joined(this.#rest, piece), false);
  }

  /** The index of all that was pushed, for the file of this name. */
  end(file: string): CaptureIndex {
    this.#read(this.#rest, true);
    if (this.#reader === undefined)
      this.#builder.note(0, this.#size === 0 ? 'the file is empty' : 'no packet capture');
    return this.#builder.finish(file, this.#format, this.#size);
  }

  #read(bytes: Uint8Array, last: boolean): void {
    this.#reader ??= this.#readerFor(bytes);
    // What is no capture is not kept either.
    const unread = bytes.length < 8 ? 0 : bytes.length;
    const stopped = this.#reader?.read(bytes, 0, this.#offset, last) ?? unread;
    this.#rest = bytes.slice(stopped);
    this.#offset += stopped;
  }

  #readerFor(bytes: Uint8Array): FrameReader | undefined {
    const format = captureFormat(bytes);
    if (format === undefined) return undefined;
    this.#format = format;
    const variant = pcapVariant(bytes);
    return variant === undefined
      ? new PcapngReader(this.#builder)
      : new PcapReader(variant, this.#builder);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
