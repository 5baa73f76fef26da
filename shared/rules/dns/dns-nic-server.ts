import { adapterRef, compartmentRef, podRef } from '../../snapshot/entity-ref';
import {
  podAdapters,
  podLabel,
  showsCompartments,
  type PodAdapter,
} from '../outbound/pod-adapters';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { clusterDns } from '../dns-service';
import { asksClusterDns } from './pod-dns-policy';

export const rule: Rule = {
  meta: {
    id: 'DNS-NIC-SERVER',
    step: 7,
    symptom: 'dns',
    severity: 'error',
    title: 'Every pod asks the DNS service of the cluster',
    description:
      'Looks for the address of the DNS service among the DNS Servers of every pod in ip.txt. The address comes from the service, the kubelet, the CNI configuration or the load balancer for port 53.',
    impact: 'Names of services and pods are not found.',
    needs: ['compartments', ['kubeServices', 'cniConfig', 'loadBalancers', 'kubeletLog']],
    compares: ['kubeServices', 'compartments'],
    falsePositives:
      'Pods with dnsPolicy Default or None ask other servers on purpose. Where the policy of a pod is not known, the finding is a warning.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    ],
    explains: ['DNS-BOTH-BAD', 'DNS-EXTERNAL-ONLY', 'OUT-IP-CONSISTENT'],
    explainsBySameLine: ['OUT-IP-CONSISTENT'],
  },
  check({ snapshot }) {
    const dns = clusterDns(snapshot);
    if (!dns) return notChecked('The address of the DNS service is not known', 'kubeServices');
    if (!showsCompartments(snapshot)) {
      return notChecked(
        'ip.txt shows the host only: no DNS server of a pod is known',
        'compartments',
      );
    }
    // Only `/all` prints DNS servers, and with them the MAC.
    const nics = podAdapters(snapshot).filter(
      (nic) =>
        nic.adapter.mac !== undefined &&
        !(nic.adapter.cut === true && nic.adapter.dnsServers.length === 0),
    );
    if (nics.length === 0)
      return notChecked('ip.txt shows no pod with its DNS servers', 'compartments');
    const own = nics.filter((nic) => asksClusterDns(nic.pod) === false);
    const wrong = nics.filter(
      (nic) =>
        asksClusterDns(nic.pod) !== false &&
        !nic.adapter.dnsServers.some((server) => dns.vips.includes(server)),
    );
    const groups = new Map<string, PodAdapter[]>();
    for (const nic of wrong) {
      const key = nic.adapter.dnsServers.join(', ');
      groups.set(key, [...(groups.get(key) ?? []), nic]);
    }
    const findings = [...groups].map(([servers, group]): FindingDraft => {
      const [first] = group;
      const who =
        group.length === 1 && first ? podLabel(first) : `${group.length} of ${nics.length} pods`;
      return {
        severity: group.some((nic) => asksClusterDns(nic.pod) === true) ? 'error' : 'warning',
        title: `${group.length === 1 && first ? `Pod ${first.ip} does` : `${group.length} pods do`} not ask the DNS service of the cluster`,
        summary: `${who}: DNS servers ${servers === '' ? 'none' : servers}. The DNS service is ${dns.vips.join(', ')} by ${dns.source}.`,
        cause:
          'The CNI configuration names another server, or --cluster-dns of the kubelet does; the NIC got what was set when the pod started.',
        remedy: [
          {
            text: 'Correct the Nameservers of the CNI configuration or --cluster-dns of the kubelet, then recreate the pods.',
            command: 'kubectl delete pod <pod>',
            disturbs: 'The pods restart.',
            verify: {
              kind: 'command',
              command: 'ipconfig /all',
              shows: `shows ${dns.vips[0] ?? ''} under DNS Servers of a new pod`,
            },
          },
        ],
        entities: group.flatMap((nic) => [
          adapterRef(nic.adapter),
          compartmentRef(nic.compartment),
          ...(nic.pod ? [podRef(nic.pod)] : []),
        ]),
        evidence: [
          ...group.map(({ adapter }) => adapter.lines?.dns ?? adapter.evidence[0]),
          ...dns.evidence,
        ].filter((e) => e !== undefined),
      };
    });
    const except = own.length === 0 ? '' : `; ${own.length} with DNS settings of their own`;
    return firedOrPassed(
      findings,
      `${nics.length - own.length} of ${nics.length} pods ask ${dns.vips.join(', ')}${except}`,
    );
  },
};
