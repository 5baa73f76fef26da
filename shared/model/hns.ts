import type { Evidence, Sourced } from './evidence';

/** HNS network types (HCN schema `HostComputeNetwork.Type`); the case in files varies. */
export type NetworkType =
  | 'l2bridge'
  | 'overlay'
  | 'l2tunnel'
  | 'transparent'
  | 'nat'
  | 'ics'
  | 'private'
  | 'internal'
  | 'unknown';

export interface Health {
  /** HRESULT of the last operation; 0 is success. */
  readonly lastErrorCode: number;
  /** FILETIME as printed (18 digits: beyond exact numbers). */
  readonly lastUpdateTime?: string | undefined;
}

export interface HnsSubnet {
  readonly prefix: string;
  readonly gateway?: string | undefined;
  /** VSID (the VXLAN VNI) or VLAN of the subnet's isolation policy. */
  readonly vsid?: number | undefined;
  readonly vlan?: number | undefined;
}

export interface SwitchExtension {
  readonly id?: string | undefined;
  readonly name: string;
  readonly enabled: boolean;
}

/**
 * One HNS policy of a network or endpoint, V1 and V2 alike: V1 keeps its fields beside `Type`,
 * V2 under `Settings`. Unknown types keep their text.
 */
export type HnsPolicy = Sourced &
  (
    | {
        readonly kind: 'outbound-nat';
        readonly exceptions: readonly string[];
        /** False where the file prints the list only as `System.Object[]`: the exceptions are then not known. */
        readonly exceptionsKnown: boolean;
        readonly virtualIp?: string | undefined;
        /** Loopback DSR: NAT only towards these destinations. */
        readonly destinations: readonly string[];
      }
    | {
        readonly kind: 'route';
        readonly destinationPrefix: string;
        readonly nextHop?: string | undefined;
        readonly needEncap: boolean;
      }
    | { readonly kind: 'provider-address'; readonly address: string }
    | {
        readonly kind: 'remote-subnet-route';
        readonly destinationPrefix: string;
        readonly isolationId?: number | undefined;
        readonly providerAddress?: string | undefined;
        readonly drMac?: string | undefined;
      }
    | { readonly kind: 'host-route' }
    | { readonly kind: 'l2-driver' }
    | { readonly kind: 'dr-mac'; readonly mac: string }
    | { readonly kind: 'source-mac'; readonly mac: string }
    | { readonly kind: 'net-adapter-name'; readonly adapter: string }
    | { readonly kind: 'vswitch-extension'; readonly id: string; readonly enabled: boolean }
    | {
        readonly kind: 'acl';
        readonly action: string;
        readonly direction: string;
        readonly protocols: string;
        readonly localAddresses: string;
        readonly remoteAddresses: string;
        readonly localPorts: string;
        readonly remotePorts: string;
        readonly priority?: number | undefined;
      }
    | {
        readonly kind: 'port-mapping';
        readonly protocol?: number | undefined;
        readonly internalPort: number;
        readonly externalPort: number;
      }
    | { readonly kind: 'encap-overhead'; readonly overhead: number }
    | { readonly kind: 'other'; readonly type: string; readonly text: string }
  );

/** Fields whose own lines are kept, so that a finding can point at the line and not at the object. */
export type HnsField =
  | 'id'
  | 'name'
  | 'type'
  | 'subnets'
  | 'managementIp'
  | 'extensions'
  | 'policies'
  | 'state'
  | 'health'
  | 'ip'
  | 'prefixLength'
  | 'mac'
  | 'gateway'
  | 'dnsServers'
  | 'dnsSuffix'
  | 'encapOverhead'
  | 'sharedContainers'
  | 'network'
  | 'namespace'
  | 'compartment'
  | 'resources'
  | 'vips'
  | 'ports'
  | 'endpoints';

/** Lines of single fields of an object, where its file shows them. */
export type FieldLines = ReadonlyMap<HnsField, Evidence>;

