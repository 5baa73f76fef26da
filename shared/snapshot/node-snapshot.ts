import type { Capture } from '../model/capture';
import type { CniConfig, FlannelNetConf, LinuxCniConf, SourceVip, SubnetEnv } from '../model/cni';
import type { CollectionReport } from '../model/collection';
import type { Evidence } from '../model/evidence';
import type { FactKind } from '../model/facts';
import type { FilteringDrop } from '../model/filtering';
import type {
  HnsEndpoint,
  HnsEndpointStatistics,
  HnsLoadBalancer,
  HnsNamespace,
  HnsNetwork,
  NetworkType,
} from '../model/hns';
import type {
  KubeDaemonSet,
  KubeEndpoints,
  KubeEvent,
  KubeNode,
  KubePod,
  KubeService,
} from '../model/kubernetes';
import type { LogFile, WindowsEvent } from '../model/logs';
import type {
  PacketMonitorComponent,
  PacketMonitorLog,
  PacketMonitorSample,
} from '../model/packet-monitor';
import type {
  ComponentVersion,
  Container,
  DnsLookup,
  HnsVersion,
  Hotfix,
  ImageInfo,
  OsVersion,
  RolloutWait,
  TestResult,
  WindowsFeature,
  WindowsProcess,
  WindowsService,
} from '../model/system';
import type {
  AdapterStatistics,
  Compartment,
  DnsClientSetting,
  IpInterface,
  Ipv6Setting,
  Neighbour,
  PortRange,
  PortReservation,
  Route,
  TcpConnection,
  VSwitchPort,
  WindowsNat,
} from '../model/tcpip';
import type { VfpDump } from '../model/vfp';
import type { ParsedFile } from '../parsers/parsed-file';

/**
 * Whether a kind of evidence was collected. `absent`: no file of that kind. `empty`: a file is
 * there and holds nothing. `partial`: it was cut or only part of it could be read.
 * Cluster-wide evidence (kubectl) counts for every node of the case.
 */
export interface EvidenceState {
  readonly state: 'present' | 'partial' | 'empty' | 'absent';
  readonly files: readonly string[];
}

/** Two files say different things of one object. Both are kept; the first is used. */
export interface Contradiction {
  readonly object: string;
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly evidence: Evidence }[];
}

export interface CollectionTime {
  /** Milliseconds UTC. */
  readonly time: number;
  /** Which source gave it (decision 10 of the catalogue): explicit stamp, newest log or event, newest file time. */
  readonly source: 'stamp' | 'log' | 'file-time';
  readonly file: string;
}

/** What kind of network the node runs, and by which CNI; `reason` says how it was recognised. */
export interface NetworkMode {
  readonly mode: 'l2bridge' | 'overlay' | 'l2tunnel' | 'transparent' | 'nat' | 'unknown';
  readonly cni:
    | 'flannel-host-gw'
    | 'flannel-vxlan'
    | 'calico-bgp'
    | 'calico-vxlan'
    | 'azure'
    | 'antrea'
    | 'ovn'
    | 'aws-vpc'
    | 'win-bridge'
    | 'win-overlay'
    | 'sdnbridge'
    | 'sdnoverlay'
    | 'none'
    | 'unknown';
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** The HNS network that carries the pods, when one could be told. */
  readonly podNetworkId: string | undefined;
}

