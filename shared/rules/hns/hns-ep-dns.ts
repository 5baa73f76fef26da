import type { Evidence } from '../../model/evidence';
import type { Verification } from '../../model/finding';
import type { HnsEndpoint } from '../../model/hns';
import type { KubePod } from '../../model/kubernetes';
import { canonicalIp } from '../../model/ip';
import { endpointRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { dnsServices, kubeletDns, kubeletDomain } from '../dns-service';
import { countOf, fieldEvidence, lineWith, someOf } from '../evidence-lines';
import { asksClusterDns } from '../dns/pod-dns-policy';
import { podEndpoints, podNameOf, podOf } from '../pod-endpoints';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-DNS',
    step: 6,
    symptom: 'dns',
    severity: 'error',
    title: 'Endpoints of pods point to the cluster DNS',
    description:
      "HNS copies the endpoint's DNS servers and suffixes into the vNIC when the pod starts. The servers must hold the address of the DNS service (or the kubelet's --cluster-dns), and the suffixes one of the cluster domain.",
    impact: 'The pods ask a resolver that does not know the names of the cluster.',
    needs: ['endpoints', ['kubeServices', 'kubeletLog']],
    compares: ['kubeServices', 'endpoints'],
    falsePositives:
      'Pods with dnsPolicy Default or None are left out. Where pods were not collected, the check speaks only if all endpoints deviate alike.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['DNS-SUFFIX-3WAY', 'DNS-NIC-SERVER', 'DNS-NIC-SUFFIX', 'OUT-IP-CONSISTENT'],
    explainsBySameLine: ['OUT-IP-CONSISTENT'],
  },
  check({ snapshot }) {
    const servers = clusterDns(snapshot);
    if (servers.ips.size === 0)
      return notChecked('The address of the cluster DNS is not known', 'kubeServices');
    const shown = podEndpoints(snapshot).filter(
      ({ dnsServers, fieldLines }) =>
        dnsServers.length > 0 || fieldLines?.has('dnsServers') === true,
    );
    if (shown.length === 0)
      return notChecked('No endpoint of a pod shows its DNS servers', 'endpoints');
    const judged = shown.filter(
      (endpoint) => asksClusterDns(snapshot.links.podOf.get(endpoint)) !== false,
    );
    const certain = (endpoint: HnsEndpoint): boolean =>
      asksClusterDns(snapshot.links.podOf.get(endpoint)) === true;
    const wrongServer = judged.filter(
      ({ dnsServers }) => !dnsServers.some((ip) => servers.ips.has(ip)),
    );
    const wrongSuffix = judged.filter(
      ({ dnsServers, dnsSuffixes }) =>
        dnsServers.some((ip) => servers.ips.has(ip)) &&
        dnsSuffixes.length > 0 &&
        !dnsSuffixes.some((s) => isCluster(snapshot, s)),
    );
    const report = (wrong: readonly HnsEndpoint[]): readonly HnsEndpoint[] =>
      wrong.length === judged.length ? wrong : wrong.filter(certain);
    const findings = [
      ...grouped(report(wrongServer), ({ dnsServers }) => dnsServers.join(', ')).map((group) =>
        serverFinding(snapshot, group, servers),
      ),
      ...grouped(report(wrongSuffix), ({ dnsSuffixes }) => dnsSuffixes.join(', ')).map((group) =>
        suffixFinding(snapshot, group),
      ),
    ];
    return firedOrPassed(
      findings,
      `${judged.length} of ${judged.length} endpoints of pods with cluster DNS point to ${someOf([...servers.ips])}`,
    );
  },
};

interface Servers {
  readonly ips: ReadonlySet<string>;
  readonly evidence: readonly Evidence[];
}

/** Addresses that count as cluster DNS: of the service, and what the kubelet hands out (node-local resolvers). */
function clusterDns(snapshot: NodeSnapshot): Servers {
  const services = dnsServices(snapshot);
  const kubelet = kubeletDns(snapshot);
  const texts = [...services.flatMap(({ clusterIps }) => clusterIps), ...(kubelet?.ips ?? [])];
  return {
    ips: new Set(texts.flatMap((text) => canonicalIp(text) ?? [])),
    evidence: [
      ...services.flatMap(({ evidence }) => evidence.slice(0, 1)),
      ...(kubelet ? [kubelet.evidence] : []),
    ],
  };
}