export interface HnsNetwork extends Sourced {
  readonly fieldLines?: FieldLines | undefined;
  readonly id: string;
  readonly name?: string | undefined;
  readonly type?: NetworkType | undefined;
  readonly schema?: 1 | 2 | undefined;
  readonly subnets: readonly HnsSubnet[];
  /** V1 `ManagementIP`, else the V2 ProviderAddress policy. `''` when the field is there and empty. */
  readonly managementIp?: string | undefined;
  readonly sourceMac?: string | undefined;
  readonly drMac?: string | undefined;
  readonly adapterName?: string | undefined;
  readonly layeredOn?: string | undefined;
  readonly extensions: readonly SwitchExtension[];
  readonly policies: readonly HnsPolicy[];
  readonly dnsServers: readonly string[];
  readonly dnsSuffix?: string | undefined;
  readonly macRanges: readonly { readonly from: string; readonly to: string }[];
  readonly state?: number | undefined;
  readonly health?: Health | undefined;
}

/** An allocator (sub-resource) that HNS made for an object, e.g. `VFP OutBound NAT Policy`. */
export interface HnsAllocator {
  readonly tag: string;
  readonly state?: number | undefined;
  readonly health?: Health | undefined;
  readonly endpointPortGuid?: string | undefined;
  readonly compartmentId?: number | undefined;
}

export interface HnsEndpoint extends Sourced {
  readonly fieldLines?: FieldLines | undefined;
  readonly id: string;
  readonly name?: string | undefined;
  readonly schema?: 1 | 2 | undefined;
  readonly networkId?: string | undefined;
  readonly networkName?: string | undefined;
  readonly networkType?: NetworkType | undefined;
  /** Canonical addresses, IPv4 first. */
  readonly ipAddresses: readonly string[];
  readonly prefixLength?: number | undefined;
  readonly mac?: string | undefined;
  readonly gateways: readonly string[];
  readonly dnsServers: readonly string[];
  /** Suffixes in order; a V1 `DNSSuffix` may hold a comma separated list. */
  readonly dnsSuffixes: readonly string[];
  readonly isRemote?: boolean | undefined;
  readonly policies: readonly HnsPolicy[];
  /** False where only a list without policies (hnsdiag, a table) names the endpoint. */
  readonly policiesKnown: boolean;
  readonly encapOverhead?: number | undefined;
  readonly sharedContainers: readonly string[];
  readonly namespaceId?: string | undefined;
  readonly compartmentId?: number | undefined;
  /** EndpointPortGuid: the VFP / vSwitch port name. */
  readonly portGuid?: string | undefined;
  /** 0 uninitialized, 1 created, 2 attached, 3 attached-sharing, 4 detached, 5 degraded, 6 destroyed. */
  readonly state?: number | undefined;
  readonly health?: Health | undefined;
  readonly allocators: readonly HnsAllocator[];
  /** FILETIMEs as printed. */
  readonly startTime?: string | undefined;
}

export interface PortMapping {
  /** IP protocol number: 6 TCP, 17 UDP. */
  readonly protocol?: number | undefined;
  readonly externalPort?: number | undefined;
  readonly internalPort?: number | undefined;
}

export interface HnsLoadBalancer extends Sourced {
  readonly fieldLines?: FieldLines | undefined;
  readonly id: string;
  readonly schema?: 1 | 2 | undefined;
  /** Canonical VIPs; empty for a NodePort (the node's own address is meant). */
  readonly vips: readonly string[];
  readonly sourceVip?: string | undefined;
  readonly ports: readonly PortMapping[];
  /** Canonical endpoint ids in the order of the file. */
  readonly endpointIds: readonly string[];
  readonly isDsr?: boolean | undefined;
  readonly isIlb?: boolean | undefined;
  readonly isIpv6?: boolean | undefined;
  readonly localRoutedVip?: boolean | undefined;
  readonly state?: number | undefined;
  readonly health?: Health | undefined;
}

/** What HNS counted at an endpoint since it was made (`/endpointstats` of HNS). */
export interface HnsEndpointStatistics extends Sourced {
  readonly file: string;
  /** Where the collector asked again: the later of two samples of one folder is 2. */
  readonly order: 1 | 2;
  readonly endpointId: string;
  /** Packets. */
  readonly received: number;
  readonly sent: number;
  readonly droppedIn: number;
  readonly droppedOut: number;
}

export interface HnsNamespace extends Sourced {
  readonly fieldLines?: FieldLines | undefined;
  readonly id: string;
  /** V2 `NamespaceId` is the compartment number. */
  readonly compartmentId?: number | undefined;
  readonly compartmentGuid?: string | undefined;
  readonly type?: string | undefined;
  readonly isDefault?: boolean | undefined;
  readonly endpointIds: readonly string[];
  readonly containerIds: readonly string[];
}
