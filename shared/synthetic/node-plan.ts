import { clusterNodes, type PlannedNode } from './cluster-plan';
import { addressIn, guidOf, hexOf, hyperVMac, overlayMac, suffixOf } from './names';
import { planServices, type PlannedLoadBalancer, type PlannedService } from './service-plan';

/** What a synthetic node shall be. Only the mode must be said; the rest has the values of a small lab. */
export interface SyntheticOptions {
  readonly mode: 'l2bridge' | 'overlay';
  /** HNS schema of the collected JSON. 1 (Server 2019, docker) on l2bridge, 2 (Server 2022, containerd) on overlay. */
  readonly schema?: 1 | 2;
  readonly nodeName?: string;
  readonly nodeIp?: string;
  readonly podCidr?: string;
  /** Pods of this node with an endpoint; 3. */
  readonly pods?: number;
  /** win-webserver pods on the other Windows nodes; 2. */
  readonly remotePods?: number;
  /** Services of type ClusterIP beside kubernetes, kube-dns and win-webserver; 0. */
  readonly services?: number;
  /** Direct server return for ClusterIP load balancers; false. */
  readonly dsr?: boolean;
  /**
   * The cluster has IPv6 beside IPv4; false. Pods of Windows have both on l2bridge from Server 2022
   * on (schema 2); on overlay and before, HNS knows no dual stack: only the rest of the cluster has it.
   */
  readonly dualStack?: boolean;
  /** Stale `sourceVip.json` and kube-proxy flag: the address kept from an earlier pod CIDR. */
  readonly sourceVip?: string;
  /** Ids of networks, endpoints and ports depend on it: a second collection of a node that was rebuilt. */
  readonly generation?: string;
}

/** A pod of this node: everything that the node made for it. */
export interface LocalPod {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly ip: string;
  readonly mac: string;
  readonly endpointId: string;
  readonly endpointName: string;
  readonly portGuid: string;
  readonly portId: string;
  readonly sandboxId: string;
  readonly containerId: string;
  readonly compartment: number;
  readonly compartmentGuid: string;
  readonly namespaceId: string;
  readonly ifIndex: number;
  readonly uid: string;
}

/** A pod elsewhere in the cluster. */
export interface RemotePod {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly ip: string;
  readonly node: string;
  readonly uid: string;
}

/** An endpoint that only says where an address of another node is. */
export interface RemoteEndpoint {
  readonly id: string;
  readonly ip: string;
  readonly mac: string;
  /** Overlay: the node that owns the address. */
  readonly providerAddress?: string;
}

/** One typed description of a node; every file of the bundle is written from it. */
export interface NodePlan {
  readonly mode: 'l2bridge' | 'overlay';
  readonly schema: 1 | 2;
  readonly dsr: boolean;
  readonly dualStack: 'node' | 'cluster' | 'none';
  readonly runtime: 'docker' | 'containerd';
  readonly node: PlannedNode;
  readonly peers: readonly PlannedNode[];
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly nodeSubnet: string;
  readonly nodeGateway: string;
  readonly dnsVip: string;
  readonly dnsSuffixes: readonly string[];
  readonly networkName: string;
  readonly networkId: string;
  readonly vni: number;
  readonly podGateway: string;
  /** The bridge endpoint of l2bridge at `.2`; absent on overlay. */
  readonly bridge:
    | {
        readonly id: string;
        readonly ip: string;
        readonly mac: string;
        readonly name: string;
        readonly portGuid: string;
      }
    | undefined;
  /** The source VIP of overlay with its endpoint. */
  readonly sourceVip:
    { readonly id: string; readonly ip: string; readonly mac: string } | undefined;
  readonly externalPort: string;
  readonly hostPort: string;
  readonly pods: readonly LocalPod[];
  readonly remotePods: readonly RemotePod[];
  readonly remoteEndpoints: readonly RemoteEndpoint[];
  readonly services: readonly PlannedService[];
  readonly loadBalancers: readonly PlannedLoadBalancer[];
  readonly exceptions: readonly string[];
  readonly os: {
    readonly product: string;
    readonly build: number;
    readonly ubr: number;
    readonly lab: string;
  };
  readonly kubernetesVersion: string;
  readonly runtimeVersion: string;
}

