import type { Capture, CapturedFlow } from '../../model/capture';
import type { Remedy } from '../../model/finding';

export const CAPTURE_SCRIPT =
  'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/startpacketcapture.ps1';

/** Rules look at every flow of a capture: more than these are not looked at at all. */
const MOST_FLOWS = 200_000;

const made = new WeakMap<Capture, readonly CapturedFlow[]>();

/** All flows of a capture, made once for all rules; undefined where there are too many to look at. */
export function flowsOf(capture: Capture): readonly CapturedFlow[] | undefined {
  if (capture.flowCount > MOST_FLOWS) return undefined;
  const known = made.get(capture);
  if (known !== undefined) return known;
  const flows = Array.from({ length: capture.flowCount }, (_, n) => capture.flow(n));
  made.set(capture, flows);
  return flows;
}

/** A remedy that makes a capture in which everything can be seen. */
export const captureAgain = (text: string): Remedy => ({
  text,
  command:
    'pktmon start --capture --comp all --pkt-size 0; <reproduce>; pktmon stop; pktmon etl2pcap PktMon.etl',
  disturbs: 'Nothing; the file grows to 512 MB at most.',
  verify: { kind: 'observation', text: 'Open the new capture here: this check passes.' },
});
