import type { Evidence } from '../../model/evidence';
import type { HnsEndpoint } from '../../model/hns';
import type { KubePod } from '../../model/kubernetes';
import { adapterRef, cniConfigRef, endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { endpointConfig } from '../cni/active-config';
import { countOf, fieldEvidence, lineWith, someOf } from '../evidence-lines';
import { podEndpoints, podNameOf, podOf } from '../pod-endpoints';
import { asksClusterDns } from './pod-dns-policy';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { alike } from '../together';

export const rule: Rule = {
  meta: {
    id: 'DNS-SUFFIX-3WAY',
    step: 7,
    symptom: 'dns',
    severity: 'warning',
    title: 'CNI, HNS and vNIC have the same DNS suffixes',
    description:
      'The search list goes from the CNI configuration into the HNS endpoint and from there into the vNIC of the pod. The configured list must be contained in the next one, in order.',
    impact:
      'Short names of services do not resolve in the pod; the hop that lost the suffix is named.',
    needs: ['endpoints', ['cniConfig', 'compartments']],
    falsePositives:
      "The runtime puts the pod's own namespace in front and may add the cluster domain; additions do not count. Where the dns capability is on, pods with dnsPolicy Default or None have lists of their own.",
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['DNS-NIC-SUFFIX'],
    explainsBySameLine: ['DNS-NIC-SUFFIX'],
  },
  check({ snapshot }) {
    const shown = podEndpoints(snapshot).filter(({ dnsSuffixes }) => dnsSuffixes.length > 0);
    if (shown.length === 0)
      return notChecked('No endpoint of a pod shows its DNS suffixes', 'endpoints');
    const followCni = shown.filter((endpoint) => !hasOwnList(snapshot, endpoint));
    const lost = followCni.filter(
      (endpoint) => lostSuffixes(configured(snapshot), endpoint.dnsSuffixes).length > 0,
    );
    // A pod that was not collected may ask for a list of its own; all of them do not.
    const fromCni =
      lost.length === followCni.length
        ? lost
        : lost.filter((endpoint) => asksClusterDns(snapshot.links.podOf.get(endpoint)) === true);
    const views = shown.flatMap((endpoint) => {
      const nic = nicSuffixes(snapshot, endpoint);
      return nic ? [{ endpoint, nic }] : [];
    });
    const fromHns = views.filter(({ endpoint, nic }) => lostOnNic(endpoint, nic).length > 0);
    const findings = [
      ...(fromCni.length > 0 ? [cniFinding(snapshot, fromCni, followCni.length)] : []),
      ...alike(fromHns, ({ endpoint, nic }) =>
        JSON.stringify([endpoint.dnsSuffixes, shownBy(nic)]),
      ).map((group) => nicFinding(snapshot, group)),
    ];
    return firedOrPassed(
      findings,
      `Suffixes of ${shown.length} pod endpoints agree with the CNI, and ${views.length} of them with their vNIC`,
    );
  },
};

/**
 * With the dns capability the runtime hands each pod the list that its policy asks for, and Default
 * or None asks for another than the configuration holds.
 */
const hasOwnList = (snapshot: NodeSnapshot, endpoint: HnsEndpoint): boolean =>
  asksClusterDns(snapshot.links.podOf.get(endpoint)) === false &&
  endpointConfig(snapshot)?.config.plugins.some(({ dnsCapability }) => dnsCapability) === true;

const normal = (suffix: string): string => suffix.trim().toLowerCase().replace(/\.$/, '');

/** Suffixes of `wanted` that `has` does not hold, or not in the same order. */
function lostSuffixes(wanted: readonly string[], has: readonly string[]): string[] {
  const list = has.map(normal);
  let from = 0;
  return wanted.map(normal).filter((suffix) => {
    const at = list.indexOf(suffix, from);
    if (at < 0) return true;
    from = at + 1;
    return false;
  });
}

/** The search list of the CNI configuration; none where it leaves DNS to the runtime. */
function configured(snapshot: NodeSnapshot): string[] {
  const search = endpointConfig(snapshot)?.plugin.dnsSearch ?? [];
  return search.flatMap(({ value }) => value.split(',')).filter((value) => value.trim() !== '');
}

interface Nic {
  /** The list of the adapter or of its compartment; empty when only the connection suffix is shown. */
  readonly list: readonly string[];
  readonly suffix: string | undefined;
  readonly evidence: readonly Evidence[];
  /** The one line of its suffix. */
  readonly line: Evidence | undefined;
  readonly ref: ReturnType<typeof adapterRef>;
}

function nicSuffixes(snapshot: NodeSnapshot, endpoint: HnsEndpoint): Nic | undefined {
  const place = snapshot.links.adapterOf.get(endpoint);
  const adapter = place?.compartment.adapters[place.adapterIndex];
  if (!place || !adapter || place.compartment.id === 1 || adapter.cut === true) return undefined;
  const split = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => text.split(/[,\s]+/)).filter((text) => text !== '');
  const own = split(adapter.suffixSearchList);
  return {
    list: own.length > 0 ? own : split(place.compartment.suffixSearchList),
    suffix: split(adapter.dnsSuffix === undefined ? [] : [adapter.dnsSuffix])[0],
    evidence: adapter.evidence.slice(0, 1),
    line: adapter.lines?.suffix,
    ref: adapterRef(adapter),
  };
}

