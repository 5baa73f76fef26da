import type { Capture } from './capture';
import type { CniConfig, FlannelNetConf, LinuxCniConf, SourceVip, SubnetEnv } from './cni';
import type { CollectionReport } from './collection';
import type { Evidence } from './evidence';
import type { FilteringDrop } from './filtering';
import type {
  HnsEndpoint,
  HnsEndpointStatistics,
  HnsLoadBalancer,
  HnsNamespace,
  HnsNetwork,
} from './hns';
import type {
  KubeDaemonSet,
  KubeEndpoints,
  KubeEvent,
  KubeNode,
  KubePod,
  KubeService,
} from './kubernetes';
import type { LogFile, WindowsEvent } from './logs';
import type {
  PacketMonitorComponent,
  PacketMonitorLog,
  PacketMonitorSample,
} from './packet-monitor';
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
} from './system';
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
} from './tcpip';
import type { VfpDump } from './vfp';

/**
 * What a parser gives: one kind of fact with its items. Presence of a kind (even with no items)
 * means that the evidence was collected: an empty list is a fact, an absent kind is not.
 */
export type Facts =
  | {
      readonly kind: 'hns-networks';
      readonly items: readonly HnsNetwork[];
      readonly complete: boolean;
    }
  | {
      readonly kind: 'hns-endpoints';
      readonly items: readonly HnsEndpoint[];
      readonly complete: boolean;
    }
  | {
      readonly kind: 'hns-load-balancers';
      readonly items: readonly HnsLoadBalancer[];
      readonly complete: boolean;
    }
  | {
      readonly kind: 'hns-namespaces';
      readonly items: readonly HnsNamespace[];
      readonly complete: boolean;
    }
  | { readonly kind: 'vfp'; readonly items: readonly VfpDump[] }
  | { readonly kind: 'vswitch-ports'; readonly items: readonly VSwitchPort[] }
  | {
      readonly kind: 'compartments';
      readonly items: readonly Compartment[];
      readonly scope: 'all-compartments' | 'host' | 'container';
    }
  | { readonly kind: 'routes'; readonly items: readonly Route[] }
  | { readonly kind: 'ip-interfaces'; readonly items: readonly IpInterface[] }
  | {
      readonly kind: 'port-ranges';
      readonly items: readonly PortRange[];
      readonly use: 'excluded' | 'dynamic';
    }
  | { readonly kind: 'port-reservations'; readonly items: readonly PortReservation[] }
  | { readonly kind: 'neighbours'; readonly items: readonly Neighbour[] }
  | { readonly kind: 'os-version'; readonly items: readonly OsVersion[] }
  | {
      readonly kind: 'services';
      readonly items: readonly WindowsService[];
      readonly complete: boolean;
    }
  | {
      readonly kind: 'processes';
      readonly items: readonly WindowsProcess[];
      /** False for `ps | findstr kube`: only what was searched for. */ readonly complete: boolean;
      /** What a filtered listing was searched for, lower case. */ readonly filter: readonly string[];
    }
  | { readonly kind: 'features'; readonly items: readonly WindowsFeature[] }
  | { readonly kind: 'component-versions'; readonly items: readonly ComponentVersion[] }
  | { readonly kind: 'hotfixes'; readonly items: readonly Hotfix[] }
  | { readonly kind: 'endpoint-statistics'; readonly items: readonly HnsEndpointStatistics[] }
  | { readonly kind: 'hns-version'; readonly items: readonly HnsVersion[] }
  | { readonly kind: 'windows-nat'; readonly items: readonly WindowsNat[] }
  | { readonly kind: 'dns-client'; readonly items: readonly DnsClientSetting[] }
  | { readonly kind: 'ipv6-setting'; readonly items: readonly Ipv6Setting[] }
  | { readonly kind: 'tcp-connections'; readonly items: readonly TcpConnection[] }
  | { readonly kind: 'adapter-statistics'; readonly items: readonly AdapterStatistics[] }
  | { readonly kind: 'windows-events'; readonly items: readonly WindowsEvent[] }
  | { readonly kind: 'containers'; readonly items: readonly Container[] }
  | { readonly kind: 'images'; readonly items: readonly ImageInfo[] }
  | {
      readonly kind: 'tests';
      readonly items: readonly TestResult[];
      readonly suite: 'debug-windows-node' | 'validate-kubernetes' | 'pester';
      readonly rollouts: readonly RolloutWait[];
    }
  | { readonly kind: 'dns-lookups'; readonly items: readonly DnsLookup[] }
  | { readonly kind: 'pktmon-components'; readonly items: readonly PacketMonitorComponent[] }
  | { readonly kind: 'pktmon-counters'; readonly items: readonly PacketMonitorSample[] }
  | { readonly kind: 'filtering-drops'; readonly items: readonly FilteringDrop[] }
  | { readonly kind: 'pktmon-logs'; readonly items: readonly PacketMonitorLog[] }
  | { readonly kind: 'kube-nodes'; readonly items: readonly KubeNode[]; readonly complete: boolean }
  | { readonly kind: 'kube-pods'; readonly items: readonly KubePod[]; readonly complete: boolean }
  | {
      readonly kind: 'kube-services';
      readonly items: readonly KubeService[];
      readonly complete: boolean;
    }
  | {
      readonly kind: 'kube-endpoints';
      readonly items: readonly KubeEndpoints[];
      readonly complete: boolean;
    }
  | { readonly kind: 'kube-daemon-sets'; readonly items: readonly KubeDaemonSet[] }
  | { readonly kind: 'kube-events'; readonly items: readonly KubeEvent[] }
  /** The newest moment that the objects of the output tell of: it was made then or later. */
  | {
      readonly kind: 'kube-newest';
      readonly items: readonly { readonly time: number; readonly evidence: readonly Evidence[] }[];
    }
  | { readonly kind: 'collections'; readonly items: readonly CollectionReport[] }
  | { readonly kind: 'cni-configs'; readonly items: readonly CniConfig[] }
  | { readonly kind: 'flannel-net-conf'; readonly items: readonly FlannelNetConf[] }
  | { readonly kind: 'linux-cni-conf'; readonly items: readonly LinuxCniConf[] }
  | { readonly kind: 'source-vip'; readonly items: readonly SourceVip[] }
  | { readonly kind: 'subnet-env'; readonly items: readonly SubnetEnv[] }
  | { readonly kind: 'logs'; readonly items: readonly LogFile[] }
  | {
      readonly kind: 'host-name';
      readonly items: readonly { readonly name: string; readonly evidence: readonly Evidence[] }[];
    }
  | {
      readonly kind: 'captures';
      readonly items: readonly {
        readonly file: string;
        readonly format: string;
        readonly bytes: number;
        readonly evidence: readonly Evidence[];
        /** What it holds, where it was read: formats that are only listed have none. */
        readonly capture?: Capture | undefined;
      }[];
    }
  /** Recognised and inventoried, not interpreted (winevt, nvspinfo, ...). */
  | {
      readonly kind: 'opaque';
      readonly items: readonly { readonly what: string; readonly evidence: readonly Evidence[] }[];
    };

export type FactKind = Facts['kind'];
export type FactsOf<K extends FactKind> = Extract<Facts, { readonly kind: K }>;
