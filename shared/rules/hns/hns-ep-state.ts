import { errorText } from '../../model/error-codes';
import type { HnsEndpoint } from '../../model/hns';
import { endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument, kubectlOnPod } from '../commands';
import { fieldEvidence, someOf } from '../evidence-lines';
import { filetimeMs, podEndpoints, podNameOf } from '../pod-endpoints';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { alike, together } from '../together';

const CREATED = 1;
const ATTACHED = 2;
const SHARING = 3;
const STATES: Readonly<Record<number, string>> = {
  0: 'uninitialized',
  1: 'created, never attached',
  2: 'attached, not shared',
  3: 'attached and shared',
  4: 'detached',
  5: 'degraded',
  6: 'destroyed',
};
const CREATED_LIMIT_MS = 5 * 60_000;

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-STATE',
    step: 6,
    severity: 'error',
    title: 'Endpoints of pods are attached',
    description:
      'The endpoint of a running pod is in state 3 (attached and shared). 4, 5 and 6 are faults; 1 is one when it lasts over five minutes, 2 when the other pods of the node are at 3.',
    impact: 'The pod has no working vNIC.',
    needs: ['endpoints'],
    falsePositives:
      'Bridge, gateway and source VIP endpoints stay at 1 or 2 and are left out; so is a node whose pods are all at 2.',
    references: [
      'https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema',
      'https://github.com/projectcalico/calico/issues/4682',
    ],
    explains: [
      'HNS-NET-HEALTH',
      'HNS-EP-ALLOC-ERROR',
      'CT-LOCAL-PODS',
      'CT-POD-POD-LOCAL',
      'CT-NODE-TO-POD',
      'OUT-NIC',
    ],
  },
  check({ snapshot }) {
    const known = podEndpoints(snapshot).filter(({ state }) => state !== undefined);
    if (known.length === 0) return notChecked('No endpoint of a pod shows its state', 'endpoints');
    const sharing = known.filter(({ state }) => state === SHARING).length;
    const wrong = known.filter((endpoint) => isWrong(snapshot, endpoint, sharing > 0));
    const findings = alike(
      wrong,
      ({ state, health }) => `${state ?? ''} ${health?.lastErrorCode ?? 0}`,
    ).flatMap((group) =>
      together(
        group.map((endpoint) => finding(snapshot, endpoint)),
        (count) => severalText(snapshot, group, count),
      ),
    );
    return firedOrPassed(findings, `${known.length} of ${known.length} pod endpoints are attached`);
  },
};

function severalText(
  snapshot: NodeSnapshot,
  [first, ...others]: readonly HnsEndpoint[],
  count: number,
): { readonly title: string; readonly summary: string } {
  const state = first?.state ?? 0;
  const code = first?.health?.lastErrorCode ?? 0;
  const names = [...(first ? [first] : []), ...others].map((each) => podNameOf(snapshot, each));
  return {
    title: `${count} pods have no working network: their endpoints are ${STATES[state] ?? `in state ${state}`}`,
    summary: `The endpoints of ${someOf(names)} are in state ${state}, ${STATES[state] ?? 'unknown'}; that of a running pod is in state 3.${code === 0 ? '' : ` HNS reports ${errorText(code)}.`}`,
  };
}

function isWrong(snapshot: NodeSnapshot, endpoint: HnsEndpoint, siblingsShare: boolean): boolean {
  switch (endpoint.state) {
    case 4:
    case 5:
    case 6:
      return true;
    case ATTACHED:
      return siblingsShare;
    case CREATED: {
      const now = snapshot.collectedAt?.time;
      const since =
        filetimeMs(endpoint.startTime) ??
        filetimeMs(endpoint.health?.lastUpdateTime) ??
        snapshot.links.podOf.get(endpoint)?.createdAt;
      return now !== undefined && since !== undefined && now - since > CREATED_LIMIT_MS;
    }
    default:
      return false;
  }
}

function finding(snapshot: NodeSnapshot, endpoint: HnsEndpoint): FindingDraft {
  const state = endpoint.state ?? 0;
  const pod = snapshot.links.podOf.get(endpoint);
  const name = podNameOf(snapshot, endpoint);
  const code = endpoint.health?.lastErrorCode ?? 0;
  const failed = endpoint.allocators.find((a) => (a.health?.lastErrorCode ?? 0) !== 0);
  const error = code !== 0 ? ` HNS reports ${errorText(code)}.` : '';
  const part = failed
    ? ` Its part "${failed.tag}" failed with ${errorText(failed.health?.lastErrorCode ?? 0)}.`
    : '';
  return {
    title: `${name} has no working network: its endpoint is ${STATES[state] ?? `in state ${state}`}`,
    summary: `Endpoint ${endpoint.id} (${endpoint.ipAddresses.join(', ') || 'no address'}) is in state ${state}, ${STATES[state] ?? 'unknown'}; that of a running pod is in state 3.${error}${part}`,
    cause:
      state === 5
        ? 'HNS could not apply one of its policies and marked the endpoint degraded.'
        : state === CREATED
          ? 'The CNI made the endpoint and its attachment to the pod never came or failed.'
          : 'The endpoint came off its pod: the sandbox ended, or HNS restarted under it.',
    remedy: [
      {
        text: 'Delete the pod; its replacement gets a new endpoint.',
        command: kubectlOnPod('delete', pod),
        disturbs: 'The pod is stopped.',
        verify: {
          kind: 'command',
          command: 'Get-HnsEndpoint | ConvertTo-Json',
          shows: 'shows State 3 for the endpoint of the new pod',
        },
      },
      ...(pod
        ? []
        : [
            {
              text: 'No pod with this address is known: if none has it, remove the leftover endpoint.',
              command: `hnsdiag delete endpoints ${argument(endpoint.id)}`,
              disturbs: 'A pod that uses it loses its network.',
            },
          ]),
    ],
    entities: [endpointRef(endpoint), ...(pod ? [podRef(pod)] : [])],
    evidence: [
      ...fieldEvidence(endpoint, 'state'),
      ...(code === 0 ? [] : fieldEvidence(endpoint, 'health')),
    ],
  };
}
