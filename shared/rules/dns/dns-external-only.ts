import { fired, notChecked, passed, type Rule } from '../rule';
import { lookupsOf, lookupText } from './lookups';

export const rule: Rule = {
  meta: {
    id: 'DNS-EXTERNAL-ONLY',
    step: 7,
    symptom: 'dns',
    severity: 'warning',
    title: 'Names outside of the cluster are found where names of the cluster are',
    description:
      'Compares lookups from inside of a pod for a name of the cluster and for a name outside of it. If only the latter fails, the DNS pods cannot ask further.',
    impact: 'Pods reach services by name but nothing on the internet or in the company network.',
    needs: ['dnsLookups'],
    falsePositives: 'Sites without internet access.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
  },
  check({ snapshot }) {
    const { direct, viaVip, external } = lookupsOf(snapshot);
    // An outside name goes through the service: a direct answer of a DNS pod is no comparison for it.
    const compared = viaVip ?? direct;
    const inside = compared?.ok === true ? compared : undefined;
    if (!external) {
      return notChecked(
        'No name outside of the cluster was looked up from inside of a pod',
        'dnsLookups',
      );
    }
    if (external.ok) return passed(`An outside name was found: ${lookupText(external)}`);
    if (!inside) {
      return viaVip || direct
        ? passed('Names of the cluster are not found either; other checks tell of it')
        : notChecked('No name of the cluster was looked up from inside of a pod', 'dnsLookups');
    }
    return fired({
      title: 'Only names outside of the cluster fail: the DNS pods cannot ask further',
      summary: `${lookupText(inside)}. ${lookupText(external)}.`,
      cause:
        'CoreDNS forwards to a server that does not answer, or the node of the DNS pods has no way out.',
      remedy: [
        {
          text: 'Look at the forward line of CoreDNS and at its log.',
          command:
            'kubectl -n kube-system get configmap coredns -o yaml; kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50',
          disturbs: 'Nothing.',
          verify: {
            kind: 'command',
            command: 'Resolve-DnsName www.microsoft.com',
            shows: 'answers inside of a pod',
          },
        },
      ],
      entities: [],
      evidence: [...external.evidence, ...inside.evidence],
    });
  },
};