function isCluster(snapshot: NodeSnapshot, suffix: string): boolean {
  const domain = kubeletDomain(snapshot)?.value;
  const lower = suffix.toLowerCase().replace(/\.$/, '');
  return (
    /(^|\.)svc\./.test(lower) ||
    lower === (domain ?? 'cluster.local') ||
    (domain !== undefined && lower.endsWith(`.${domain}`))
  );
}

function grouped(
  endpoints: readonly HnsEndpoint[],
  keyOf: (endpoint: HnsEndpoint) => string,
): HnsEndpoint[][] {
  const groups = new Map<string, HnsEndpoint[]>();
  for (const endpoint of endpoints)
    groups.set(keyOf(endpoint), [...(groups.get(keyOf(endpoint)) ?? []), endpoint]);
  return [...groups.values()];
}

const remedyFor = (pod: KubePod | undefined, verify: Verification): FindingDraft['remedy'] => [
  {
    text: "Correct the DNS part of the CNI configuration (and the kubelet's --cluster-dns), then make the pods anew: a vNIC takes its DNS settings when it is made.",
    command: `Get-Content C:\\k\\cni\\config\\*.conf; ${kubectlOnPod('delete', pod)}`,
    disturbs: 'The pods are replaced.',
    verify,
  },
];

function serverFinding(
  snapshot: NodeSnapshot,
  group: readonly HnsEndpoint[],
  servers: Servers,
): FindingDraft {
  const has = group[0]?.dnsServers ?? [];
  const names = group.map((endpoint) => podNameOf(snapshot, endpoint));
  const wanted = someOf([...servers.ips]);
  return {
    title: `${someOf(names, 2)} ${group.length === 1 ? 'asks' : 'ask'} ${has.length === 0 ? 'no DNS server' : someOf(has)}, not the cluster DNS ${wanted}`,
    summary: `${countOf(group.length, 'endpoint')} ${group.length === 1 ? 'has' : 'have'} DNS servers ${has.length === 0 ? '(none)' : has.join(', ')}; the cluster DNS is ${wanted}.`,
    cause:
      'The CNI configuration has another name server than the cluster, or had it when the pods were made.',
    remedy: remedyFor(podOf(snapshot, group[0]), {
      kind: 'observation',
      text: `DNSServerList of the new endpoint is ${wanted}`,
    }),
    entities: [...group.slice(0, 10).map(endpointRef), ...dnsServices(snapshot).map(serviceRef)],
    evidence: [
      ...group
        .slice(0, 8)
        .flatMap((endpoint) =>
          lineWith(snapshot, fieldEvidence(endpoint, 'dnsServers'), has[0] ?? '"'),
        ),
      ...servers.evidence.slice(0, 2),
    ],
  };
}

function suffixFinding(snapshot: NodeSnapshot, group: readonly HnsEndpoint[]): FindingDraft {
  const has = group[0]?.dnsSuffixes ?? [];
  const names = group.map((endpoint) => podNameOf(snapshot, endpoint));
  return {
    severity: 'warning',
    title: `${someOf(names, 2)} cannot use short names of services: the DNS suffix is ${someOf(has)}`,
    summary: `${countOf(group.length, 'endpoint')} ${group.length === 1 ? 'has' : 'have'} the suffixes ${has.join(', ')}; none is of the cluster (svc.cluster.local).`,
    cause:
      'The search list of the CNI configuration is not that of the cluster, or the host handed on its own.',
    remedy: remedyFor(podOf(snapshot, group[0]), {
      kind: 'observation',
      text: 'DNSSuffix of the new endpoint ends with the cluster domain',
    }),
    entities: group.slice(0, 10).map(endpointRef),
    evidence: group
      .slice(0, 8)
      .flatMap((endpoint) =>
        lineWith(snapshot, fieldEvidence(endpoint, 'dnsSuffix'), has[0] ?? ''),
      ),
  };
}
