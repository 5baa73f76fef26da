import { errorMeaning, errorText } from '../../model/error-codes';
import type { WindowsEvent } from '../../model/logs';
import { logRef } from '../../snapshot/entity-ref';
import { codesIn } from '../events/event-codes';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

const HNS = /Host-Network-Service/i;
/** Codes of HNS itself; those of Windows say little without their call. */
const FACILITY = 0x803b;
/** What is gone already, or there already, is ordinary when something is removed or made twice. */
const ORDINARY =
  /^HCN_E_(NETWORK|ENDPOINT|LAYER|POLICY|VFP_PORTSETTING|ENDPOINT_NAMESPACE)_(NOT_FOUND|ALREADY_EXISTS)$/;

export const rule: Rule = {
  meta: {
    id: 'LOG-HNS-EVENT',
    step: 4,
    severity: 'warning',
    title: 'HNS records no refused operation',
    description:
      "Looks for errors in HNS's own event log that carry one of its error codes. The code is the same in every language.",
    impact:
      'HNS refused to make a network, an endpoint or a load balancer; what it refused is not there.',
    needs: ['windowsEvents'],
    falsePositives:
      'Codes of objects that are gone or there already are ordinary and left out. The fault may be over.',
    references: [
      'https://github.com/golang/sys/blob/master/windows/zerrors_windows.go',
      'https://github.com/microsoft/SDN/tree/master/Kubernetes/windows/debug',
    ],
  },
  check({ snapshot }) {
    const events = snapshot.windowsEvents.filter(({ provider, log }) =>
      HNS.test(`${provider} ${log}`),
    );
    if (events.length === 0)
      return notChecked("No entries of HNS's own event log were collected", 'windowsEvents');
    const byCode = new Map<number, WindowsEvent[]>();
    for (const event of events) {
      if (event.level !== 'error' && event.level !== 'fatal') continue;
      for (const code of codesIn(event.message).filter(tells))
        byCode.set(code, [...(byCode.get(code) ?? []), event]);
    }
    return firedOrPassed(
      [...byCode].map(([code, of]) => finding(code, of)),
      `${countOf(events.length, 'entry', 'entries')} of HNS, none with a code`,
    );
  },
};

const tells = (code: number): boolean =>
  Math.floor(code / 0x10000) === FACILITY && !ORDINARY.test(errorMeaning(code)?.symbol ?? '');

function finding(code: number, events: readonly WindowsEvent[]): FindingDraft {
  const meaning = errorMeaning(code);
  const last = events.at(-1);
  const when =
    last?.time === undefined ? '' : `, last at ${new Date(last.time).toISOString().slice(0, 19)}`;
  return {
    title: `HNS refuses an operation with ${errorText(code)}`,
    summary: `${meaning?.symbol ?? 'The code'} stands in ${countOf(events.length, 'error')} of the event log of HNS${when}.`,
    cause:
      meaning?.usualCause === undefined
        ? 'No usual cause of this code is known; the message says what was tried.'
        : `Usual cause: ${meaning.usualCause}.`,
    remedy: [
      {
        text: 'Find who asked for it in the logs of kubelet and kube-proxy at the same time, and check the object it names.',
        command: 'hnsdiag list all',
        verify: { kind: 'observation', text: 'No newer event carries the code.' },
      },
    ],
    entities: (last?.evidence ?? []).slice(0, 1).map(({ file }) => logRef(file)),
    evidence: events
      .flatMap(({ evidence }) => evidence)
      .slice(-5)
      .reverse(),
  };
}
