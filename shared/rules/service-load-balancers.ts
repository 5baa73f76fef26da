import type { HnsLoadBalancer } from '../model/hns';
import type { KubeService, KubeServicePort } from '../model/kubernetes';
import { canonicalIp } from '../model/ip';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** IP protocol number of a Kubernetes protocol name; undefined for those kube-proxy on Windows does not program. */
export function protocolOf(name: string): 6 | 17 | undefined {
  const upper = name.toUpperCase();
  return upper === 'TCP' ? 6 : upper === 'UDP' ? 17 : undefined;
}

/** A frontend a service needs: address (none for a NodePort), port and protocol. */
export interface Frontend {
  readonly service: KubeService;
  readonly servicePort: KubeServicePort;
  /** Canonical VIP; undefined for a NodePort. */
  readonly vip: string | undefined;
  readonly family: 4 | 6;
  readonly port: number;
  readonly protocol: 6 | 17;
}

/** The family of an address. */
export const familyOf = (ip: string): 4 | 6 => (ip.includes(':') ? 6 : 4);

/** Ready addresses behind a port of a service, of the family of `like`. Undefined when no slice names the service. */
export function readyBackends(
  snapshot: NodeSnapshot,
  service: KubeService,
  servicePort: KubeServicePort,
  like: 4 | 6,
): { readonly ip: string; readonly node: string | undefined }[] | undefined {
  const own = snapshot.cluster.endpoints.filter(
    (e) =>
      e.service === service.name &&
      (e.namespace === undefined ||
        service.namespace === undefined ||
        e.namespace === service.namespace),
  );
  if (own.length === 0) return undefined;
  const wanted = servicePort.protocol.toUpperCase();
  const found = own
    .filter(
      ({ ports }) =>
        ports.length === 0 ||
        ports.some(
          (p) =>
            p.protocol.toUpperCase() === wanted &&
            ((p.name ?? '') === (servicePort.name ?? '') || ports.length === 1),
        ),
    )
    .flatMap(({ addresses }) => addresses)
    .filter(({ ready }) => ready)
    .flatMap(({ ip, node }) => {
      const canonical = canonicalIp(ip);
      return canonical !== undefined && canonical.includes(':') === (like === 6)
        ? [{ ip: canonical, node }]
        : [];
    });
  return [...new Map(found.map((backend) => [backend.ip, backend])).values()];
}

/** A load balancer of unknown ports (hnsdiag shows none) may be any frontend of its VIP. */
const portsKnown = (lb: HnsLoadBalancer): boolean =>
  lb.ports.some(({ externalPort }) => externalPort !== undefined);

/** Is it meant for this address? A NodePort's load balancer has no VIP, or the node's own address. */
function servesVip(
  snapshot: NodeSnapshot,
  lb: HnsLoadBalancer,
  { vip, family }: Pick<Frontend, 'vip' | 'family'>,
): boolean {
  if (vip !== undefined) return lb.vips.includes(vip);
  if (lb.vips.length === 0) return lb.isIpv6 === undefined || lb.isIpv6 === (family === 6);
  const { managementIp, managementIpv6 } = snapshot.addresses;
  const node = (family === 6 ? managementIpv6 : managementIp)?.value;
  return node !== undefined && lb.vips.includes(node);
}

/** Load balancers that certainly serve a frontend. */
export function loadBalancersFor(
  snapshot: NodeSnapshot,
  { port, protocol, ...at }: Pick<Frontend, 'vip' | 'family' | 'port' | 'protocol'>,
): HnsLoadBalancer[] {
  return snapshot.loadBalancers.filter(
    (lb) =>
      servesVip(snapshot, lb, at) &&
      lb.ports.some(
        (p) => p.externalPort === port && (p.protocol === undefined || p.protocol === protocol),
      ),
  );
}

/**
 * Which of the frontends have no load balancer. Those of one VIP that are not found by port may be
 * served by load balancers whose ports the listing does not show: only the surplus is missing for
 * certain (`which` is then not known).
 */
export function missingFrontends(
  snapshot: NodeSnapshot,
  frontends: readonly Frontend[],
): { readonly frontend: Frontend; readonly which: 'certain' | 'one-of' }[] {
  const byVip = new Map<string, Frontend[]>();
  for (const frontend of frontends) {
    if (loadBalancersFor(snapshot, frontend).length > 0) continue;
    const key = frontend.vip ?? `node ${frontend.family}`;
    byVip.set(key, [...(byVip.get(key) ?? []), frontend]);
  }
  return [...byVip.values()].flatMap((unmatched) => {
    const [at] = unmatched;
    const unknown = snapshot.loadBalancers.filter(
      (lb) => at !== undefined && servesVip(snapshot, lb, at) && !portsKnown(lb),
    ).length;
    if (unknown >= unmatched.length) return [];
    const which = unknown === 0 ? ('certain' as const) : ('one-of' as const);
    return unmatched.slice(0, unmatched.length - unknown).map((frontend) => ({ frontend, which }));
  });
}

const SETTLE_MS = 120_000;

/** Was it made so shortly before the collection that kube-proxy may not have seen it? */
export function isFresh(snapshot: NodeSnapshot, createdAt: number | undefined): boolean {
  const now = snapshot.collectedAt?.time;
  return now !== undefined && createdAt !== undefined && now - createdAt < SETTLE_MS;
}

/** Did kube-proxy start so shortly before the collection that its first sync may not be done? */
export function proxyJustStarted(snapshot: NodeSnapshot): boolean {
  const process = snapshot.processes.find(({ name }) => /^kube-?proxy/i.test(name));
  return isFresh(snapshot, process?.startTime);
}
