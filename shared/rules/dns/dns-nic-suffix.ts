import { adapterRef, compartmentRef, podRef } from '../../snapshot/entity-ref';
import { kubectlOnPod } from '../commands';
import {
  podAdapters,
  podLabel,
  showsCompartments,
  type PodAdapter,
} from '../outbound/pod-adapters';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { alike } from '../together';
import { clusterDns, clusterDomain } from '../dns-service';
import { someOf } from '../evidence-lines';
import { asksClusterDns } from './pod-dns-policy';

/** All suffixes that lookups of the pod are tried with, lower case. */
function suffixesOf({ adapter, compartment }: PodAdapter): readonly string[] {
  const all = [
    ...adapter.suffixSearchList,
    ...(adapter.dnsSuffix === undefined ? [] : [adapter.dnsSuffix]),
    ...compartment.suffixSearchList,
  ];
  return [...new Set(all.map((suffix) => suffix.toLowerCase()).filter((suffix) => suffix !== ''))];
}

/** What is wrong with the suffixes of a pod; undefined when short names can work. */
function faultOf(nic: PodAdapter, domain: string): string | undefined {
  const suffixes = suffixesOf(nic);
  const own = nic.pod?.namespace?.toLowerCase();
  if (!suffixes.some((suffix) => suffix === domain || suffix.endsWith(`.${domain}`))) {
    return suffixes.length === 0
      ? 'has no DNS suffix'
      : `has no suffix of the cluster (${suffixes.join(', ')})`;
  }
  if (own === undefined || suffixes.includes(`${own}.svc.${domain}`)) return undefined;
  // A static list of win-bridge gives `svc.<domain>` for all; then no namespace is meant.
  if (suffixes.includes(`svc.${domain}`) || suffixes.includes(domain)) return undefined;
  return `has ${suffixes.join(', ')} and not ${own}.svc.${domain}, the suffix of its own namespace`;
}

export const rule: Rule = {
  meta: {
    id: 'DNS-NIC-SUFFIX',
    step: 7,
    symptom: 'dns',
    severity: 'warning',
    title: 'Every pod has DNS suffixes with which short names are found',
    description:
      'Looks at the DNS suffixes of every pod in ip.txt: a suffix of the cluster must be there, and where suffixes of namespaces are given, that of the pod itself.',
    impact: 'Short names such as "web" fail although web.default.svc.cluster.local works.',
    needs: ['compartments'],
    falsePositives:
      'Static CNI settings give only svc.<domain> on purpose, and pods with dnsPolicy Default or None have suffixes of their own; both pass.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#dns-windows',
    ],
  },
  check({ snapshot }) {
    if (!showsCompartments(snapshot)) {
      return notChecked(
        'ip.txt shows the host only: no DNS suffix of a pod is known',
        'compartments',
      );
    }
    const vips = clusterDns(snapshot)?.vips ?? [];
    const domain = clusterDomain(snapshot);
    // A pod that asks another server has other suffixes on purpose, or another check tells of it.
    const nics = podAdapters(snapshot).filter(
      (nic) =>
        nic.adapter.mac !== undefined &&
        nic.adapter.cut !== true &&
        asksClusterDns(nic.pod) !== false &&
        (asksClusterDns(nic.pod) === true ||
          nic.adapter.dnsServers.some((server) => vips.includes(server))),
    );
    if (nics.length === 0) {
      return notChecked(
        'ip.txt shows no pod that uses the DNS service of the cluster',
        'compartments',
      );
    }
    const faulty = nics.flatMap((nic) => {
      const fault = faultOf(nic, domain);
      return fault === undefined ? [] : [{ nic, fault }];
    });
    const findings = alike(faulty, ({ fault }) => fault).map((group) =>
      finding(
        group.map(({ nic }) => nic),
        group[0]?.fault ?? '',
      ),
    );
    return firedOrPassed(
      findings,
      `${nics.length} of ${nics.length} pods have suffixes of ${domain}`,
    );
  },
};

/** Pods with the same fault are one story. */
function finding(nics: readonly PodAdapter[], fault: string): FindingDraft {
  const names = nics.map(({ pod, ip }) => pod?.name ?? ip);
  const [first] = nics;
  const lines = nics.flatMap(
    ({ adapter }) => adapter.lines?.suffix ?? adapter.evidence.slice(0, 1),
  );
  return {
    title: `Short names are not found in ${nics.length === 1 ? `pod ${names[0] ?? ''}` : `pods ${someOf(names, 2)}`}`,
    summary: `${first && nics.length === 1 ? podLabel(first) : `Each of the ${nics.length} pods`} ${fault}.`,
    cause:
      'The Search list of the CNI configuration lacks the suffix, or the plugin does not take the DNS settings of the pod (capability "dns").',
    remedy: [
      {
        text: `Add the suffix to Search in the CNI configuration or turn the "dns" capability on, then recreate the ${nics.length === 1 ? 'pod' : 'pods'}. Until then use full names.`,
        command: kubectlOnPod('delete', first?.pod),
        disturbs: 'The pod restarts.',
        verify: {
          kind: 'command',
          command: 'ipconfig /all',
          shows: 'shows the suffix under Search List of the new pod',
        },
      },
    ],
    entities: nics.flatMap((nic) => [
      adapterRef(nic.adapter),
      compartmentRef(nic.compartment),
      ...(nic.pod ? [podRef(nic.pod)] : []),
    ]),
    evidence: (lines.length > 0 ? lines : (first?.compartment.evidence ?? [])).slice(0, 10),
  };
}
