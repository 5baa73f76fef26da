import { MARK, type CaptureIndex } from '../../capture/capture-index';
import type { Picked } from './flow-order';

/** Packets over time in equal parts. */
export interface Timeline {
  /** Milliseconds UTC of the whole capture. */
  readonly from: number;
  readonly to: number;
  /** Packets of the picked flows in each part. */
  readonly counts: readonly number[];
  /** Of these: dropped, sent again, resets. */
  readonly troubled: readonly number[];
}

const RESET = 4;

/** Counts the packets of the picked flows, or of one flow, in `parts` equal parts of the capture's time. */
export function timeline(
  capture: CaptureIndex,
  { picked }: Picked,
  flow: number | null,
  parts: number,
): Timeline | undefined {
  const { firstTime, lastTime, packets } = capture;
  if (firstTime === undefined || lastTime === undefined) return undefined;
  const counts = new Array<number>(parts).fill(0);
  const troubled = new Array<number>(parts).fill(0);
  const width = Math.max(1, capture.about.end) / parts;
  for (let index = 0; index < packets.count; index += 1) {
    const of = packets.flow.at(index);
    if (flow === null ? picked[of] !== 1 : of !== flow) continue;
    const part = Math.max(0, Math.min(parts - 1, Math.floor(packets.time.at(index) / width)));
    counts[part] = (counts[part] ?? 0) + 1;
    const marks = packets.marks.at(index);
    if ((marks & (MARK.dropped | MARK.retransmission | RESET)) !== 0)
      troubled[part] = (troubled[part] ?? 0) + 1;
  }
  return { from: firstTime, to: lastTime, counts, troubled };
}