const SERVER_2019 = {
  product: 'Windows Server 2019 Datacenter',
  build: 17763,
  ubr: 4974,
  lab: '17763.1.amd64fre.rs5_release.180914-1434',
};
const SERVER_2022 = {
  product: 'Windows Server 2022 Datacenter',
  build: 20348,
  ubr: 2461,
  lab: '20348.1.amd64fre.fe_release.210507-1500',
};

/**
 * Lays a node out: addresses, ids and who refers to whom. Deterministic. `elsewhere` are the pods of
 * the other Windows nodes, where they are laid out too.
 */
export function planNode(
  options: SyntheticOptions,
  elsewhere: readonly RemotePod[] = podsElsewhere(options),
): NodePlan {
  const { mode } = options;
  const schema = options.schema ?? (mode === 'l2bridge' ? 1 : 2);
  const { node, peers } = clusterNodes(options);
  const overlay = mode === 'overlay';
  const networkName = overlay ? 'vxlan0' : 'cbr0';
  const life = `${node.name}/${options.generation ?? ''}`;
  const pods = localPods(options, node, networkName, schema, life);
  const remotePods = [...elsewhere, ...dnsPods(peers)];
  const docker = schema === 1;
  const base = {
    mode,
    schema,
    dsr: options.dsr ?? false,
    dualStack:
      options.dualStack !== true
        ? ('none' as const)
        : overlay || docker
          ? ('cluster' as const)
          : ('node' as const),
    runtime: docker ? ('docker' as const) : ('containerd' as const),
    node,
    peers,
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/12',
    nodeSubnet: '10.127.130.0/24',
    nodeGateway: '10.127.130.1',
    dnsVip: '10.96.0.10',
    dnsSuffixes: ['svc.cluster.local'],
    networkName,
    networkId: guidOf(`${life}network`),
    vni: 4096,
    podGateway: addressIn(node.podCidr, overlay ? 1 : 2),
    bridge: overlay
      ? undefined
      : {
          id: guidOf(`${life}bridge`),
          ip: addressIn(node.podCidr, 2),
          mac: hyperVMac(`${life}bridge`),
          name: `${networkName}_ep`,
          portGuid: guidOf(`${life}bridge`),
        },
    sourceVip: overlay
      ? {
          id: guidOf(`${life}source-vip`),
          ip: options.sourceVip ?? addressIn(node.podCidr, 10),
          mac: node.hostMac,
        }
      : undefined,
    externalPort: guidOf(`${life}external-port`),
    hostPort: guidOf(`${life}host-port`),
    pods,
    remotePods,
    exceptions: overlay
      ? ['10.244.0.0/16', '10.96.0.0/12']
      : ['10.244.0.0/16', '10.96.0.0/12', '10.127.130.0/24'],
    os: docker ? SERVER_2019 : SERVER_2022,
    kubernetesVersion: docker ? 'v1.23.17' : 'v1.29.4',
    runtimeVersion: docker ? 'docker://20.10.21' : 'containerd://1.7.16',
  };
  const { services, loadBalancers, remoteEndpoints } = planServices(
    base,
    options.services ?? 0,
    life,
  );
  return { ...base, services, loadBalancers, remoteEndpoints };
}

/** The part of a plan that services are laid out from. */
export type PlanBase = Omit<NodePlan, 'services' | 'loadBalancers' | 'remoteEndpoints'>;

const WEB = 'win-webserver';

function podName(app: string, seed: string): string {
  return `${app}-${hexOf(app, 10)}-${suffixOf(seed, 5)}`;
}

