import type { Evidence } from '../../model/evidence';
import type { HnsEndpoint, HnsField } from '../../model/hns';
import { parseIp } from '../../model/ip';
import type { Adapter, Compartment } from '../../model/tcpip';
import { adapterRef, endpointRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { fieldEvidence, someOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { alike, together } from '../together';

interface Difference {
  readonly what: string;
  readonly text: string;
  /** Where the NIC shows its side, and the field of HNS. */
  readonly line: Evidence | undefined;
  readonly field: HnsField;
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
    field: HnsField,
    hns: readonly string[],
    nic: readonly string[],
    line: Evidence | undefined,
  ): void => {
    if (hns.length === 0 || nic.length === 0 || same(hns, nic)) return;
    const text = `${what}: HNS ${hns.join(', ')}, ${where} ${nic.join(', ')}`;
    found.push({ what, text, line, field });
  };
  const { lines } = adapter;
  compare(
    'address',
    'ip',
    v4(endpoint.ipAddresses),
    v4(adapter.ipv4.map(({ address }) => address)),
    lines?.ipv4,
  );
  compare('gateway', 'gateway', v4(endpoint.gateways), v4(adapter.gateways), lines?.gateway);
  compare('DNS servers', 'dnsServers', v4(endpoint.dnsServers), v4(adapter.dnsServers), lines?.dns);
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
      field: 'prefixLength',
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
    const deviants = pairs.flatMap((pair): Deviant[] => {
      const found = differences(pair.endpoint, pair.adapter, pair.where);
      return found.length === 0 ? [] : [{ ...pair, found }];
    });
    const findings = alike(deviants, whatDiffers).flatMap((group) =>
      together(
        alike(group, valuesOf).map((same) => finding(snapshot, same)),
        () => ({
          title: `HNS and the NICs of ${group.length} pods disagree on ${whatDiffers(group[0])}`,
          summary: [...new Set(group.map(valuesOf))]
            .slice(0, 3)
            .map((values) => `${values}.`)
            .join(' '),
        }),
      ),
    );
    return firedOrPassed(
      findings,
      `${pairs.length} ${pairs.length === 1 ? 'NIC agrees' : 'NICs agree'} with HNS`,
    );
  },
};

interface Deviant extends Pair {
  readonly found: readonly Difference[];
}

/** `address and gateway`. */
const whatDiffers = (deviant: Deviant | undefined): string =>
  (deviant?.found ?? []).map(({ what }) => what).join(' and ');

const valuesOf = ({ found }: Deviant): string => found.map(({ text }) => text).join('; ');

/** Pods whose sides differ in the same values are one story. */
function finding(snapshot: NodeSnapshot, deviants: readonly Deviant[]): FindingDraft {
  const pods = deviants.map(({ endpoint }) => snapshot.links.podOf.get(endpoint));
  const names = deviants.map(({ endpoint }, i) => pods[i]?.name ?? endpoint.ipAddresses[0] ?? '');
  const what = whatDiffers(deviants[0]);
  const [pod] = pods;
  return {
    title:
      deviants.length === 1
        ? `HNS and the NIC of pod ${names[0] ?? ''} disagree on ${what}`
        : `HNS and the NICs of pods ${someOf(names, 2)} disagree on ${what}`,
    summary: `${deviants.slice(0, 1).map(valuesOf).join('')}.`,
    cause: 'The endpoint was changed or made anew after the container had started.',
    remedy: [
      {
        text: `Delete ${deviants.length === 1 ? 'the pod' : 'these pods'}, so that endpoint and NIC are made together.`,
        command: kubectlOnPod('delete', pod),
        disturbs: 'The pod restarts.',
        verify: {
          kind: 'observation',
          text: 'Get-HnsEndpoint and ipconfig show the same values for the new pod.',
        },
      },
    ],
    entities: deviants.slice(0, 10).flatMap(({ endpoint, adapter }, i) => {
      const own = pods[i];
      return [endpointRef(endpoint), adapterRef(adapter), ...(own ? [podRef(own)] : [])];
    }),
    evidence: deviants
      .slice(0, 5)
      .flatMap(({ endpoint, adapter, found }) =>
        found.flatMap(({ line, field }) => [
          ...(line ? [line] : adapter.evidence.slice(0, 1)),
          ...fieldEvidence(endpoint, field),
        ]),
      ),
  };
}
