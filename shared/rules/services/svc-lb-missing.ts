import type { KubeService } from '../../model/kubernetes';
import { withPort } from '../../model/ip';
import { serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf, isWholeListing, listingEvidence, someOf } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { missingFrontends, proxyJustStarted, type Frontend } from '../service-load-balancers';
import { clusterFrontends } from './wanted-frontends';

/** From here on the services of a node are told of together: HNS or kube-proxy lost them at once. */
const TOGETHER = 5;

export const rule: Rule = {
  meta: {
    id: 'SVC-LB-MISSING',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'Every service has its load balancers in HNS',
    description:
      'For each cluster address, port and protocol of a service with ready backends kube-proxy makes an HNS load balancer. Frontends without one are reported; DNS on port 53 has a check of its own.',
    impact: 'The address of the service does not answer on this node, while it does on others.',
    needs: ['kubeServices', 'kubeEndpoints', 'loadBalancers'],
    compares: ['kubeServices', 'kubeEndpoints', 'loadBalancers'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Headless and ExternalName services, services without ready backends, and those with internalTrafficPolicy Local and no pod here are left out; so is a node whose kube-proxy started within two minutes.',
    references: [
      'https://github.com/kubernetes/kubernetes/issues/110674',
      'https://github.com/kubernetes/kubernetes/issues/135802',
    ],
    explains: ['SVC-VFP-3WAY', 'SVC-VFP-LB-MISSING', 'CT-HOST-SVC-VIP', 'FLOW-POD-SVC'],
  },
  check({ snapshot }) {
    if (proxyJustStarted(snapshot)) return doesNotApply('kube-proxy had just started');
    const frontends = snapshot.cluster.services.flatMap((service) =>
      clusterFrontends(snapshot, service),
    );
    if (frontends.length === 0)
      return doesNotApply('No service has a cluster address with ready backends');
    const missing = missingFrontends(snapshot, frontends);
    const detail = `${frontends.length} of ${frontends.length} frontends of services have a load balancer`;
    if (missing.length === 0) return firedOrPassed([], detail);
    if (!isWholeListing(snapshot, 'hns-load-balancers')) {
      return notChecked(
        'The list of load balancers is cut; missing ones may be in the lost part',
        'loadBalancers',
      );
    }
    const byService = new Map<KubeService, Frontend[]>();
    for (const { frontend } of missing) {
      byService.set(frontend.service, [...(byService.get(frontend.service) ?? []), frontend]);
    }
    const findings =
      byService.size >= TOGETHER
        ? [together(snapshot, [...byService.keys()], missing.length, frontends.length)]
        : [...byService].map(([service, lost]) => finding(snapshot, service, lost));
    return firedOrPassed(findings, detail);
  },
};

const nameOf = (f: Frontend): string =>
  `${withPort(f.vip ?? '', f.port)}/${f.protocol === 6 ? 'TCP' : 'UDP'}`;

const REMEDY: FindingDraft['remedy'] = [
  {
    text: 'Read the errors of kube-proxy for this service, then start it again; it makes all missing load balancers.',
    command:
      'Select-String -Path C:\\k\\kubeproxy*.log -Pattern "Policy creation failed","0x803b"; Restart-Service kubeproxy',
    disturbs: 'Services of this node may pause until its first sync is done.',
    verify: { kind: 'command', command: 'hnsdiag list loadbalancers', shows: 'shows the address' },
  },
];

function finding(
  snapshot: NodeSnapshot,
  service: KubeService,
  lost: readonly Frontend[],
): FindingDraft {
  const names = lost.map(nameOf);
  return {
    title: `Service ${service.name} (${someOf(names, 2)}) does not answer on this node`,
    summary: `HNS has no load balancer for ${someOf(names)}, though ${service.name} has ready backends; it has ${countOf(snapshot.loadBalancers.length, 'load balancer')} in all.`,
    cause:
      'kube-proxy failed to make it (see its log), or HNS lost it in a restart and kube-proxy believes that it is still there.',
    remedy: REMEDY,
    entities: [serviceRef(service)],
    evidence: [
      ...service.evidence.slice(0, 1),
      ...listingEvidence(snapshot, 'hns-load-balancers').slice(0, 1),
    ],
  };
}

function together(
  snapshot: NodeSnapshot,
  services: readonly KubeService[],
  missing: number,
  of: number,
): FindingDraft {
  const none = snapshot.loadBalancers.length === 0;
  return {
    title: `${none ? 'No service answers' : `${services.length} services do not answer`} on this node: ${none ? 'HNS has no load balancers' : 'their load balancers are missing'}`,
    summary: `${missing} of ${of} frontends of services have no load balancer in HNS (${someOf(services.map(({ name }) => name))}); ${countOf(snapshot.loadBalancers.length, 'load balancer')} ${snapshot.loadBalancers.length === 1 ? 'is' : 'are'} there.`,
    cause:
      'kube-proxy does not run or cannot make load balancers, or HNS restarted and lost them under it.',
    remedy: REMEDY,
    entities: services.slice(0, 10).map(serviceRef),
    evidence: [
      ...listingEvidence(snapshot, 'hns-load-balancers').slice(0, 1),
      ...services.slice(0, 5).flatMap(({ evidence }) => evidence.slice(0, 1)),
    ],
  };
}