function localPods(
  options: SyntheticOptions,
  node: PlannedNode,
  networkName: string,
  schema: 1 | 2,
  life: string,
): LocalPod[] {
  const overlay = options.mode === 'overlay';
  return Array.from({ length: options.pods ?? 3 }, (_, i) => {
    const app =
      i < 2 ? WEB : i === 2 ? 'win-client' : `app-${String(Math.floor(i / 3)).padStart(3, '0')}`;
    const seed = `${life}pod${i}`;
    // .1 and .2 belong to the router and the bridge, .10 to the source VIP.
    const ip = addressIn(node.podCidr, 29 + i);
    const sandboxId = hexOf(`${seed}sandbox`, 64);
    const endpointId = guidOf(`${seed}endpoint`);
    return {
      name: podName(app, seed),
      namespace: 'default',
      app,
      ip,
      mac: overlay ? overlayMac(ip) : poolMac(life, i),
      endpointId,
      endpointName: `${sandboxId}_${networkName}`,
      // Server 2019 names the port after the endpoint (`vfpctrl /port <endpoint id>`); later builds do not.
      portGuid: schema === 1 ? endpointId : guidOf(`${seed}port`),
      portId: String(5 + i),
      sandboxId,
      containerId: hexOf(`${seed}container`, 64),
      compartment: 2 + i,
      compartmentGuid: guidOf(`${seed}compartment`),
      namespaceId: guidOf(`${seed}namespace`),
      ifIndex: 48 + 2 * i,
      uid: guidOf(`${seed}uid`),
    };
  });
}

/** Addresses of the network's MAC pool follow one another, so they never collide. */
function poolMac(life: string, index: number): string {
  const low = (0x1000 + index).toString(16).toUpperCase().padStart(4, '0');
  return `00-15-5D-${hexOf(`${life}pool`, 2).toUpperCase()}-${low.slice(0, 2)}-${low.slice(2)}`;
}

function podsElsewhere(options: SyntheticOptions): RemotePod[] {
  const windows = clusterNodes(options).peers.filter((p) => p.os === 'windows');
  return Array.from({ length: options.remotePods ?? 2 }, (_, i): RemotePod[] => {
    const peer = windows[i % Math.max(windows.length, 1)];
    if (peer === undefined) return [];
    const seed = `${peer.name}web${i}`;
    const ip = addressIn(peer.podCidr, 49 + i);
    const name = podName(WEB, seed);
    return [{ name, namespace: 'default', app: WEB, ip, node: peer.name, uid: guidOf(seed) }];
  }).flat();
}

/** Cluster DNS runs on the Linux node. */
function dnsPods(peers: readonly PlannedNode[]): RemotePod[] {
  const linux = peers.find((p) => p.os === 'linux');
  if (linux === undefined) return [];
  return [3, 4].map((n) => {
    const seed = `coredns${n}`;
    return {
      name: podName('coredns', seed),
      namespace: 'kube-system',
      app: 'kube-dns',
      ip: addressIn(linux.podCidr, n),
      node: linux.name,
      uid: guidOf(seed),
    };
  });
}

/** Plans of every Windows node of the lab, each knowing the pods of the others. */
export function planCluster(
  options: Omit<SyntheticOptions, 'nodeName' | 'nodeIp' | 'podCidr' | 'remotePods'>,
): NodePlan[] {
  const { node, peers } = clusterNodes(options);
  const nodes = [node, ...peers.filter((p) => p.os === 'windows')];
  const alone = nodes.map(({ ip }) => planNode({ ...options, nodeIp: ip, remotePods: 0 }));
  return nodes.map(({ ip }) => {
    const others = alone.filter((plan) => plan.node.ip !== ip);
    const elsewhere = others.flatMap((plan) =>
      plan.pods.map(({ name, namespace, app, ip: address, uid }): RemotePod => ({
        name,
        namespace,
        app,
        ip: address,
        node: plan.node.name,
        uid,
      })),
    );
    return planNode({ ...options, nodeIp: ip }, elsewhere);
  });
}
