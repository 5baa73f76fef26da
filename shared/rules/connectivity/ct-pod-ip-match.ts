import type { Evidence } from '../../model/evidence';
import type { EntityRef } from '../../model/finding';
import { parseIp } from '../../model/ip';
import type { KubePod } from '../../model/kubernetes';
import { endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { resultsOf } from '../system/validation-tests';
import { testRef, whereFailed } from './connection-test';
import { networkedPods } from './test-pods';

interface Mismatch {
  readonly pod: KubePod;
  readonly seen: readonly string[];
  readonly where: string;
  readonly entities: readonly EntityRef[];
  readonly evidence: readonly Evidence[];
}

/** Container ids are shortened in places; they are the same when one begins with the other. */
const sameId = (a: string, b: string): boolean => {
  const length = Math.min(a.length, b.length);
  return length >= 12 && a.slice(0, length) === b.slice(0, length);
};

/** Of the families that both sides know, does one have no address in common? */
function differs(pod: readonly string[], seen: readonly string[]): boolean {
  return ([4, 6] as const).some((family) => {
    const of = (list: readonly string[]): readonly string[] =>
      list.filter((ip) => parseIp(ip)?.family === family && !ip.toLowerCase().startsWith('fe80'));
    return (
      of(pod).length > 0 && of(seen).length > 0 && !of(pod).some((ip) => of(seen).includes(ip))
    );
  });
}

/** Endpoints are matched by container, not by address: by address they could never differ. */
function endpointMismatches(snapshot: NodeSnapshot, pods: readonly KubePod[]): Mismatch[] {
  return pods.flatMap((pod) =>
    snapshot.endpoints
      .filter(
        (endpoint) =>
          endpoint.isRemote !== true &&
          endpoint.sharedContainers.some((id) => pod.containerIds.some((own) => sameId(id, own))),
      )
      .filter((endpoint) => differs(pod.ips, endpoint.ipAddresses))
      .map((endpoint) => ({
        pod,
        seen: endpoint.ipAddresses,
        where: 'its HNS endpoint',
        entities: [podRef(pod), endpointRef(endpoint)],
        evidence: [...pod.evidence.slice(0, 1), ...endpoint.evidence.slice(0, 1)],
      })),
  );
}

/** `ipconfig` run inside of a pod; the command names the pod or a container of it. */
function viewMismatches(snapshot: NodeSnapshot, pods: readonly KubePod[]): Mismatch[] {
  return snapshot.containerViews.flatMap((view) => {
    const name = view.insideContainer ?? '';
    const pod = pods.find(
      (candidate) =>
        candidate.name === name || candidate.containerIds.some((id) => sameId(id, name)),
    );
    const addresses = view.adapters.flatMap((adapter) =>
      [...adapter.ipv4, ...adapter.ipv6].map(({ address }) => address),
    );
    if (!pod || !differs(pod.ips, addresses)) return [];
    const line = view.adapters.find((adapter) => adapter.lines?.ipv4)?.lines?.ipv4;
    return [
      {
        pod,
        seen: addresses,
        where: 'the inside of the pod',
        entities: [podRef(pod)],
        evidence: [line ?? view.evidence[0], pod.evidence[0]].filter((e) => e !== undefined),
      },
    ];
  });
}

export const rule: Rule = {
  meta: {
    id: 'CT-POD-IP-MATCH',
    step: 2,
    severity: 'error',
    title: 'Pods have the address that Kubernetes believes they have',
    description:
      'Compares the pod IP of the API with the HNS endpoint of its containers and with ipconfig inside of the pod, and takes the test result.',
    impact: 'Services and other pods send to an address that nobody answers on.',
    needs: [['tests', 'pods']],
    compares: ['pods', 'endpoints', 'compartments'],
    falsePositives: 'Dual-stack pods are compared per address family.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/kubernetes/kubernetes/issues/130963',
    ],
    explains: ['CT-POD-POD-LOCAL', 'CT-POD-POD-REMOTE'],
  },
  check({ snapshot }) {
    const pods = networkedPods(snapshot, 'here').filter(({ ips }) => ips.length > 0);
    const mismatches = [...viewMismatches(snapshot, pods), ...endpointMismatches(snapshot, pods)];
    const test = resultsOf(snapshot, 'podIp').at(-1);
    const findings: FindingDraft[] = mismatches.map((mismatch) => ({
      title: `Pod ${mismatch.pod.name} has another address than Kubernetes believes`,
      summary: `The API says ${mismatch.pod.ips.join(', ')}, ${mismatch.where} says ${mismatch.seen.join(', ')}.`,
      cause:
        'The endpoint was made anew behind the back of the kubelet, or the wrong one was attached.',
      remedy: remedy(mismatch.pod),
      entities: mismatch.entities,
      evidence: mismatch.evidence,
    }));
    if (findings.length === 0 && test?.result === 'failed') {
      findings.push({
        compares: [],
        title: 'A pod has another address inside than Kubernetes believes',
        summary: `The test "${test.name}" failed.${whereFailed(test)}`,
        cause:
          'The endpoint was made anew behind the back of the kubelet, or the wrong one was attached.',
        remedy: remedy(undefined),
        entities: [testRef(test)],
        evidence: test.evidence,
      });
    }
    if (findings.length > 0) return fired(...findings);
    const compared = pods.filter((pod) =>
      snapshot.endpoints.some((endpoint) =>
        endpoint.sharedContainers.some((id) => pod.containerIds.some((own) => sameId(id, own))),
      ),
    ).length;
    if (test)
      return passed(
        `Test "${test.name}" passed; ${compared} of ${pods.length} pods compared with their endpoints`,
      );
    if (compared > 0)
      return passed(`${compared} of ${pods.length} pods have the address of their endpoint`);
    return notChecked(
      'Nothing links a pod to its endpoint or shows a pod from inside',
      'tests',
      'endpoints',
    );
  },
};

const remedy = (pod: KubePod | undefined): FindingDraft['remedy'] => [
  {
    text: 'Delete the pod, so that it is made anew with an endpoint of its own.',
    command: kubectlOnPod('delete', pod),
    disturbs: 'The pod restarts.',
    verify: {
      kind: 'command',
      command: 'ipconfig',
      shows: 'shows inside of the new pod the address that kubectl get pod -o wide shows',
    },
  },
];
