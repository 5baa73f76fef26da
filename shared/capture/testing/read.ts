import { CaptureReader } from '../capture-reader';
import type { CaptureIndex } from '../capture-index';

/** Reads a whole file in pieces of `piece` bytes. */
export function readCapture(file: Uint8Array, piece = 1 << 20): CaptureIndex {
  const reader = new CaptureReader();
  for (let at = 0; at < file.length; at += piece) reader.push(file.subarray(at, at + piece));
  return reader.end('test.pcapng');
}

/** The bytes of one packet of a file that was read. */
export function packetBytes(file: Uint8Array, index: CaptureIndex, packet: number): Uint8Array {
  const start = index.packets.offset.at(packet);
  return file.subarray(start, start + index.packets.captured.at(packet));
}
