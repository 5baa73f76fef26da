/** A captured packet of a pcapng file as tests change it. */
export interface CapturedBytes {
  readonly interface: number;
  readonly bytes: Uint8Array;
}

const ENHANCED = 6;

/**
 * A little-endian pcapng file with packets changed (length on the wire, time and options stay) or,
 * where `change` gives undefined, left out.
 */
export function changePackets(
  file: Uint8Array,
  change: (packet: CapturedBytes) => Uint8Array | undefined,
): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = view.getUint32(at + 4, true);
    const block = file.subarray(at, at + length);
    if (view.getUint32(at, true) !== ENHANCED) parts.push(block);
    else {
      const captured = view.getUint32(at + 20, true);
      const bytes = change({
        interface: view.getUint32(at + 8, true),
        bytes: block.slice(28, 28 + captured),
      });
      const options = block.subarray(28 + padded(captured), length - 4);
      if (bytes !== undefined) parts.push(packetBlock(block.subarray(0, 28), bytes, options));
    }
    at += length;
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}

const padded = (length: number): number => (length + 3) & ~3;

function packetBlock(head: Uint8Array, bytes: Uint8Array, options: Uint8Array): Uint8Array {
  const length = 28 + padded(bytes.length) + options.length + 4;
  const block = new Uint8Array(length);
  const view = new DataView(block.buffer);
  block.set(head);
  view.setUint32(4, length, true);
  view.setUint32(20, bytes.length, true);
  block.set(bytes, 28);
  block.set(options, 28 + padded(bytes.length));
  view.setUint32(length - 4, length, true);
  return block;
}
