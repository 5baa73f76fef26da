import { serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { isWholeListing, lineWith, listingEvidence } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { missingFrontends, proxyJustStarted, type Frontend } from '../service-load-balancers';
import { nodePortFrontends } from './wanted-frontends';

export const rule: Rule = {
  meta: {
    id: 'SVC-NODEPORT-NOLB',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'Every NodePort has its load balancer in HNS',
    description:
      "For each NodePort kube-proxy makes an HNS load balancer without a VIP (or with the node's own address) and the node port as external port. NodePorts without one are reported.",
    impact:
      'The port does not answer on this node; outside load balancers lose a share of the connections.',
    needs: ['kubeServices', 'kubeEndpoints', 'loadBalancers'],
    compares: ['kubeServices', 'kubeEndpoints', 'loadBalancers'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'A service with externalTrafficPolicy Local and no pod on this node has none by design and is left out.',
    references: [
      'https://github.com/kubernetes/kubernetes/blob/master/pkg/proxy/winkernel/proxier.go',
    ],
    explains: ['SVC-VFP-NODEPORT', 'CT-REMOTE-NODEPORT', 'CT-LOCAL-NODEPORT'],
  },
  check({ snapshot }) {
    if (proxyJustStarted(snapshot)) return doesNotApply('kube-proxy had just started');
    const frontends = nodePortFrontends(snapshot);
    if (frontends.length === 0)
      return doesNotApply('No NodePort has ready backends that this node serves');
    const missing = missingFrontends(snapshot, frontends);
    if (missing.length > 0 && !isWholeListing(snapshot, 'hns-load-balancers')) {
      return notChecked(
        'The list of load balancers is cut; missing ones may be in the lost part',
        'loadBalancers',
      );
    }
    return firedOrPassed(
      missing.map(({ frontend }) => finding(snapshot, frontend)),
      `${frontends.length} of ${frontends.length} NodePorts have their load balancer`,
    );
  },
};

function finding(
  snapshot: NodeSnapshot,
  { service, family, port, protocol }: Frontend,
): FindingDraft {
  const name = `${port}/${protocol === 6 ? 'TCP' : 'UDP'}${family === 6 ? ' (IPv6)' : ''}`;
  return {
    title: `NodePort ${name} of service ${service.name} does not answer on this node`,
    summary: `HNS has no load balancer for external port ${port} without a VIP, though ${service.name} has ready backends.`,
    cause:
      'kube-proxy could not make it: the port is in an excluded range or used by another program (0x803b0013 in its log), or HNS lost it in a restart.',
    remedy: [
      {
        text: 'See whether the port is excluded or in use, then start kube-proxy again.',
        command: `netsh int ipv4 show excludedportrange ${protocol === 6 ? 'tcp' : 'udp'}; Get-NetTCPConnection -LocalPort ${port} -ErrorAction SilentlyContinue; Restart-Service kubeproxy`,
        disturbs: 'Services of this node may pause until its first sync is done.',
        verify: {
          kind: 'command',
          command: `Test-NetConnection <node address> -Port ${port}`,
          shows: 'succeeds on another machine',
        },
      },
    ],
    entities: [serviceRef(service)],
    evidence: [
      ...lineWith(snapshot, service.evidence.slice(0, 1), String(port), 60),
      ...listingEvidence(snapshot, 'hns-load-balancers').slice(0, 1),
    ],
  };
}
