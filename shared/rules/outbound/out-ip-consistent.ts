import type { Evidence } from '../../model/evidence';
import type { HnsEndpoint } from '../../model/hns';
import { parseIp } from '../../model/ip';
import type { Adapter, Compartment } from '../../model/tcpip';
import { adapterRef, endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

interface Difference {
  readonly what: string;
  readonly text: string;
  readonly line: Evidence | undefined;
}

const v4 = (list: readonly string[]): string[] =>
  list.filter((ip) => parseIp(ip)?.family === 4).sort();
const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** What both sides know and say differently. A side that does not say is not compared. */
function differences(endpoint: HnsEndpoint, adapter: Adapter, where: string): Difference[] {
  const found: Difference[] = [];
  const compare = (
    what: string,
    hns: readonly string[],
    nic: readonly string[],
    line: Evidence | undefined,
  ): void => {
    if (hns.length === 0 || nic.length === 0 || same(hns, nic)) return;
    found.push({ what, text: `${what}: HNS ${hns.join(', ')}, ${where} ${nic.join(', ')}`, line });
  };
  const { lines } = adapter;
  compare(
    'address',
    v4(endpoint.ipAddresses),
    v4(adapter.ipv4.map(({ address }) => address)),
    lines?.ipv4,
  );
  compare('gateway', v4(endpoint.gateways), v4(adapter.gateways), lines?.gateway);
  compare('DNS servers', v4(endpoint.dnsServers), v4(adapter.dnsServers), lines?.dns);
  const nicLength = adapter.ipv4[0]?.prefixLength;
  const hnsLength = endpoint.prefixLength;
  // Newer builds give the endpoint a /32 whatever the NIC has.
  if (
    hnsLength !== undefined &&
    nicLength !== undefined &&
    hnsLength < 32 &&
    nicLength < 32 &&
    hnsLength !== nicLength
  ) {
    found.push({
      what: 'mask',
      text: `mask: HNS /${hnsLength}, ${where} /${nicLength}`,
      line: lines?.ipv4,
    });
  }
  return found;
}

interface Pair {
  readonly endpoint: HnsEndpoint;
  readonly adapter: Adapter;
  readonly where: string;
}

/** The NIC of each pod endpoint in ip.txt and, where it was looked at, inside of the container. */
function pairsOf(snapshot: NodeSnapshot): Pair[] {
  const network = snapshot.mode.podNetworkId;
  const pairs: Pair[] = [];
  for (const [endpoint, { compartment, adapterIndex }] of snapshot.links.adapterOf) {
    const adapter = compartment.adapters[adapterIndex];
    const ours = network === undefined || snapshot.links.networkOf.get(endpoint)?.id === network;
    if (compartment.id !== 1 && adapter && ours) pairs.push({ endpoint, adapter, where: 'ip.txt' });
  }
  for (const view of snapshot.containerViews) {
    for (const adapter of view.adapters) {
      const endpoint = endpointOfView(snapshot, view, adapter);
      if (endpoint)
        pairs.push({
          endpoint,
          adapter,
          where: `inside of ${view.insideContainer ?? 'the container'}`,
        });
    }
  }
  return pairs;
}

function endpointOfView(
  snapshot: NodeSnapshot,
  view: Compartment,
  adapter: Adapter,
): HnsEndpoint | undefined {
  const byMac =
    adapter.mac === undefined ? [] : (snapshot.links.endpointsByMac.get(adapter.mac) ?? []);
  const id = view.insideContainer ?? '';
  const local = snapshot.endpoints.filter(({ isRemote }) => isRemote !== true);
  return (
    byMac.find(({ isRemote }) => isRemote !== true) ??
    (/^[0-9a-f]{12,}$/i.test(id)
      ? local.find(({ sharedContainers }) =>
          sharedContainers.some((c) => c.startsWith(id) || id.startsWith(c)),
        )
      : undefined) ??
    local.find((endpoint) => snapshot.links.podOf.get(endpoint)?.name === id && id !== '')
  );
}

export const rule: Rule = {
  meta: {
    id: 'OUT-IP-CONSISTENT',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'HNS and the NIC of each pod agree on address, gateway and DNS',
    description:
      'Compares every endpoint of a pod with its adapter in ip.txt and, where ipconfig was run inside of a container, with what that shows.',
    impact:
      'The switch handles packets for an address that the pod does not use; replies are lost.',
    needs: ['compartments', 'endpoints'],
    compares: ['endpoints', 'compartments'],
    falsePositives:
      'Endpoints with a /32 mask are normal on newer builds and are not compared by mask.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'CT-POD-IP-MATCH', 'DNS-BOTH-BAD'],
  },
  check({ snapshot }) {
    const pairs = pairsOf(snapshot);
    if (pairs.length === 0) {
      return notChecked(
        'No adapter in ip.txt belongs to an endpoint of a pod',
        'compartments',
        'endpoints',
      );
    }
    const findings: FindingDraft[] = [];
    for (const { endpoint, adapter, where } of pairs) {
      const found = differences(endpoint, adapter, where);
      const [first] = found;
      if (!first) continue;
      const pod = snapshot.links.podOf.get(endpoint);
      const name = pod?.name ?? endpoint.ipAddresses[0] ?? '';
      findings.push({
        title: `HNS and the NIC of pod ${name} disagree on ${found.map(({ what }) => what).join(' and ')}`,
        summary: found.map(({ text }) => text).join('; ') + '.',
        cause: 'The endpoint was changed or made anew after the container had started.',
        remedy: [
          {
            text: 'Delete the pod, so that endpoint and NIC are made together.',
            command: pod
              ? `kubectl delete pod ${pod.name}${pod.namespace === undefined ? '' : ` -n ${pod.namespace}`}`
              : 'kubectl delete pod <pod>',
            disturbs: 'The pod restarts.',
            verify: {
              kind: 'observation',
              text: 'Get-HnsEndpoint and ipconfig show the same values for the new pod.',
            },
          },
        ],
        entities: [endpointRef(endpoint), adapterRef(adapter), ...(pod ? [podRef(pod)] : [])],
        evidence: [
          first.line ?? adapter.evidence[0],
          endpoint.evidence[0],
          ...found.slice(1).map(({ line }) => line),
        ].filter((e) => e !== undefined),
      });
    }
    return firedOrPassed(
      findings,
      `${pairs.length} ${pairs.length === 1 ? 'NIC agrees' : 'NICs agree'} with HNS`,
    );
  },
};
