import { loadBalancerRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { podFamilies } from '../cni/active-config';
import { dnsVips, type DnsVip } from '../dns-service';
import { fieldEvidence, isWholeListing, lineWith, listingEvidence } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import {
  familyOf,
  loadBalancersFor,
  proxyJustStarted,
  readyBackends,
} from '../service-load-balancers';

const PROTOCOLS = [17, 6] as const;
const NAME = { 6: 'TCP', 17: 'UDP' } as const;

export const rule: Rule = {
  meta: {
    id: 'DNS-LB-MISSING',
    step: 7,
    symptom: 'dns',
    severity: 'error',
    title: 'The cluster DNS has load balancers for UDP and TCP',
    description:
      'Pods ask the address of the DNS service on port 53, by UDP first and by TCP for long answers. HNS needs one load balancer for each protocol.',
    impact: 'Without UDP no name resolves on this node; without TCP long answers fail.',
    needs: ['loadBalancers', ['kubeServices', 'kubeletLog', 'cniConfig']],
    compares: ['kubeServices', 'loadBalancers'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'A DNS outside of the cluster or on the node itself has no load balancer: an address counts only when a service or a service prefix holds it. A DNS service without ready pods has none either.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['DNS-DIRECT-OK-VIP-BAD', 'CT-POD-SVCNAME', 'SVC-VFP-LB-MISSING', 'SVC-VFP-3WAY'],
  },
  check({ snapshot }) {
    if (proxyJustStarted(snapshot)) return doesNotApply('kube-proxy had just started');
    const families = podFamilies(snapshot);
    const vips = dnsVips(snapshot).filter(
      (vip) => families.has(familyOf(vip.ip)) && isServed(snapshot, vip),
    );
    if (vips.length === 0)
      return doesNotApply('No address of a cluster DNS with ready pods is known');
    const lost = vips.flatMap((vip) => {
      const missing = missingProtocols(snapshot, vip);
      return missing.length === 0 || mayBeThere(snapshot, vip, missing) ? [] : [{ vip, missing }];
    });
    if (lost.length > 0 && !isWholeListing(snapshot, 'hns-load-balancers')) {
      return notChecked(
        'The list of load balancers is cut; those of DNS may be in the lost part',
        'loadBalancers',
      );
    }
    const untold = vips.find(
      (vip) => missingProtocols(snapshot, vip).length > 0 && !hasOneForEachPort(snapshot, vip),
    );
    if (lost.length === 0 && untold !== undefined) {
      return notChecked(
        `Load balancers of ${untold.ip} are there, but their ports were not collected`,
        'loadBalancers',
      );
    }
    return firedOrPassed(
      lost.map(({ vip, missing }) => finding(snapshot, vip, missing)),
      `${vips.map(({ ip }) => ip).join(', ')} has load balancers on port 53 for UDP and TCP`,
    );
  },
};

/** Does the service have ready pods of the address's family, as far as is known? */
function isServed(snapshot: NodeSnapshot, { ip, service }: DnsVip): boolean {
  if (!service) return true;
  const family = familyOf(ip);
  const backends = service.ports
    .filter(({ port }) => port === 53)
    .map((port) => readyBackends(snapshot, service, port, family));
  return backends.some((ready) => ready === undefined || ready.length > 0);
}

/** Protocols the service has on port 53 (both, where the service is not known) that no load balancer serves. */
function missingProtocols(snapshot: NodeSnapshot, { ip, service }: DnsVip): (6 | 17)[] {
  const wanted = PROTOCOLS.filter(
    (protocol) =>
      !service ||
      service.ports.some((p) => p.port === 53 && p.protocol.toUpperCase() === NAME[protocol]),
  );
  return wanted.filter(
    (protocol) =>
      loadBalancersFor(snapshot, { vip: ip, family: familyOf(ip), port: 53, protocol }).length ===
      0,
  );
}

/** As many load balancers as the service has ports serve all of them, whichever is which. */
const hasOneForEachPort = (snapshot: NodeSnapshot, { ip, service }: DnsVip): boolean =>
  service !== undefined &&
  snapshot.loadBalancers.filter(({ vips }) => vips.includes(ip)).length >= service.ports.length;

/** hnsdiag shows no ports: each such load balancer of the address may be one of those missing. */
function mayBeThere(snapshot: NodeSnapshot, { ip }: DnsVip, missing: readonly (6 | 17)[]): boolean {
  const unknown = snapshot.loadBalancers.filter(
    (lb) => lb.vips.includes(ip) && lb.ports.length === 0,
  ).length;
  return unknown >= missing.length;
}

function finding(
  snapshot: NodeSnapshot,
  { ip, service, source, evidence }: DnsVip,
  missing: readonly (6 | 17)[],
): FindingDraft {
  const names = missing.map((protocol) => NAME[protocol]).join(' and ');
  const others = snapshot.loadBalancers.filter(({ vips }) => vips.includes(ip));
  const udp = missing.includes(17);
  return {
    title: udp
      ? `Names do not resolve on this node: no load balancer for ${ip}:53/UDP`
      : `Long DNS answers fail on this node: no load balancer for ${ip}:53/TCP`,
    summary: `HNS has no load balancer for ${ip} port 53 over ${names} (address by ${source}); ${others.length === 0 ? 'none at all for this address' : `it has ${others.length} other for this address`}.`,
    cause:
      'kube-proxy failed to make it (see "Policy creation failed" in its log), or HNS lost it in a restart and kube-proxy believes that it is still there.',
    remedy: [
      {
        text: 'Start kube-proxy again; it makes the missing load balancer.',
        command: 'Restart-Service kubeproxy',
        disturbs: 'Services of this node may pause until its first sync is done.',
        verify: {
          kind: 'command',
          command: `Resolve-DnsName kubernetes.default.svc.cluster.local -Server ${argument(ip)}`,
          shows: 'answers inside of a pod',
        },
      },
      {
        text: 'If it does not come back, look for the reason in the log.',
        command:
          'Select-String -Path C:\\k\\kubeproxy*.log -Pattern "Policy creation failed","0x803b"',
      },
    ],
    entities: [...(service ? [serviceRef(service)] : []), ...others.map(loadBalancerRef)],
    evidence: [
      ...others.slice(0, 3).flatMap((lb) => lineWith(snapshot, fieldEvidence(lb, 'vips'), ip)),
      ...listingEvidence(snapshot, 'hns-load-balancers').slice(0, others.length === 0 ? 1 : 0),
      ...evidence,
    ],
    severity: udp ? 'error' : 'warning',
  };
}
