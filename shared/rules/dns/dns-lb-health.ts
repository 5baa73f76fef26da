import { errorMeaning, errorText } from '../../model/error-codes';
import { loadBalancerName, loadBalancerRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { dnsVips } from '../dns-service';
import { fieldEvidence } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'DNS-LB-HEALTH',
    step: 7,
    symptom: 'dns',
    severity: 'warning',
    title: 'The DNS load balancers report no error',
    description:
      'HNS keeps the result of the last operation on each load balancer (Health.LastErrorCode). For those of the DNS service it must be 0.',
    impact: 'The load balancer may not be programmed as listed; names may not resolve.',
    needs: ['loadBalancers', ['kubeServices', 'kubeletLog', 'cniConfig']],
    falsePositives: 'The code may be of an old operation that was repeated with success.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
  },
  check({ snapshot }) {
    const vips = new Set(dnsVips(snapshot).map(({ ip }) => ip));
    const own = snapshot.loadBalancers.filter((lb) => lb.vips.some((vip) => vips.has(vip)));
    if (own.length === 0) return doesNotApply('HNS lists no load balancer of the cluster DNS');
    const known = own.flatMap((lb) =>
      lb.health === undefined ? [] : [{ lb, code: lb.health.lastErrorCode }],
    );
    if (known.length === 0)
      return notChecked('The listing does not show the health of load balancers', 'loadBalancers');
    const findings = known
      .filter(({ code }) => code !== 0)
      .map(({ lb, code }) => {
        const meaning = errorMeaning(code);
        return {
          title: `The DNS load balancer ${loadBalancerName(lb)} reports ${errorText(code)}`,
          summary: `The last operation on it ended with ${meaning ? `${meaning.hex}, ${meaning.symbol}: ${meaning.meaning}` : `code ${code}`}.`,
          cause:
            meaning?.usualCause === undefined
              ? 'HNS could not finish the last change of this load balancer.'
              : `Usually: ${meaning.usualCause}.`,
          remedy: [
            {
              text: 'Delete it and start kube-proxy again, which makes it anew.',
              command: `hnsdiag delete loadbalancers ${argument(lb.id)}; Restart-Service kubeproxy`,
              disturbs: 'Names may not resolve on this node until kube-proxy has synced.',
              verify: {
                kind: 'observation' as const,
                text: 'Health.LastErrorCode of the new load balancer is 0',
              },
            },
          ],
          entities: [loadBalancerRef(lb)],
          evidence: fieldEvidence(lb, 'health'),
        };
      });
    return firedOrPassed(
      findings,
      `${known.length} of ${known.length} DNS load balancers report success`,
    );
  },
};