/** The vNIC shows a whole list, or only the suffix of the connection: then that must be one of the endpoint's. */
function lostOnNic({ dnsSuffixes }: HnsEndpoint, { list, suffix }: Nic): string[] {
  const all = [
    ...list,
    ...(suffix === undefined || list.map(normal).includes(normal(suffix)) ? [] : [suffix]),
  ];
  if (all.length === 0) return [...dnsSuffixes];
  if (list.length <= 1) {
    // Older Windows keeps only one suffix a connection.
    return all.some((has) => dnsSuffixes.map(normal).includes(normal(has))) ? [] : [...dnsSuffixes];
  }
  return lostSuffixes(dnsSuffixes, all);
}

const remedyFor = (pod: KubePod | undefined): FindingDraft['remedy'] => [
  {
    text: 'Make the pod anew; the suffixes are handed on when the endpoint and the vNIC are made.',
    command: kubectlOnPod('delete', pod),
    disturbs: 'The pod is replaced.',
    verify: {
      kind: 'command',
      command: 'ipconfig /all',
      shows: 'shows in the pod the suffixes of the CNI configuration',
    },
  },
];

function cniFinding(
  snapshot: NodeSnapshot,
  endpoints: readonly HnsEndpoint[],
  of: number,
): FindingDraft {
  const wanted = configured(snapshot);
  const has = endpoints[0]?.dnsSuffixes ?? [];
  const lost = lostSuffixes(wanted, has);
  const names = endpoints.map((endpoint) => podNameOf(snapshot, endpoint));
  const cni = endpointConfig(snapshot);
  return {
    title: `${someOf(names, 2)} ${endpoints.length === 1 ? 'lacks' : 'lack'} the DNS suffix ${someOf(lost)} of the CNI configuration`,
    summary: `${countOf(endpoints.length, 'endpoint')} of ${of} in HNS ${endpoints.length === 1 ? 'has' : 'have'} ${has.join(', ')}; the CNI configuration says ${wanted.join(', ')}. The suffix is lost between CNI and HNS.`,
    cause:
      'The pods were made before the configuration was edited, or the runtime handed on other DNS settings.',
    remedy: remedyFor(podOf(snapshot, endpoints[0])),
    entities: [
      ...endpoints.slice(0, 10).map(endpointRef),
      ...(cni ? [cniConfigRef(cni.config)] : []),
    ],
    evidence: [
      ...endpoints
        .slice(0, 6)
        .flatMap((endpoint) =>
          lineWith(snapshot, fieldEvidence(endpoint, 'dnsSuffix'), has[0] ?? ''),
        ),
      ...(cni?.plugin.dnsSearch ?? []).slice(0, 2).map(({ evidence }) => evidence),
    ],
  };
}

const shownBy = (nic: Nic): string[] => [
  ...new Set([...nic.list, ...(nic.suffix === undefined ? [] : [nic.suffix])]),
];

/** Pods that lost the same are one story. */
function nicFinding(
  snapshot: NodeSnapshot,
  group: readonly { readonly endpoint: HnsEndpoint; readonly nic: Nic }[],
): FindingDraft {
  const names = group.map(({ endpoint }) => podNameOf(snapshot, endpoint));
  const [first] = group;
  const shown = first ? shownBy(first.nic) : [];
  const one = group.length === 1;
  return {
    title: `The ${one ? 'vNIC' : 'vNICs'} of ${someOf(names, 2)} ${one ? 'lacks' : 'lack'} the DNS suffix ${first ? someOf(lostOnNic(first.endpoint, first.nic)) : ''}`,
    summary: `HNS has ${first?.endpoint.dnsSuffixes.join(', ') ?? ''} for the ${one ? 'endpoint' : `${group.length} endpoints`}, the ${one ? 'vNIC shows' : 'vNICs show'} ${shown.length === 0 ? 'none' : shown.join(', ')}. The suffix is lost between HNS and the vNIC.`,
    cause: 'The vNIC was made with other settings, or they were changed in the pod.',
    remedy: remedyFor(podOf(snapshot, first?.endpoint)),
    entities: group.slice(0, 10).flatMap(({ endpoint, nic }) => [endpointRef(endpoint), nic.ref]),
    evidence: group
      .slice(0, 5)
      .flatMap(({ endpoint, nic }) => [
        ...(nic.line ? [nic.line] : lineWith(snapshot, nic.evidence, shown[0] ?? 'DNS Suffix')),
        ...fieldEvidence(endpoint, 'dnsSuffix'),
      ]),
  };
}
