import type { KubePod } from '../../model/kubernetes';
import { canonicalIp } from '../../model/ip';
import { endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { countOf, isWholeListing, listingEvidence, someOf } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { isFresh } from '../service-load-balancers';

/** From here on the pods of a node are told of together: HNS lost them at once. */
const TOGETHER = 4;

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-NO-VNIC',
    step: 6,
    severity: 'error',
    title: 'Every running pod has its endpoint in HNS',
    description:
      'Kubernetes lists running pods of this node with their addresses. Each of these addresses must belong to a local HNS endpoint; without one the pod has no vNIC.',
    impact: 'The pod runs and has no network at all.',
    needs: ['pods', 'endpoints'],
    compares: ['pods', 'endpoints'],
    falsePositives:
      'HostProcess and hostNetwork pods have no endpoint and are left out, and so are pods younger than two minutes.',
    references: ['https://github.com/projectcalico/calico/issues/5164'],
    explains: [
      'HNS-ORPHAN-LB-ENDPOINT',
      'SVC-DIP-REACH',
      'CT-LOCAL-PODS',
      'CT-POD-POD-LOCAL',
      'CT-NODE-TO-POD',
      'OUT-NIC',
      'VFP-PORT-MISSING',
    ],
  },
  check({ snapshot }) {
    const pods = runningPods(snapshot);
    if (pods.length === 0)
      return doesNotApply('No running pod with an address is listed for this node');
    const known = snapshot.endpoints.filter(({ ipAddresses }) => ipAddresses.length > 0);
    if (snapshot.endpoints.length > 0 && known.length === 0) {
      return notChecked('The list of endpoints shows no addresses (hnsdiag does not)', 'endpoints');
    }
    const linked = new Set(snapshot.links.podOf.values());
    const lost = pods.filter((pod) => !linked.has(pod) && !hasEndpoint(snapshot, pod));
    if (lost.length > 0 && !isWholeListing(snapshot, 'hns-endpoints')) {
      return notChecked(
        'The list of endpoints is cut, so a missing one proves nothing',
        'endpoints',
      );
    }
    const detail = `${pods.length} of ${pods.length} running pods have their endpoint`;
    if (lost.length === 0) return firedOrPassed([], detail);
    if (lost.length >= TOGETHER)
      return firedOrPassed([finding(snapshot, lost, pods.length)], detail);
    return firedOrPassed(
      lost.map((pod) => finding(snapshot, [pod], pods.length)),
      detail,
    );
  },
};

function runningPods(snapshot: NodeSnapshot): KubePod[] {
  const own = snapshot.node.toLowerCase();
  const host = snapshot.addresses.managementIp?.value;
  const nodeIps = new Set(snapshot.cluster.nodes.flatMap(({ internalIps }) => internalIps));
  return snapshot.cluster.pods.filter(
    (pod) =>
      pod.node?.toLowerCase() === own &&
      (pod.phase ?? pod.status) === 'Running' &&
      (pod.status === undefined || pod.status === 'Running') &&
      pod.hostNetwork !== true &&
      pod.hostProcess !== true &&
      pod.ips.length > 0 &&
      !pod.ips.some((ip) => ip === host || nodeIps.has(ip)) &&
      !isFresh(snapshot, pod.createdAt),
  );
}

function hasEndpoint(snapshot: NodeSnapshot, pod: KubePod): boolean {
  return pod.ips.some((ip) =>
    (snapshot.links.endpointsByIp.get(canonicalIp(ip) ?? ip) ?? []).some(
      ({ isRemote }) => isRemote !== true,
    ),
  );
}

function finding(snapshot: NodeSnapshot, lost: readonly KubePod[], of: number): FindingDraft {
  const names = lost.map(({ name }) => name);
  const twins = lost.flatMap((pod) =>
    pod.ips.flatMap((ip) => snapshot.links.endpointsByIp.get(ip) ?? []),
  );
  const first = lost[0];
  return {
    title:
      lost.length === 1
        ? `Pod ${names[0] ?? ''} runs without a network`
        : `${countOf(lost.length, 'pod')} run without a network`,
    summary: `Kubernetes lists ${someOf(names)} as running on this node (${someOf(lost.flatMap(({ ips }) => ips))}), but HNS has no local endpoint with ${lost.length === 1 ? 'this address' : 'these addresses'}. ${of} running pods were looked at.`,
    cause:
      twins.length > 0
        ? 'HNS has a remote endpoint with the same address, left by kube-proxy from an earlier pod elsewhere; it kept the local one from being made.'
        : 'The endpoint was removed under the pod: HNS restarted or was cleaned up, or its removal raced with the start of the pod.',
    remedy: [
      {
        text: 'Delete the pod; its replacement gets a new endpoint.',
        command: kubectlOnPod('delete', first),
        disturbs: 'The pod is stopped; it has no network anyway.',
        verify: {
          kind: 'command',
          command: 'Get-HnsEndpoint | ? IPAddress -eq <address of the new pod>',
        },
      },
      ...(lost.length >= TOGETHER
        ? [
            {
              text: 'Many at once: see whether the hns service restarted (System event log), and start kube-proxy again after the pods are back.',
              command:
                'Get-WinEvent -LogName System -MaxEvents 200 | ? Message -match "Host Network Service"; Restart-Service kubeproxy',
              disturbs: 'Services of this node are programmed anew.',
            },
          ]
        : []),
    ],
    entities: [...lost.slice(0, 10).map(podRef), ...twins.slice(0, 3).map(endpointRef)],
    evidence: [
      ...lost.slice(0, 10).flatMap(({ evidence }) => evidence.slice(0, 1)),
      ...twins.slice(0, 3).flatMap(({ evidence }) => evidence.slice(0, 1)),
      ...listingEvidence(snapshot, 'hns-endpoints').slice(0, 1),
    ],
  };
}
