import { addressIn, guidOf, hexOf, ipv6Of, remoteMac } from './names';
import type { PlanBase, RemoteEndpoint } from './node-plan';

export interface PlannedServicePort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort?: number;
}

export interface PlannedBackend {
  readonly ip: string;
  readonly node: string;
  /** Absent for the API server, which is no pod. */
  readonly pod?: string;
  readonly uid?: string;
}

export interface PlannedService {
  readonly name: string;
  readonly namespace: string;
  readonly clusterIp: string;
  /** Where the cluster has both families and pods serve it. */
  readonly clusterIp6: string | undefined;
  readonly type: 'ClusterIP' | 'NodePort';
  readonly selector: string | undefined;
  readonly ports: readonly PlannedServicePort[];
  readonly backends: readonly PlannedBackend[];
  readonly uid: string;
}

/** One HNS load balancer: a port of a service, on its VIP or (without one) on the node's address. */
export interface PlannedLoadBalancer {
  readonly id: string;
  readonly service: string;
  /** Absent for a NodePort. */
  readonly vip: string | undefined;
  readonly family: 4 | 6;
  readonly protocol: 6 | 17;
  readonly externalPort: number;
  readonly internalPort: number;
  readonly endpointIds: readonly string[];
  readonly dips: readonly { readonly ip: string; readonly port: number }[];
  /** Five hex digits of the VFP rule name. */
  readonly tag: string;
  /** Overlay: the source VIP, or the node's own address where a backend is a node. */
  readonly sourceVip: string | undefined;
}

/** Services of the cluster, the load balancers kube-proxy makes of them here, and their remote endpoints. */
export function planServices(
  plan: PlanBase,
  extra: number,
  life: string,
): {
  services: PlannedService[];
  loadBalancers: PlannedLoadBalancer[];
  remoteEndpoints: RemoteEndpoint[];
} {
  const services = [apiServer(plan), dns(plan), webServer(plan), ...applications(plan, extra)].map(
    (service): PlannedService => ({
      ...service,
      clusterIp6:
        plan.dualStack === 'none' || service.selector === undefined
          ? undefined
          : ipv6Of(service.clusterIp),
    }),
  );
  const remote = new Map<string, RemoteEndpoint>();
  const idOf = (backend: PlannedBackend, family: 4 | 6): string => {
    const local = plan.pods.find((p) => p.ip === backend.ip);
    if (local !== undefined) return local.endpointId;
    const ip = family === 4 ? backend.ip : ipv6Of(backend.ip);
    const known = remote.get(ip);
    if (known !== undefined) return known.id;
    // An address outside the pod subnets counts as public for kube-proxy: its provider is this node.
    const owner =
      backend.pod === undefined ? undefined : plan.peers.find((p) => p.name === backend.node);
    const made: RemoteEndpoint = {
      id: guidOf(`${life}remote${ip}`),
      ip,
      mac: remoteMac(ip),
      ...(plan.mode === 'overlay' ? { providerAddress: owner?.ip ?? plan.node.ip } : {}),
    };
    remote.set(ip, made);
    return made.id;
  };
  const loadBalancers: PlannedLoadBalancer[] = [];
  for (const service of services) {
    const families =
      plan.dualStack === 'node' && service.clusterIp6 !== undefined
        ? ([4, 6] as const)
        : ([4] as const);
    for (const [port, family] of service.ports.flatMap((p) =>
      families.map((f) => [p, f] as const),
    )) {
      const shape = {
        family,
        service: `${service.namespace}/${service.name}`,
        protocol: port.protocol === 'TCP' ? (6 as const) : (17 as const),
        internalPort: port.targetPort,
        endpointIds: service.backends.map((b) => idOf(b, family)),
        dips: service.backends.map((b) => ({
          ip: family === 4 ? b.ip : ipv6Of(b.ip),
          port: port.targetPort,
        })),
        sourceVip:
          plan.sourceVip === undefined
            ? undefined
            : service.backends.some((b) => b.pod === undefined)
              ? plan.node.ip
              : plan.sourceVip.ip,
      };
      const make = (vip: string | undefined, externalPort: number): void => {
        const node = family === 4 ? 'node' : 'node6';
        const seed = `${life}lb${vip ?? node}${externalPort}${port.protocol}`;
        loadBalancers.push({
          ...shape,
          id: guidOf(seed),
          vip,
          externalPort,
          tag: hexOf(seed, 5).toUpperCase(),
        });
      };
      make(family === 4 ? service.clusterIp : service.clusterIp6, port.port);
      if (port.nodePort !== undefined) make(undefined, port.nodePort);
    }
  }
  if (plan.mode === 'overlay') {
    // kube-proxy also makes a remote endpoint per service VIP, with the host's MAC and its own address.
    for (const { clusterIp } of services) {
      remote.set(clusterIp, {
        id: guidOf(`${life}vip${clusterIp}`),
        ip: clusterIp,
        mac: plan.node.hostMac,
        providerAddress: plan.node.ip,
      });
    }
  }
  return { services, loadBalancers, remoteEndpoints: [...remote.values()] };
}

