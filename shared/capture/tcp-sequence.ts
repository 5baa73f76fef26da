import type { FlowTable, Side } from './flow-table';
import { TCP, type Headers } from './headers';

/** a - b in the circle of 32 bits. */
const distance = (a: number, b: number): number => (a - b) | 0;

/**
 * Follows the sequence numbers of one direction. Says whether this segment was sent before: it ends
 * at or below what was sent, lies in no hole (then it only came late) and is no keep-alive.
 */
export function isRetransmission(
  flows: FlowTable,
  flow: number,
  side: Side,
  { tcpFlags, sequence, payloadLength }: Headers,
): boolean {
  const columns = flows.sides[side];
  const extra = ((tcpFlags & TCP.syn) !== 0 ? 1 : 0) + ((tcpFlags & TCP.fin) !== 0 ? 1 : 0);
  const length = payloadLength + extra;
  const end = (sequence + length) >>> 0;
  const first = columns.packets.at(flow) === 0;
  const sent = columns.sent.at(flow);
  if (first || ((tcpFlags & TCP.syn) !== 0 && distance(end, sent) !== 0)) {
    columns.sent.set(flow, end);
    columns.holeFrom.set(flow, end);
    columns.holeTo.set(flow, end);
    return false;
  }
  if (length === 0 || (tcpFlags & TCP.reset) !== 0) return false;
  if (distance(end, sent) > 0) {
    if (distance(sequence, sent) > 0) {
      columns.holeFrom.set(flow, sent);
      columns.holeTo.set(flow, sequence);
    }
    columns.sent.set(flow, end);
    return false;
  }
  const keepAlive = payloadLength <= 1 && extra === 0 && distance(sequence, sent) === -1;
  const late =
    distance(sequence, columns.holeFrom.at(flow)) >= 0 &&
    distance(end, columns.holeTo.at(flow)) <= 0;
  if (late) columns.holeFrom.set(flow, end);
  return !keepAlive && !late;
}
