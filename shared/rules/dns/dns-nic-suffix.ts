import { adapterRef, compartmentRef, podRef } from '../../snapshot/entity-ref';
import {
  podAdapters,
  podLabel,
  showsCompartments,
  type PodAdapter,
} from '../outbound/pod-adapters';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { clusterDns, clusterDomain } from '../dns-service';
import { hasOwnDns } from './pod-dns-policy';

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
        hasOwnDns(nic) !== true &&
        (hasOwnDns(nic) === false ||
          nic.adapter.dnsServers.some((server) => vips.includes(server))),
    );
    if (nics.length === 0) {
      return notChecked(
        'ip.txt shows no pod that uses the DNS service of the cluster',
        'compartments',
      );
    }
    const findings = nics.flatMap((nic): FindingDraft[] => {
      const fault = faultOf(nic, domain);
      if (fault === undefined) return [];
      const line = nic.adapter.lines?.suffix ?? nic.adapter.evidence[0];
      return [
        {
          title: `Short names are not found in pod ${nic.pod?.name ?? nic.ip}`,
          summary: `${podLabel(nic)} ${fault}.`,
          cause:
            'The Search list of the CNI configuration lacks the suffix, or the plugin does not take the DNS settings of the pod (capability "dns").',
          remedy: [
            {
              text: 'Add the suffix to Search in the CNI configuration or turn the "dns" capability on, then recreate the pod. Until then use full names.',
              command: `kubectl delete pod ${nic.pod?.name ?? '<pod>'}`,
              disturbs: 'The pod restarts.',
              verify: {
                kind: 'command',
                command: 'ipconfig /all',
                shows: 'shows the suffix under Search List of the new pod',
              },
            },
          ],
          entities: [
            adapterRef(nic.adapter),
            compartmentRef(nic.compartment),
            ...(nic.pod ? [podRef(nic.pod)] : []),
          ],
          evidence: line ? [line] : nic.compartment.evidence,
        },
      ];
    });
    return firedOrPassed(
      findings,
      `${nics.length} of ${nics.length} pods have suffixes of ${domain}`,
    );
  },
};
