import { errorMeaning, errorText } from '../../model/error-codes';
import type { Remedy } from '../../model/finding';
import type { KubeEvent } from '../../model/kubernetes';
import { podRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed } from '../rule';
import { codesIn, NAT_PLUGIN, usualCause } from './event-codes';
import { eventsOfNode } from './node-scope';

/** Codes that say nothing is wrong: an operation still goes on, the container had stopped, a storage layer. */
const NO_NETWORK_FAULT = new Set([0xc0370103, 0xc0370110, 0x80370110, 0x8037011f, 0xc0370112]);
const REMOVAL =
  /FailedKillPod|destroy network|tear ?down|StopPodSandbox|KillPodSandbox|failed \(delete\)|removing|\bDEL\b/i;

export const rule: Rule = {
  meta: {
    id: 'EV-HRESULT',
    step: 3,
    severity: 'error',
    title: 'No event carries an error code of HNS or HCS',
    description:
      'Decodes the error codes of HNS, the compute service and Windows in event messages. The code is exact where the text is localised or cut.',
    impact: 'HNS or Windows refused an operation of a pod; what it refused is not there.',
    needs: ['events'],
    falsePositives:
      'Codes while something is removed that is gone already are harmless and left out.',
    references: [REF.errorCodes, REF.article],
    explains: ['EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING'],
    explainsBySameLine: ['EV-SANDBOX-FAILED'],
  },
  check({ snapshot, case: theCase }) {
    const events = eventsOfNode(snapshot, theCase).filter(
      (e) => !isNormal(e) && !REMOVAL.test(`${e.reason} ${e.message}`),
    );
    const byCode = new Map<number, KubeEvent[]>();
    for (const event of events) {
      for (const code of codesIn(event.message)) {
        if (!NO_NETWORK_FAULT.has(code)) byCode.set(code, [...(byCode.get(code) ?? []), event]);
      }
    }
    const findings = [...byCode].map(([code, of]): FindingDraft => {
      const meaning = errorMeaning(code);
      const names = new Set(of.flatMap((e) => e.objectName ?? []));
      const count = of.reduce((sum, e) => sum + (e.count ?? 1), 0);
      const usual = usualCause(code, of[0]?.message ?? '');
      return {
        title: `Windows refuses pods with ${errorText(code)}`,
        summary: `${meaning?.symbol ?? 'This code'} stands in ${count} event${count === 1 ? '' : 's'}${names.size > 0 ? ` of ${[...names].slice(0, 4).join(', ')}` : ''}.`,
        cause:
          usual === undefined
            ? 'No usual cause of this code is known; the call in the message says what was tried.'
            : `Usual cause: ${usual}.`,
        remedy: [
          ...(of.some((e) => NAT_PLUGIN.test(e.message)) ? [removeNat] : []),
          {
            text: 'Find the call that failed in the message and the same code in the logs of kubelet and kube-proxy, then check the object it names in HNS.',
            command: 'hnsdiag list all',
            verify: { kind: 'observation', text: 'No newer event carries the code' },
          },
        ],
        entities: snapshot.cluster.pods.filter((p) => names.has(p.name)).map(podRef),
        evidence: of.flatMap((e) => e.evidence.slice(0, 1)).slice(0, 10),
      };
    });
    return firedOrPassed(findings, `None of ${events.length} warning events carries a code`);
  },
};

const removeNat: Remedy = {
  text: 'List the folder that the runtime reads, and move what is not of your CNI out of it.',
  command: 'Get-ChildItem "C:\\Program Files\\containerd\\cni\\conf", C:\\etc\\cni\\net.d',
  disturbs: 'Nothing: the runtime reads the folder again by itself, running pods are not touched.',
  verify: {
    kind: 'observation',
    text: 'The first file by name is that of your CNI, and new pods get addresses',
  },
};

const isNormal = (event: KubeEvent): boolean => event.type === 'Normal';
