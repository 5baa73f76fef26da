import { fired, notChecked, passed, type Rule } from '../rule';
import { lookupsOf, lookupText, unanswered } from './lookups';

export const rule: Rule = {
  meta: {
    id: 'DNS-BOTH-BAD',
    step: 7,
    symptom: 'dns',
    severity: 'error',
    title: 'DNS pods answer pods of this node',
    description:
      'Compares two lookups from inside of a pod: one straight at a DNS pod, one at the address of the DNS service. If none is answered, the DNS pods are out of reach and DNS is only where it shows.',
    impact:
      'Pods of this node resolve no names, and reach no pods on the node of the DNS pods either.',
    needs: ['dnsLookups'],
    falsePositives: 'A network policy or the firewall of the Linux node may block port 53 only.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
  },
  check({ snapshot }) {
    const { direct, viaVip } = lookupsOf(snapshot);
    if (direct?.ok === true) return passed(`A DNS pod answered: ${lookupText(direct)}`);
    if (viaVip?.ok === true) return passed(`The DNS service answered: ${lookupText(viaVip)}`);
    if (!direct || !viaVip) {
      return notChecked(
        'Needs a lookup at a DNS pod and one at the DNS service, both from inside of a pod',
        'dnsLookups',
      );
    }
    if (!unanswered(direct) || !unanswered(viaVip))
      return passed('A server answered that the name is not there');
    return fired({
      title: 'DNS pods do not answer pods of this node, not even by their own address',
      summary: `${lookupText(direct)}. ${lookupText(viaVip)}.`,
      cause:
        'Pods of this node do not reach the node of the DNS pods, or the DNS pods are down. The inter-node checks of step 7 tell which.',
      remedy: [
        {
          text: 'See whether the DNS pods are ready, then follow the inter-node path to their node.',
          command: 'kubectl get pods -n kube-system -l k8s-app=kube-dns -o wide',
          disturbs: 'Nothing.',
          verify: {
            kind: 'command',
            command: 'Resolve-DnsName kubernetes.default.svc.cluster.local -Server <DNS pod>',
            shows: 'answers inside of a pod',
          },
        },
      ],
      entities: [],
      evidence: [...direct.evidence, ...viaVip.evidence],
    });
  },
};
