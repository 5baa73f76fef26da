import type { HnsEndpoint } from '../../model/hns';
import { endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { fieldEvidence } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-DUP-IP',
    step: 6,
    severity: 'error',
    title: 'No two endpoints of a network have one address',
    description:
      'Within one HNS network every address belongs to one endpoint. A remote endpoint that kube-proxy keeps for an address now used by a local pod is the usual twin.',
    impact:
      'A new pod gets no vNIC, or traffic for it goes to the node that had the address before.',
    needs: ['endpoints'],
    falsePositives:
      'Different networks (nat beside the pod network) may use one address and are compared apart.',
    references: [
      'https://github.com/kubernetes/kubernetes/issues/130963',
      'https://github.com/microsoft/Windows-Containers/issues/631',
    ],
    explains: ['HNS-EP-NO-VNIC', 'HNS-REMOTE-EP-STALE'],
  },
  check({ snapshot }) {
    const groups = new Map<string, HnsEndpoint[]>();
    let addresses = 0;
    for (const endpoint of snapshot.endpoints) {
      const network = networkKey(snapshot, endpoint);
      for (const ip of endpoint.ipAddresses) {
        addresses += 1;
        const key = `${network} ${ip}`;
        groups.set(key, [...(groups.get(key) ?? []), endpoint]);
      }
    }
    if (addresses === 0) return notChecked('The list of endpoints shows no addresses', 'endpoints');
    const findings = [...groups]
      .filter(([, twins]) => twins.length > 1)
      .map(([key, twins]) => finding(snapshot, key.split(' ').pop() ?? '', twins));
    return firedOrPassed(
      findings,
      `${addresses} addresses of ${snapshot.endpoints.length} endpoints are all different`,
    );
  },
};

function networkKey(snapshot: NodeSnapshot, endpoint: HnsEndpoint): string {
  return (
    snapshot.links.networkOf.get(endpoint)?.id ??
    endpoint.networkId ??
    endpoint.networkName?.toLowerCase() ??
    ''
  );
}

function finding(snapshot: NodeSnapshot, ip: string, twins: readonly HnsEndpoint[]): FindingDraft {
  const remote = twins.filter(({ isRemote }) => isRemote === true);
  const local = twins.filter(({ isRemote }) => isRemote !== true);
  const mixed = remote.length > 0 && local.length > 0;
  const network = twins
    .map((twin) => snapshot.links.networkOf.get(twin)?.name)
    .find((name) => name !== undefined);
  const victim = remote[0] ?? twins[1];
  return {
    title: mixed
      ? `${ip} is both a pod of this node and a remote endpoint`
      : `${ip} belongs to ${twins.length} endpoints at once`,
    summary: `Endpoints ${twins.map(({ id }) => id.slice(0, 8)).join(' and ')}${network === undefined ? '' : ` of network ${network}`} have the address ${ip}${mixed ? '; one of them is remote' : ''}.`,
    cause: mixed
      ? 'The address was used by a pod on another node before; kube-proxy did not remove its remote endpoint when the address came here.'
      : remote.length > 1
        ? 'kube-proxy made the remote endpoint twice, as after a restart of HNS or of kube-proxy.'
        : 'The address was given out twice: the IPAM state was lost while endpoints lived on.',
    remedy: [
      {
        text:
          mixed || remote.length > 1
            ? 'Remove the remote twin, then start kube-proxy again so that its load balancers are made anew.'
            : 'Find out which endpoint no pod uses and remove it; then make the pod of the other one anew.',
        command: `hnsdiag delete endpoints ${argument(victim?.id ?? '<id>')}; Restart-Service kubeproxy`,
        disturbs:
          'Load balancers that use the endpoint lose this backend until kube-proxy has synced.',
        verify: {
          kind: 'command',
          command: `Get-HnsEndpoint | ? IPAddress -eq ${argument(ip)}`,
          shows: 'shows one endpoint',
        },
      },
    ],
    ...(local.length === 0 ? { severity: 'warning' as const } : {}),
    entities: twins.map(endpointRef),
    evidence: [...local, ...remote].flatMap((endpoint) => fieldEvidence(endpoint, 'ip')),
  };
}
