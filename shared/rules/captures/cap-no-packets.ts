import type { Capture } from '../../model/capture';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { CAPTURE_SCRIPT, captureAgain, flowsOf } from './capture-facts';
import { podAddresses } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-NO-PACKETS',
    step: 8,
    severity: 'warning',
    title: 'Captures hold packets, those of pods before they leave among them',
    description:
      'A capture file that can be read has no packet at all; or, on overlay, shows packets of pods only as they are in the tunnel: it was made at the network card alone.',
    impact: 'What happens to a packet between the pod and the network card cannot be seen.',
    needs: ['captures'],
    falsePositives: 'A capture of the network card alone may be meant; that is an information.',
    references: [CAPTURE_SCRIPT],
  },
  check({ snapshot }) {
    const { captures } = snapshot;
    if (captures.length === 0)
      return notChecked(
        'The captures are of a format that is not read here: convert them',
        'captures',
      );
    const empty = captures.filter(
      ({ packetCount, notes }) => packetCount === 0 && notes.length === 0,
    );
    const findings = [
      ...empty.map(emptyCapture),
      ...captures.flatMap((capture) =>
        isOutsideOnly(snapshot, capture) ? [outside(capture)] : [],
      ),
    ];
    const packets = captures.reduce((sum, { packetCount }) => sum + packetCount, 0);
    if (findings.length === 0 && packets === 0)
      return notChecked('The captures are damaged: no packet could be read', 'captures');
    return firedOrPassed(
      findings,
      `${countOf(captures.length, 'capture')} with ${countOf(packets, 'packet')}`,
    );
  },
};

/** On overlay: packets of pods, all of them in a tunnel. */
function isOutsideOnly(snapshot: NodeSnapshot, capture: Capture): boolean {
  if (snapshot.mode.mode !== 'overlay' || capture.innerCut > 0) return false;
  const isPods = podAddresses(snapshot);
  if (isPods === undefined) return false;
  const flows = flowsOf(capture)?.filter(
    ({ client, server }) => isPods(client.address) || isPods(server.address),
  );
  return (
    flows !== undefined && flows.length > 0 && flows.every(({ tunnel }) => tunnel !== undefined)
  );
}

const emptyCapture = (capture: Capture): FindingDraft => ({
  title: `The capture ${fileRef(capture.file).name} holds no packet`,
  summary: `${capture.file} is a whole ${capture.format} file with ${countOf(capture.places.length, 'interface')} and no packet in it.`,
  cause:
    'The capture logged events only, its filter matched nothing, or it was stopped before anything happened.',
  remedy: [captureAgain('Capture again, with packets, at all components of the node.')],
  entities: [fileRef(capture.file)],
  evidence: capture.evidence,
});

const outside = (capture: Capture): FindingDraft => ({
  severity: 'info',
  title: `The capture ${fileRef(capture.file).name} was made at the network card only`,
  summary:
    'All packets of pods in it are in a tunnel: what left the pods, before VFP changed it, is not there.',
  cause: 'Only the physical adapter was captured.',
  remedy: [captureAgain('To see what VFP does, capture at all components of the node.')],
  entities: [fileRef(capture.file)],
  evidence: capture.evidence,
});
