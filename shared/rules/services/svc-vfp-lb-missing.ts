import type { HnsLoadBalancer } from '../../model/hns';
import {
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  vfpPortRef,
} from '../../snapshot/entity-ref';
import { vfpLoadBalancing, type LoadBalancerOnPort } from '../../snapshot/vfp-load-balancing';
import { podPortName, podPorts } from '../../snapshot/vfp-ports';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import {
  NETWORK_HEALTH,
  podPortsText,
  recreatePods,
  RESTART_HNS,
  SEED,
  someOf,
} from '../vfp/remedies';

/** More findings than this say nothing more; one that sums up takes their place. */
const MOST_FINDINGS = 20;

interface Gap {
  readonly lb: HnsLoadBalancer;
  readonly without: readonly LoadBalancerOnPort[];
}

export const rule: Rule = {
  meta: {
    id: 'SVC-VFP-LB-MISSING',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'Every load balancer has its rule on every pod port',
    description:
      'HNS programs each load balancer as a VFP rule on the port of every pod of the node. A pod whose port lacks the rule cannot use that service, while others can.',
    impact: 'The pod alone cannot reach the service address: connections time out.',
    needs: ['loadBalancers', 'endpoints', 'vfp'],
    compares: ['loadBalancers', 'endpoints', 'vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Load balancers without backends have no rule, and builds differ in where they put NodePorts; both are left out. Rules are matched by what they match and do, not by name.',
    references: [SEED, NETWORK_HEALTH],
    explains: ['CT-POD-SVCNAME', 'CT-HOST-SVC-VIP', 'FLOW-POD-SVC', 'DNS-DIRECT-OK-VIP-BAD'],
  },
  check({ snapshot }) {
    const join = vfpLoadBalancing(snapshot);
    if (!join) return notChecked('No VFP dump was collected', 'vfp');
    if (podPorts(snapshot).length === 0)
      return doesNotApply('The dump holds no port of a pod of this node');
    if (join.ports.length === 0)
      return notChecked('No pod port was listed completely in the dump', 'vfp');
    if (!join.recognised) {
      return notChecked('No rule of the dump is a load-balancing rule of a known type', 'vfp');
    }
    const judged = snapshot.loadBalancers.filter((lb) => join.coverageOf(lb) !== undefined);
    const gaps = judged.flatMap((lb): Gap[] => {
      const without = join.onPorts(lb).filter((p) => p.absent.length > 0);
      return without.length > 0 ? [{ lb, without }] : [];
    });
    const draft = ({ lb, without }: Gap): FindingDraft => {
      const names = without.map((p) => podPortName(p.port));
      const everywhere = without.length === join.ports.length;
      return {
        title: everywhere
          ? `No pod of this node can reach ${loadBalancerName(lb)}`
          : `${someOf(names, 2)} cannot reach ${loadBalancerName(lb)}`,
        summary: `HNS has the load balancer ${loadBalancerName(lb)}; VFP has no rule for it on ${without.length} of ${podPortsText(join.ports.length)}: ${someOf(names)}.`,
        cause:
          'HNS did not program the load balancer on these ports; the object in HNS looks sound.',
        remedy: [
          ...(everywhere
            ? []
            : [
                recreatePods(
                  snapshot,
                  without.map((p) => p.port),
                ),
              ]),
          RESTART_HNS,
        ],
        entities: [
          loadBalancerRef(lb),
          ...without
            .slice(0, 5)
            .flatMap(({ port: { dump, port, endpoint } }) => [
              vfpPortRef(dump.file, port.index, port.name),
              ...(endpoint ? [endpointRef(endpoint)] : []),
            ]),
        ],
        evidence: [
          ...without.slice(0, 3).map((p) => p.port.port.evidence),
          ...lb.evidence.slice(0, 1),
        ],
      };
    };
    const findings =
      gaps.length > MOST_FINDINGS ? [summed(gaps, judged.length, draft)] : gaps.map(draft);
    return firedOrPassed(
      findings,
      `All ${judged.length} load balancers with backends have their rule on all ${podPortsText(join.ports.length)}`,
    );
  },
};

/** One finding for a node whose load balancing was not programmed at large. */
function summed(
  gaps: readonly Gap[],
  judged: number,
  draft: (gap: Gap) => FindingDraft,
): FindingDraft {
  const [first] = gaps;
  const names = [...new Set(gaps.flatMap((gap) => gap.without.map((p) => podPortName(p.port))))];
  const sample = first ? draft(first) : undefined;
  return {
    title: `${gaps.length} of ${judged} services cannot be reached from pods of this node`,
    summary: `VFP lacks the rules of ${gaps.length} load balancers on ${podPortsText(names.length)}: ${someOf(names)}. The first is ${first ? loadBalancerName(first.lb) : ''}.`,
    cause: 'HNS did not program its load balancers on these ports; the objects in HNS look sound.',
    remedy: [RESTART_HNS],
    entities: gaps.slice(0, 10).map(({ lb }) => loadBalancerRef(lb)),
    evidence: sample?.evidence ?? [],
  };
}
