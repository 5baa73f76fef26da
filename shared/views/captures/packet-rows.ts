import { MARK, type CaptureIndex } from '../../capture/capture-index';
import { decodePacket, type DecodedLayer } from '../../capture/decode';
import { tcpFlagsText } from '../../capture/tcp-text';
import { LINK } from '../../capture/link-types';
import type { FlowTone } from './flow-rows';
import type { Picked, TimeSpan } from './flow-order';

export interface PacketRow {
  readonly index: number;
  /** Seconds after the first packet of the capture, with all digits that are known. */
  readonly time: string;
  readonly from: string;
  readonly to: string;
  /** Whether the client of its flow sent it. */
  readonly fromClient: boolean;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
  readonly place: string;
  readonly tone: FlowTone | undefined;
  /** What its flow shows here: sent again, dropped, seen before. */
  readonly note: string;
}

/** Packets of the picked flows, or of one flow, in a span of time; in the order of the file. */
export function packetOrder(
  capture: CaptureIndex,
  { picked }: Picked,
  flow: number | null,
  { from, to }: TimeSpan,
): Uint32Array {
  const { packets } = capture;
  const order: number[] = [];
  for (let index = 0; index < packets.count; index += 1) {
    const of = packets.flow.at(index);
    if (flow === null ? picked[of] !== 1 : of !== flow) continue;
    if (from !== null || to !== null) {
      const time = capture.milliseconds(packets.time.at(index));
      if ((from !== null && time < from) || (to !== null && time > to)) continue;
    }
    order.push(index);
  }
  return Uint32Array.from(order);
}

/** A packet as a row: its innermost addresses and what its last layer says. */
export function packetRow(capture: CaptureIndex, index: number, bytes: Uint8Array): PacketRow {
  const { packets } = capture;
  const place = capture.places[packets.place.at(index)];
  const { layers } = decodePacket(bytes, place?.linkType ?? LINK.ethernet);
  const own = layers.filter(({ name }) => !name.endsWith('(quoted)'));
  const addressed = own.findLast(({ fields }) => field(fields, /^(Source|Sender address)$/) !== '');
  const shown = own.findLast(({ name }) => name !== 'Data' && name !== 'Fragment') ?? own[0];
  const marks = packets.marks.at(index);
  return {
    index,
    time: (packets.time.at(index) / 1e9).toFixed(6),
    from: field(addressed?.fields ?? [], /^(Source|Sender address)$/),
    to: field(addressed?.fields ?? [], /^(Destination|Target address)$/),
    fromClient:
      capture.flows.clientSide(packets.flow.at(index)) === ((marks & MARK.fromB) === 0 ? 0 : 1),
    protocol: shown?.name ?? '',
    length: packets.original.at(index),
    info: infoOf(own, shown, marks),
    place: place?.name ?? '',
    tone:
      (marks & MARK.dropped) !== 0
        ? 'error'
        : (marks & MARK.retransmission) !== 0
          ? 'warning'
          : undefined,
    note: noteOf(marks),
  };
}

const field = (fields: DecodedLayer['fields'], name: RegExp): string =>
  fields.find((each) => name.test(each.name))?.value ?? '';

function infoOf(
  layers: readonly DecodedLayer[],
  shown: DecodedLayer | undefined,
  marks: number,
): string {
  if (shown?.name !== 'TCP') return shown?.text ?? '';
  const data = layers.find(({ name }) => name === 'Data');
  const parts = [
    `[${tcpFlagsText(marks & MARK.tcpFlags)}]`,
    `seq ${field(shown.fields, /^Sequence number$/)}`,
    `ack ${field(shown.fields, /^Acknowledgement number$/)}`,
    `win ${field(shown.fields, /^Window$/)}`,
  ];
  if (data !== undefined) parts.splice(1, 0, data.text);
  return parts.join(', ');
}

function noteOf(marks: number): string {
  const notes: string[] = [];
  if ((marks & MARK.dropped) !== 0) notes.push('dropped');
  if ((marks & MARK.retransmission) !== 0) notes.push('sent again');
  if ((marks & MARK.again) !== 0) notes.push('seen before');
  if ((marks & MARK.fragment) !== 0) notes.push('fragment');
  if ((marks & MARK.problem) !== 0) notes.push('malformed');
  else if ((marks & MARK.cut) !== 0) notes.push('cut by the capture');
  return notes.join(', ');
}