/** Addresses that many rules need, resolved once, each with where it comes from. */
export interface NodeAddresses {
  /** The node's own address on the pod network's uplink (decision 6). */
  readonly managementIp:
    { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;
  /** The IPv6 address beside it, where the node has one: NodePorts answer on it too. */
  readonly managementIpv6:
    { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;
  /** The node's host subnet, as a CIDR, from ip.txt or routes. */
  readonly managementSubnet:
    { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;
  /** This node's pod prefix (HNS subnet of the pod network). */
  readonly podCidr: { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;
  readonly hostMac: { readonly value: string; readonly evidence: readonly Evidence[] } | undefined;
}

/**
 * One node at one time: typed entities of all its files, normalised and linked.
 * Everything is read-only; a rule or view never changes it.
 */
export interface NodeSnapshot {
  readonly id: string;
  readonly node: string;
  /** True when the name comes from folder or archive, not from the files. */
  readonly nameGuessed: boolean;
  /** What file paths of this snapshot carry before the bundle-relative path, to tell nodes apart. */
  readonly pathPrefix: string;
  readonly collectedAt: CollectionTime | undefined;
  readonly os: OsVersion | undefined;
  readonly mode: NetworkMode;
  readonly addresses: NodeAddresses;
  readonly files: readonly ParsedFile[];
  readonly evidence: ReadonlyMap<FactKind, EvidenceState>;
  readonly contradictions: readonly Contradiction[];

  readonly networks: readonly HnsNetwork[];
  readonly endpoints: readonly HnsEndpoint[];
  readonly loadBalancers: readonly HnsLoadBalancer[];
  readonly namespaces: readonly HnsNamespace[];
  readonly vfp: readonly VfpDump[];
  readonly vswitchPorts: readonly VSwitchPort[];
  readonly compartments: readonly Compartment[];
  /** ipconfig outputs taken inside single containers. */
  readonly containerViews: readonly Compartment[];
  readonly routes: readonly Route[];
  readonly interfaces: readonly IpInterface[];
  readonly portRanges: readonly PortRange[];
  readonly portReservations: readonly PortReservation[];
  readonly neighbours: readonly Neighbour[];
  readonly windowsServices: readonly WindowsService[];
  readonly processes: readonly WindowsProcess[];
  /** True when a whole process list was collected; else `processFilter` says what a listing was searched for. */
  readonly processListComplete: boolean;
  readonly processFilter: readonly string[];
  readonly features: readonly WindowsFeature[];
  readonly componentVersions: readonly ComponentVersion[];
  readonly hotfixes: readonly Hotfix[];
  readonly hnsVersion: HnsVersion | undefined;
  readonly windowsNats: readonly WindowsNat[];
  readonly dnsClient: readonly DnsClientSetting[];
  readonly ipv6Setting: Ipv6Setting | undefined;
  readonly tcpConnections: readonly TcpConnection[];
  /** In the order of the samples, as far as their names tell. */
  readonly adapterStatistics: readonly AdapterStatistics[];
  readonly containers: readonly Container[];
  readonly images: readonly ImageInfo[];
  readonly tests: readonly TestResult[];
  readonly rollouts: readonly RolloutWait[];
  readonly dnsLookups: readonly DnsLookup[];
  readonly packetMonitor: PacketMonitorEvidence;
  readonly endpointStatistics: readonly HnsEndpointStatistics[];
  readonly filteringDrops: readonly FilteringDrop[];
  readonly cniConfigs: readonly CniConfig[];
  readonly sourceVips: readonly SourceVip[];
  readonly subnetEnvs: readonly SubnetEnv[];
  /** Extracts of Windows event logs are among them. */
  readonly logs: readonly LogFile[];
  readonly windowsEvents: readonly WindowsEvent[];
  /** Packet captures that could be read. */
  readonly captures: readonly Capture[];

  /** Cluster-wide evidence: the same for every node of the case. */
  readonly cluster: ClusterEvidence;
  readonly links: SnapshotLinks;
}

/** What Packet Monitor was asked on the node. */
export interface PacketMonitorEvidence {
  readonly components: readonly PacketMonitorComponent[];
  /** In the order of the samples, as far as their names tell. */
  readonly samples: readonly PacketMonitorSample[];
  readonly logs: readonly PacketMonitorLog[];
}

export interface ClusterEvidence {
  readonly files: readonly ParsedFile[];
  readonly nodes: readonly KubeNode[];
  readonly pods: readonly KubePod[];
  readonly services: readonly KubeService[];
  readonly endpoints: readonly KubeEndpoints[];
  readonly daemonSets: readonly KubeDaemonSet[];
  readonly events: readonly KubeEvent[];
  readonly netConfs: readonly FlannelNetConf[];
  readonly linuxCniConfs: readonly LinuxCniConf[];
  /** Reports of all collections of the case: each speaks of the files beside it. */
  readonly collections: readonly CollectionReport[];
}

/** References resolved across files, computed once. Ids are canonical GUIDs. */
export interface SnapshotLinks {
  readonly networkById: ReadonlyMap<string, HnsNetwork>;
  readonly endpointById: ReadonlyMap<string, HnsEndpoint>;
  readonly loadBalancerById: ReadonlyMap<string, HnsLoadBalancer>;
  readonly endpointsByIp: ReadonlyMap<string, readonly HnsEndpoint[]>;
  readonly endpointsByMac: ReadonlyMap<string, readonly HnsEndpoint[]>;
  readonly networkOf: ReadonlyMap<HnsEndpoint, HnsNetwork>;
  readonly loadBalancersOf: ReadonlyMap<string, readonly HnsLoadBalancer[]>;
  readonly namespaceOf: ReadonlyMap<HnsEndpoint, HnsNamespace>;
  readonly adapterOf: ReadonlyMap<
    HnsEndpoint,
    { readonly compartment: Compartment; readonly adapterIndex: number }
  >;
  readonly containersOf: ReadonlyMap<HnsEndpoint, readonly Container[]>;
  readonly podOf: ReadonlyMap<HnsEndpoint, KubePod>;
  readonly vswitchPortOf: ReadonlyMap<HnsEndpoint, VSwitchPort>;
  /** VFP ports of an endpoint: dump and port index in it. */
  readonly vfpPortOf: ReadonlyMap<HnsEndpoint, { readonly dump: VfpDump; readonly port: number }>;
  readonly endpointOfVfpPort: ReadonlyMap<string, HnsEndpoint>;
  readonly serviceOf: ReadonlyMap<
    HnsLoadBalancer,
    { readonly service: KubeService; readonly viaNodePort: boolean }
  >;
}

/** All that is open: nodes with their snapshots in time order, and cluster-wide evidence. */
export interface Case {
  readonly nodes: readonly { readonly name: string; readonly snapshots: readonly NodeSnapshot[] }[];
  readonly cluster: ClusterEvidence;
}

/** Network types VFP programs for pods. */
export const VFP_NETWORK_TYPES: readonly NetworkType[] = ['l2bridge', 'overlay', 'l2tunnel'];
