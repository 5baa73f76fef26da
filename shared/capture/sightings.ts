import { u16, u8 } from './bytes';
import type { Frame } from './frame';
import { NOT_IP, type Headers } from './headers';
import { words } from './growing';

/** A packet passes all components of a node well within this; nanoseconds. */
const WINDOW = 100_000_000;
/** Payload that tells packets apart, bytes. */
const COMPARED = 64;
/** Only so many packets are remembered at once, whatever the window. */
const MOST_REMEMBERED = 200_000;

/**
 * Finds the appearances of one packet at several places: by the group id that the file gives, else
 * by what nothing on the way changes (IP identification, lengths, sequence numbers, payload; not
 * addresses, ports, TTL, checksums). Each packet is linked to its appearance before.
 */
export class Sightings {
  /** Index plus one of the appearance before and after; 0: none. */
  readonly before = words();
  readonly after = words();
  #recent = new Map<number, number>();
  #older = new Map<number, number>();
  #since = 0;

  /** Links packet `index`; gives the appearance before it, or -1. `same` decides in doubtful cases. */
  link(
    index: number,
    frame: Frame,
    headers: Headers,
    time: number,
    same: (before: number, certain: boolean) => boolean,
  ): number {
    this.before.push(0);
    this.after.push(0);
    const grouped = frame.groupHigh !== 0 || frame.groupLow !== 0;
    const key = identity(frame, headers, grouped);
    if (key === 0) return -1;
    if (time - this.#since > WINDOW || this.#recent.size > MOST_REMEMBERED || time < this.#since) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#since = time;
    }
    const found = this.#recent.get(key) ?? this.#older.get(key);
    this.#recent.set(key, index);
    if (found === undefined || !same(found, grouped)) return -1;
    this.before.set(index, found + 1);
    this.after.set(found, index + 1);
    return found;
  }

  /** All appearances of the packet that `index` shows, in the order of the file. At most `most`. */
  path(index: number, most = 64): number[] {
    let first = index;
    for (let n = 0; n < most && this.before.at(first) > 0; n += 1)
      first = this.before.at(first) - 1;
    const path: number[] = [];
    for (let at = first + 1; at > 0 && path.length < most; at = this.after.at(at - 1))
      path.push(at - 1);
    return path;
  }
}

/**
 * A number of 53 bits for what stays the same of a packet; 0 where nothing tells it from others. A
 * group may hold several packets, so the content counts there too.
 */
function identity(frame: Frame, headers: Headers, grouped: boolean): number {
  const { protocol, payloadLength, captureEnd, ipId } = headers;
  const { bytes } = frame;
  const isIp = headers.family !== 0 && protocol < NOT_IP;
  const isTcp = protocol === 6;
  if (!grouped) {
    if (!isIp || headers.fragment) return 0;
    // A UDP or ICMP packet without identification and with little in it looks like any other.
    if (!isTcp && (payloadLength < 8 || (ipId === 0 && headers.family === 4))) return 0;
  }
  let one = mix(mix(0x811c9dc5, protocol), frame.groupLow);
  let two = mix(mix(0x9747b28c, payloadLength), frame.groupHigh);
  const parts = isTcp
    ? [ipId, headers.sequence, headers.acknowledged, headers.tcpFlags, headers.window]
    : [ipId, headers.icmpType, isIcmp(protocol) ? u16(bytes, headers.payload - 2) : 0];
  for (const part of parts) {
    one = mix(one, part);
    two = mix(two, part + 0x51ed);
  }
  const payload = isIp ? headers.payload : headers.macs >= 0 ? headers.macs + 12 : frame.start;
  const length = isIp ? payloadLength : COMPARED;
  const end = Math.min(captureEnd, payload + Math.min(COMPARED, length));
  for (let at = payload; at < end; at += 1) {
    const byte = u8(bytes, at);
    one = mix(one, byte);
    two = mix(two, byte + 0x33);
  }
  return ((two >>> 0) & 0x1fffff) * 0x1_0000_0000 + (one >>> 0) + 1;
}

const isIcmp = (protocol: number): boolean => protocol === 1 || protocol === 58;

const mix = (value: number, part: number): number => {
  const mixed = Math.imul(value ^ part, 0x01000193);
  return mixed ^ (mixed >>> 13);
};
