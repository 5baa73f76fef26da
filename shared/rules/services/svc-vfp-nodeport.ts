import type { HnsLoadBalancer } from '../../model/hns';
import { withPort } from '../../model/ip';
import {
  loadBalancerName,
  loadBalancerRef,
  serviceRef,
  vfpRuleRef,
} from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { vfpLoadBalancing, type VfpLoadBalancing } from '../../snapshot/vfp-load-balancing';
import { wasListed } from '../../snapshot/vfp-ports';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { RESTART_HNS, SEED, someOf } from '../vfp/remedies';

/** DIPs that VFP has for a NodePort on any port of the node. */
function inVfp(join: VfpLoadBalancing, lb: HnsLoadBalancer): { rules: number; dips: Set<string> } {
  const found = join.frontends(lb).flatMap((frontend) => join.rulesFor(frontend));
  const dips = found.flatMap(({ dump, bodyId }) => dump.body(bodyId).dips.map((dip) => dip.ip));
  return { rules: found.length, dips: new Set(dips) };
}

/** Was every port of the dumps listed to its end? Else a rule may be where the dump does not show it. */
const allListed = (snapshot: NodeSnapshot): boolean =>
  snapshot.vfp.every((dump) => dump.ports.length > 0 && dump.ports.every(wasListed));

export const rule: Rule = {
  meta: {
    id: 'SVC-VFP-NODEPORT',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'Every NodePort has its VFP rule on the node address',
    description:
      'A NodePort is a load balancer without a VIP. VFP must hold a load-balancing rule for the address of the node and that port, with the backends of the load balancer.',
    impact: 'The NodePort of this node answers nobody, or only some of its backends are used.',
    needs: ['loadBalancers', 'endpoints', 'vfp'],
    compares: ['loadBalancers', 'endpoints', 'vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'With externalTrafficPolicy Local only local backends are listed: backends are compared with the load balancer of HNS, not with the ClusterIP. Names of rules do not matter.',
    references: [SEED],
    explains: ['CT-REMOTE-NODEPORT', 'CT-LOCAL-NODEPORT'],
  },
  check({ snapshot }) {
    const join = vfpLoadBalancing(snapshot);
    if (!join) return notChecked('No VFP dump was collected', 'vfp');
    const nodePorts = snapshot.loadBalancers.filter((lb) => lb.vips.length === 0);
    if (nodePorts.length === 0) return doesNotApply('HNS has no load balancer for a NodePort');
    const judged = nodePorts.filter(
      (lb) => join.frontends(lb).length > 0 && join.expected(lb).dips.length > 0,
    );
    if (judged.length === 0) {
      return notChecked(
        'The address of the node or the backends of the NodePorts are not known',
        'networks',
      );
    }
    if (!join.recognised || !allListed(snapshot)) {
      return notChecked(
        'Not every port of the dump was listed to its end, so a rule may not be shown',
        'vfp',
      );
    }
    const findings: FindingDraft[] = [];
    for (const lb of judged) {
      const { rules, dips } = inVfp(join, lb);
      const missing = join.expected(lb).dips.filter((dip) => !dips.has(dip.ip));
      if (rules > 0 && missing.length === 0) continue;
      const [frontend] = join.frontends(lb);
      const service = snapshot.links.serviceOf.get(lb)?.service;
      const where = frontend ? withPort(frontend.ip, frontend.port) : loadBalancerName(lb);
      const rule = frontend && join.rulesFor(frontend)[0];
      const index = rule?.dump.rulesOfBody(rule.bodyId)[0];
      findings.push({
        title:
          rules === 0
            ? `${loadBalancerName(lb)} does not answer on this node`
            : `${loadBalancerName(lb)} lacks backends on this node`,
        summary:
          rules === 0
            ? `HNS has a load balancer for ${where}${service ? ` (service ${service.name})` : ''}; no port of the node has a VFP rule for it.`
            : `The VFP rules for ${where} lack ${someOf(missing.map((dip) => dip.ip))}.`,
        cause: 'HNS did not carry the load balancer, or its last change, to VFP.',
        remedy: [RESTART_HNS],
        entities: [
          loadBalancerRef(lb),
          ...(service ? [serviceRef(service)] : []),
          ...(rule && index !== undefined
            ? [vfpRuleRef(rule.dump.file, index, rule.dump.body(rule.bodyId).name)]
            : []),
        ],
        evidence: [
          ...(rule && index !== undefined ? [rule.dump.rule(index).evidence] : []),
          ...lb.evidence.slice(0, 1),
        ],
      });
    }
    return firedOrPassed(
      findings,
      `${judged.length} of ${nodePorts.length} NodePorts have a VFP rule with all their backends`,
    );
  },
};
