import type { FactsOf } from '../../model/facts';
import { factsOfKind } from '../../snapshot/collect-facts';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { CAPTURE_SCRIPT, captureAgain } from './capture-facts';

const MIB = 1024 * 1024;
/** Default limits of circular traces: startpacketcapture.ps1 and netsh trace 250 MB, pktmon and later netsh 512 MB. */
const LIMITS = [250, 512] as const;

type CaptureFile = FactsOf<'captures'>['items'][number];

export const rule: Rule = {
  meta: {
    id: 'CAP-WRAP',
    step: 8,
    severity: 'warning',
    title: 'Traces were stopped before they overwrote their beginning',
    description:
      'A trace that is as large as the limit it is made with (250 or 512 MB) goes on by overwriting its oldest part.',
    impact: 'What happened at the time of the failure may not be in the trace any more.',
    needs: ['captures'],
    falsePositives:
      'A trace with another limit that happens to have this size. Traces in several files lose nothing, and are left out.',
    references: [CAPTURE_SCRIPT],
  },
  check({ snapshot }) {
    const files = factsOfKind(snapshot.files, 'captures').flatMap(({ facts }) => [...facts.items]);
    const traces = files.filter(({ format }) => format === 'etl');
    if (traces.length === 0)
      return notChecked(
        'A converted capture does not say which limit its trace had: the .etl is needed',
        'captures',
      );
    const full = traces.filter((trace) => limitOf(trace) !== undefined && !isPart(trace, traces));
    return firedOrPassed(
      full.map((trace) => finding(snapshot, trace)),
      `${countOf(traces.length, 'trace')}, none as large as a usual limit`,
    );
  },
};

const limitOf = ({ bytes }: CaptureFile): number | undefined =>
  LIMITS.find((limit) => Math.abs(bytes - limit * MIB) <= MIB / 2);

/** `PktMon1.etl` beside `PktMon2.etl`: a new file was begun where the limit was reached. */
function isPart(trace: CaptureFile, traces: readonly CaptureFile[]): boolean {
  const base = ({ file }: CaptureFile): string => file.replace(/[-_]?\d*\.etl$/i, '').toLowerCase();
  return traces.some((other) => other !== trace && base(other) === base(trace));
}

function finding(snapshot: NodeSnapshot, trace: CaptureFile): FindingDraft {
  const stem = trace.file.replace(/\.etl$/i, '').toLowerCase();
  const converted = snapshot.captures.find(({ file }) => file.toLowerCase().startsWith(stem));
  const from =
    converted?.firstTime === undefined
      ? ''
      : ` The first packet that is left is of ${new Date(converted.firstTime).toISOString().slice(0, 19)}Z: what was before is lost.`;
  return {
    title: `The trace ${fileRef(trace.file).name} reached its limit and overwrote its beginning`,
    summary: `It is ${limitOf(trace) ?? 0} MB large, the size at which such a trace starts over.${from}`,
    cause: 'More was traced than the file may hold: it ran too long, or without a filter.',
    remedy: [
      captureAgain(
        'Trace again with a filter or a larger file (--file-size), and stop right after the failure.',
      ),
    ],
    entities: [fileRef(trace.file)],
    evidence: trace.evidence,
  };
}
