import type { HnsEndpoint } from '../../model/hns';
import type { KubePod } from '../../model/kubernetes';
import type { Adapter } from '../../model/tcpip';
import { adapterRef, compartmentRef, endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { isWholeListing, someOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { alike, together } from '../together';
import { isSelfAssigned, showsCompartments } from './pod-adapters';

const recreate = (pod: KubePod | undefined): FindingDraft['remedy'] => [
  {
    text: 'Delete the pod: a new one gets a compartment and a NIC of its own.',
    command: kubectlOnPod('delete', pod),
    disturbs: 'The pod restarts.',
    verify: {
      kind: 'command',
      command: 'ipconfig /allcompartments /all',
      shows: 'shows the new pod with its address',
    },
  },
];

/** Adapters of pods that have no address, gave themselves one, or share one with somebody. */
function uselessAdapters(snapshot: NodeSnapshot): FindingDraft[] {
  const owners = new Map<Adapter, HnsEndpoint>();
  for (const [endpoint, { compartment, adapterIndex }] of snapshot.links.adapterOf) {
    const adapter = compartment.adapters[adapterIndex];
    if (adapter) owners.set(adapter, endpoint);
  }
  return snapshot.compartments
    .filter(({ id }) => id !== 1)
    .flatMap((compartment) =>
      compartment.adapters.flatMap((adapter) => {
        const self = adapter.ipv4.find(({ address }) => isSelfAssigned(address));
        const double = adapter.ipv4.find(({ status }) => status === 'Duplicate');
        const only = adapter.ipv4.every(({ address }) => isSelfAssigned(address));
        const fault = double
          ? `has ${double.address}, which another adapter uses as well`
          : self && only
            ? `gave itself ${self.address}, since nobody gave it an address`
            : undefined;
        if (fault === undefined) return [];
        const endpoint = owners.get(adapter);
        const pod = endpoint && snapshot.links.podOf.get(endpoint);
        return [
          {
            title: `The pod ${pod?.name ?? `in compartment ${compartment.id}`} has no usable address`,
            summary: `Its adapter ${adapter.name} ${fault}.`,
            cause: double
              ? 'HNS gave one address out twice, or an endpoint of an earlier pod is left.'
              : 'The endpoint was removed or never programmed, so the NIC was left without its address.',
            remedy: recreate(pod),
            entities: [
              compartmentRef(compartment),
              adapterRef(adapter),
              ...(endpoint ? [endpointRef(endpoint)] : []),
              ...(pod ? [podRef(pod)] : []),
            ],
            evidence: [adapter.lines?.ipv4 ?? adapter.evidence[0]].filter((e) => e !== undefined),
          },
        ];
      }),
    );
}

/** Compartments that a namespace with endpoints owns and that hold no adapter. */
function emptyCompartments(snapshot: NodeSnapshot): FindingDraft[] {
  return snapshot.compartments.flatMap((compartment) => {
    if (compartment.id === 1 || compartment.adapters.length > 0) return [];
    const namespace = snapshot.namespaces.find(
      (item) => item.compartmentId === compartment.id && item.endpointIds.length > 0,
    );
    const endpoint = snapshot.endpoints.find(
      (item) =>
        item.isRemote !== true &&
        (item.compartmentId === compartment.id ||
          (namespace?.endpointIds.includes(item.id) ?? false)),
    );
    if (!endpoint) return [];
    const pod = snapshot.links.podOf.get(endpoint);
    return [
      {
        title: `The pod ${pod?.name ?? endpoint.ipAddresses[0] ?? ''} has no NIC`,
        summary: `HNS attached endpoint ${endpoint.ipAddresses.join(', ')} to compartment ${compartment.id}, and the compartment holds no adapter.`,
        cause:
          'The NIC of the endpoint was lost, by an HNS restart for example, or did not appear in time.',
        remedy: recreate(pod),
        entities: [
          compartmentRef(compartment),
          endpointRef(endpoint),
          ...(pod ? [podRef(pod)] : []),
        ],
        evidence: [...compartment.evidence, ...endpoint.evidence.slice(0, 1)],
      },
    ];
  });
}

interface Missing {
  readonly endpoint: HnsEndpoint;
  readonly pod: KubePod;
}

/** Endpoints of running pods that no compartment shows, but for those of which something is said already. */
function missingAdapters(snapshot: NodeSnapshot, reported: readonly FindingDraft[]): Missing[] {
  const known = new Set(reported.flatMap(({ entities }) => entities.map(({ id }) => id)));
  return snapshot.endpoints.flatMap((endpoint): Missing[] => {
    const pod = snapshot.links.podOf.get(endpoint);
    if (endpoint.isRemote === true || pod === undefined) return [];
    const runs = pod.phase === 'Running' && pod.hostNetwork !== true && pod.containerIds.length > 0;
    const seen = snapshot.links.adapterOf.has(endpoint) || known.has(endpoint.id);
    return runs && !seen ? [{ endpoint, pod }] : [];
  });
}

const missingAdapter = (endpoint: HnsEndpoint, pod: KubePod): FindingDraft => ({
  title: `The pod ${pod.name} has no NIC in any compartment`,
  summary: `HNS has endpoint ${endpoint.ipAddresses.join(', ')} of the running pod, and no adapter in ip.txt has its MAC or address.`,
  cause:
    'The NIC of the endpoint was lost, by an HNS restart for example, or the pod was made after ip.txt.',
  remedy: recreate(pod),
  entities: [endpointRef(endpoint), podRef(pod)],
  evidence: [...endpoint.evidence.slice(0, 1), ...pod.evidence.slice(0, 1)],
});

export const rule: Rule = {
  meta: {
    id: 'OUT-NIC',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'Every pod has a NIC with an address in its compartment',
    description:
      'Looks at every compartment but the host in ip.txt: an adapter that gave itself an address or shares one, a compartment of a pod without an adapter, an endpoint of a running pod that no compartment shows.',
    impact: 'The pod has no network at all.',
    needs: ['compartments'],
    falsePositives:
      'HostProcess pods share compartment 1. Pods of Hyper-V isolation have their NIC inside of the virtual machine.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/kubernetes/kubernetes/issues/130963',
    ],
    explains: [
      'CT-POD-INTERNET',
      'FLOW-POD-NET',
      'CT-POD-POD-LOCAL',
      'CT-POD-POD-REMOTE',
      'CT-POD-IP-MATCH',
      'DNS-BOTH-BAD',
      'OUT-IP-CONSISTENT',
    ],
    explainsBySameLine: ['OUT-IP-CONSISTENT'],
  },
  check({ snapshot }) {
    if (!showsCompartments(snapshot)) {
      return notChecked(
        'ip.txt shows the host only: it was taken without /allcompartments, or no pod runs here',
        'compartments',
      );
    }
    const findings = alike(uselessAdapters(snapshot), ({ cause }) => cause).flatMap((group) =>
      together(group, (count) => ({
        title: `${count} pods have no usable address`,
        summary: group
          .slice(0, 3)
          .map(({ summary }) => summary)
          .join(' '),
      })),
    );
    // A file that was cut does not show that something is missing.
    const whole = isWholeListing(snapshot, 'compartments');
    if (whole) findings.push(...emptyCompartments(snapshot));
    if (whole) {
      const lost = missingAdapters(snapshot, findings);
      findings.push(
        ...together(
          lost.map(({ endpoint, pod }) => missingAdapter(endpoint, pod)),
          (count) => ({
            title: `${count} pods have no NIC in any compartment`,
            summary: `HNS has endpoints of ${someOf(lost.map(({ pod }) => pod.name))}, which run, and no adapter in ip.txt has the MAC or address of any of them.`,
          }),
        ),
      );
    }
    if (!whole && findings.length === 0) {
      return notChecked('ip.txt is cut: adapters that it does not show may exist', 'compartments');
    }
    const others = snapshot.compartments.filter(({ id }) => id !== 1);
    const adapters = others.reduce((sum, compartment) => sum + compartment.adapters.length, 0);
    return firedOrPassed(
      findings,
      `${adapters} ${adapters === 1 ? 'adapter' : 'adapters'} in ${others.length} compartments beside the host's, each with an address of its own`,
    );
  },
};
