import { fileRef } from '../../snapshot/entity-ref';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type Rule } from '../rule';
import { CAPTURE_SCRIPT, captureAgain } from './capture-facts';

export const rule: Rule = {
  meta: {
    id: 'CAP-TRUNC',
    step: 8,
    severity: 'info',
    title: 'Captures keep the headers inside of tunnels',
    description:
      'Packets in a tunnel have about 100 bytes of headers. Where the capture kept fewer bytes of a packet, whom it is for cannot be seen.',
    impact: 'Packets in tunnels cannot be told apart, and not be followed.',
    needs: ['captures'],
    falsePositives: 'None: the bytes are not in the file.',
    references: [CAPTURE_SCRIPT],
  },
  check({ snapshot }) {
    const { captures } = snapshot;
    if (captures.every(({ packetCount }) => packetCount === 0))
      return notChecked('No packet of a capture could be read', 'captures');
    return firedOrPassed(
      captures
        .filter(({ innerCut }) => innerCut > 0)
        .map((capture) => ({
          title: `The capture ${fileRef(capture.file).name} cuts packets before the headers inside of tunnels`,
          summary: `Of ${countOf(capture.innerCut, 'packet')} in a tunnel the inner headers are missing: at most ${capture.shortened.mostBytes} bytes of a shortened packet were kept.`,
          cause: 'The capture was made with a small packet size.',
          remedy: [
            captureAgain('Capture again with whole packets, or at least 256 bytes of each.'),
          ],
          entities: [fileRef(capture.file)],
          evidence: capture.evidence,
        })),
      `${countOf(captures.length, 'capture')}, in which no inner header is cut`,
    );
  },
};
