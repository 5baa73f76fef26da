import { fired, notChecked, passed, type Rule } from '../rule';
import { lookupsOf, lookupText, unanswered } from './lookups';

export const rule: Rule = {
  meta: {
    id: 'DNS-DIRECT-OK-VIP-BAD',
    step: 7,
    symptom: 'dns',
    severity: 'error',
    title: 'The DNS service answers where a DNS pod does',
    description:
      'Compares two lookups from inside of a pod: one straight at a DNS pod, one at the address of the DNS service. If only the first is answered, load balancing is at fault, not DNS.',
    impact: 'Pods of this node resolve no names, although DNS itself is healthy.',
    needs: ['dnsLookups'],
    falsePositives: 'None known. Lookups made on the node itself are not used.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/hcsshim/issues/994',
    ],
  },
  check({ snapshot }) {
    const { direct, viaVip } = lookupsOf(snapshot);
    if (viaVip?.ok === true) return passed(`The DNS service answered: ${lookupText(viaVip)}`);
    if (!direct || !viaVip) {
      return notChecked(
        'Needs a lookup at a DNS pod and one at the DNS service, both from inside of a pod',
        'dnsLookups',
      );
    }
    if (!direct.ok) return passed('The DNS pod does not answer either; see the check of DNS pods');
    if (!unanswered(viaVip))
      return passed(`The DNS service answered that the name is not there: ${lookupText(viaVip)}`);
    return fired({
      title:
        'DNS works at the DNS pod and not through its service: load balancing of DNS is broken',
      summary: `${lookupText(direct)}. ${lookupText(viaVip)}.`,
      cause:
        'The load balancer of the DNS service lacks UDP or TCP port 53, has dead backends, or is not programmed on the port of the pod. The services and DNS checks of step 7 tell which.',
      remedy: [
        {
          text: 'Restart kube-proxy, so that the load balancers of DNS are made anew.',
          command: 'Restart-Service kubeproxy',
          disturbs: 'Connections through services break for a moment.',
          verify: {
            kind: 'command',
            command: 'Resolve-DnsName kubernetes.default.svc.cluster.local',
            shows: 'answers inside of a pod',
          },
        },
      ],
      entities: [],
      evidence: [...viaVip.evidence, ...direct.evidence],
    });
  },
};
