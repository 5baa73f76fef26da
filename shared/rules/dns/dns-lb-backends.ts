import type { HnsLoadBalancer } from '../../model/hns';
import type { KubeService } from '../../model/kubernetes';
import {
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  serviceRef,
} from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { dnsServices } from '../dns-service';
import { fieldEvidence, isWholeListing, lineWith, someOf } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import {
  familyOf,
  isFresh,
  loadBalancersFor,
  protocolOf,
  readyBackends,
} from '../service-load-balancers';

export const rule: Rule = {
  meta: {
    id: 'DNS-LB-BACKENDS',
    step: 7,
    symptom: 'dns',
    severity: 'error',
    title: 'The DNS load balancers send to the DNS pods',
    description:
      'The backends of the load balancers on port 53 of the DNS service are compared with the ready addresses of its endpoint slices, one by one.',
    impact: 'Lookups time out: all of them when no backend is right, now and then when some are.',
    needs: ['loadBalancers', 'endpoints', 'kubeServices', 'kubeEndpoints'],
    compares: ['kubeServices', 'kubeEndpoints', 'loadBalancers', 'endpoints'],
    falsePositives:
      'While DNS pods are being replaced the two differ for a moment; pods younger than two minutes are left out. A backend that is only missing is a warning.',
    references: ['https://github.com/kubernetes/kubernetes/issues/100126'],
    explains: [
      'DNS-DIRECT-OK-VIP-BAD',
      'CT-POD-SVCNAME',
      'SVC-LB-BACKENDS',
      'HNS-REMOTE-EP-STALE',
      'SVC-VFP-3WAY',
    ],
  },
  check({ snapshot }) {
    const services = dnsServices(snapshot);
    const compared = services.flatMap((service) => compare(snapshot, service));
    if (compared.length === 0)
      return doesNotApply('No load balancer of the DNS service with ready pods is known');
    const wrong = compared.filter(
      ({ stale, missing, dead }) => stale.length + missing.length + dead.length > 0,
    );
    if (wrong.length > 0 && wrong.every(({ unknown }) => unknown)) {
      return notChecked(
        'The endpoints of the DNS load balancers are not in the list, which is cut',
        'endpoints',
      );
    }
    const groups = new Map<string, Compared[]>();
    for (const item of wrong.filter(({ unknown }) => !unknown)) {
      const key = [item.service.name, ...item.stale, '|', ...item.missing, '|', ...item.dead].join(
        ' ',
      );
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return firedOrPassed(
      [...groups.values()].map((group) => finding(snapshot, group)),
      `${compared.length} of ${compared.length} DNS load balancers send to the ready DNS pods`,
    );
  },
};

interface Compared {
  readonly service: KubeService;
  readonly lb: HnsLoadBalancer;
  /** Addresses HNS sends to that are no ready DNS pod. */
  readonly stale: readonly string[];
  readonly missing: readonly string[];
  /** Endpoint ids that HNS does not have. */
  readonly dead: readonly string[];
  readonly right: number;
  /** Some backend has no known address: nothing can be said. */
  readonly unknown: boolean;
}

function compare(snapshot: NodeSnapshot, service: KubeService): Compared[] {
  return service.clusterIps.flatMap((vip) =>
    service.ports
      .filter(({ port }) => port === 53)
      .flatMap((servicePort) => {
        const protocol = protocolOf(servicePort.protocol);
        const family = familyOf(vip);
        const ready = readyBackends(snapshot, service, servicePort, family) ?? [];
        if (protocol === undefined || ready.length === 0) return [];
        return loadBalancersFor(snapshot, { vip, family, port: 53, protocol }).map((lb) =>
          compareOne(
            snapshot,
            service,
            lb,
            ready.map(({ ip }) => ip),
          ),
        );
      }),
  );
}

function compareOne(
  snapshot: NodeSnapshot,
  service: KubeService,
  lb: HnsLoadBalancer,
  ready: readonly string[],
): Compared {
  const whole = isWholeListing(snapshot, 'hns-endpoints');
  const resolved = lb.endpointIds.map((id) => ({
    id,
    endpoint: snapshot.links.endpointById.get(id),
  }));
  const dead = resolved.flatMap(({ id, endpoint }) =>
    endpoint === undefined && whole ? [id] : [],
  );
  const unknown = resolved.some(({ endpoint }) =>
    endpoint === undefined ? !whole : endpoint.ipAddresses.length === 0,
  );
  const has = resolved.flatMap(({ endpoint }) => endpoint?.ipAddresses.slice(0, 2) ?? []);
  const fresh = new Set(
    snapshot.cluster.pods
      .filter((pod) => isFresh(snapshot, pod.createdAt))
      .flatMap(({ ips }) => ips),
  );
  const right = has.filter((ip) => ready.includes(ip)).length;
  // A dual-stack endpoint has an address of the other family that no slice of this family lists.
  const family = ready[0]?.includes(':') === true;
  return {
    service,
    lb,
    stale: has.filter((ip) => !ready.includes(ip) && ip.includes(':') === family),
    missing: ready.filter((ip) => !has.includes(ip) && !fresh.has(ip)),
    dead,
    right,
    unknown,
  };
}

function finding(snapshot: NodeSnapshot, group: readonly Compared[]): FindingDraft {
  const [first] = group;
  const lbs = group.map(({ lb }) => lb);
  const stale = first?.stale ?? [];
  const missing = first?.missing ?? [];
  const dead = first?.dead ?? [];
  const none = group.every(({ right }) => right === 0);
  const onlyMissing = stale.length === 0 && dead.length === 0;
  const parts = [
    ...(stale.length > 0
      ? [`${someOf(stale)} ${stale.length === 1 ? 'is' : 'are'} no ready DNS pod`]
      : []),
    ...(dead.length > 0
      ? [`endpoint ${someOf(dead.map((id) => id.slice(0, 8)))} does not exist`]
      : []),
    ...(missing.length > 0
      ? [`${someOf(missing)} ${missing.length === 1 ? 'is' : 'are'} left out`]
      : []),
  ];
  const endpoints = stale.flatMap((ip) => snapshot.links.endpointsByIp.get(ip) ?? []);
  return {
    title: none
      ? 'Names do not resolve: the DNS load balancers send to addresses that are no DNS pods'
      : onlyMissing
        ? `DNS load balancers leave out ${someOf(missing)}`
        : 'Names resolve only now and then: some DNS backends are wrong',
    summary: `${lbs.map(loadBalancerName).join(', ')}: ${parts.join('; ')}.`,
    cause:
      'The DNS pods were replaced and kube-proxy did not change the load balancers: it missed the update, or HNS refused it.',
    remedy: [
      {
        text: 'Delete the DNS load balancers and start kube-proxy again; it makes them anew with the present pods.',
        command: `${lbs.map(({ id }) => `hnsdiag delete loadbalancers ${argument(id)}`).join('; ')}; Restart-Service kubeproxy`,
        disturbs: 'No name resolves on this node until kube-proxy has synced.',
        verify: {
          kind: 'command',
          command:
            'Resolve-DnsName kubernetes.default.svc.cluster.local -Server <DNS service address>',
          shows: 'answers inside of a pod',
        },
      },
    ],
    ...(onlyMissing && !none ? { severity: 'warning' as const } : {}),
    entities: [
      ...lbs.map(loadBalancerRef),
      ...(first ? [serviceRef(first.service)] : []),
      ...endpoints.slice(0, 4).map(endpointRef),
    ],
    evidence: [
      ...lbs.flatMap((lb) => {
        const wrong = dead[0] ?? endpoints.find(({ id }) => lb.endpointIds.includes(id))?.id;
        const place = fieldEvidence(lb, 'endpoints');
        return wrong === undefined ? place : lineWith(snapshot, place, wrong);
      }),
      ...endpoints.slice(0, 4).flatMap((endpoint) => fieldEvidence(endpoint, 'ip')),
      ...sliceEvidence(snapshot, first?.service),
    ],
  };
}

function sliceEvidence(
  snapshot: NodeSnapshot,
  service: KubeService | undefined,
): FindingDraft['evidence'] {
  return snapshot.cluster.endpoints
    .filter((slice) => slice.service === service?.name)
    .flatMap(({ evidence }) => evidence.slice(0, 1))
    .slice(0, 2);
}