/** A service before its second family is known. */
type Bare = Omit<PlannedService, 'clusterIp6'>;

const backendsOf = (plan: PlanBase, app: string): PlannedBackend[] => [
  ...plan.pods
    .filter((p) => p.app === app)
    .map((p) => ({ ip: p.ip, node: plan.node.name, pod: p.name, uid: p.uid })),
  ...plan.remotePods
    .filter((p) => p.app === app)
    .map((p) => ({ ip: p.ip, node: p.node, pod: p.name, uid: p.uid })),
];

function apiServer(plan: PlanBase): Bare {
  const control = plan.peers.find((p) => p.os === 'linux');
  return {
    name: 'kubernetes',
    namespace: 'default',
    clusterIp: '10.96.0.1',
    type: 'ClusterIP',
    selector: undefined,
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
    backends: control === undefined ? [] : [{ ip: control.ip, node: control.name }],
    uid: guidOf('kubernetes'),
  };
}

function dns(plan: PlanBase): Bare {
  return {
    name: 'kube-dns',
    namespace: 'kube-system',
    clusterIp: plan.dnsVip,
    type: 'ClusterIP',
    selector: 'kube-dns',
    ports: [
      { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
      { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
      { name: 'metrics', protocol: 'TCP', port: 9153, targetPort: 9153 },
    ],
    backends: backendsOf(plan, 'kube-dns'),
    uid: guidOf('kube-dns'),
  };
}

function webServer(plan: PlanBase): Bare {
  return {
    name: 'win-webserver',
    namespace: 'default',
    clusterIp: '10.102.220.146',
    type: 'NodePort',
    selector: 'win-webserver',
    ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 31486 }],
    backends: backendsOf(plan, 'win-webserver'),
    uid: guidOf('win-webserver'),
  };
}

/** Further services; each is served by up to three pods of this and other nodes. */
function applications(plan: PlanBase, count: number): Bare[] {
  const pool: PlannedBackend[] = [
    ...plan.pods.map((p) => ({ ip: p.ip, node: plan.node.name, pod: p.name, uid: p.uid })),
    ...backendsOf(plan, 'win-webserver').filter((b) => b.node !== plan.node.name),
  ];
  return Array.from({ length: count }, (_, i) => {
    const name = `app-${String(i).padStart(3, '0')}`;
    const backends = pool.filter(
      (_b, at) => (at + i) % Math.max(Math.ceil(pool.length / 3), 1) === 0,
    );
    return {
      name,
      namespace: 'default',
      clusterIp: addressIn('10.100.0.0/16', 10 + i),
      type: 'ClusterIP' as const,
      selector: name,
      ports: [{ name: 'http', protocol: 'TCP' as const, port: 8080, targetPort: 8080 }],
      backends,
      uid: guidOf(name),
    };
  });
}
