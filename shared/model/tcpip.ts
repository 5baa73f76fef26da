import type { Evidence, Sourced } from './evidence';

/** A port of a vSwitch (`vfpctrl /list-vmswitch-port`). */
export interface VSwitchPort extends Sourced {
  /** Canonical port GUID. */
  readonly name: string;
  readonly friendlyName?: string | undefined;
  readonly switchName?: string | undefined;
  readonly switchFriendlyName?: string | undefined;
  readonly portId?: string | undefined;
  readonly portType?: string | undefined;
  readonly nicName?: string | undefined;
  readonly nicFriendlyName?: string | undefined;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  readonly vmName?: string | undefined;
  readonly initialized?: boolean | undefined;
  readonly nicConnected?: boolean | undefined;
  /** Counters of the port by printed name (`Ingress drop`, `SYN packets OUT`, ...). */
  readonly counters: ReadonlyMap<string, number>;
}

/** An adapter in a network compartment (`ipconfig /allcompartments /all`). */
export interface Adapter extends Sourced {
  readonly compartment: number;
  readonly name: string;
  readonly kind: string;
  readonly description?: string | undefined;
  readonly mac?: string | undefined;
  readonly mediaDisconnected: boolean;
  readonly ipv4: readonly {
    readonly address: string;
    readonly prefixLength?: number | undefined;
    readonly status?: string | undefined;
  }[];
  readonly ipv6: readonly {
    readonly address: string;
    readonly prefixLength?: number | undefined;
    readonly status?: string | undefined;
  }[];
  readonly gateways: readonly string[];
  readonly dnsServers: readonly string[];
  readonly dnsSuffix?: string | undefined;
  readonly suffixSearchList: readonly string[];
  /** Where single properties stand, for findings about one of them. */
  readonly lines?: AdapterLines | undefined;
  /** The file ends inside of this block: what is not there may have been lost. */
  readonly cut?: boolean | undefined;
}

export interface AdapterLines {
  readonly ipv4?: Evidence | undefined;
  readonly gateway?: Evidence | undefined;
  readonly dns?: Evidence | undefined;
  readonly suffix?: Evidence | undefined;
}

/** A compartment as ipconfig shows it; 1 is the host. `compartment` is 1 where the file has no banners. */
export interface Compartment extends Sourced {
  readonly id: number;
  readonly active: boolean;
  readonly hostName?: string | undefined;
  readonly suffixSearchList: readonly string[];
  readonly adapters: readonly Adapter[];
  /** True for plain `ipconfig /all` run inside a container: it is a pod's view, `container` names it where the prompt does. */
  readonly insideContainer?: string | undefined;
}

export interface Route extends Sourced {
  readonly destination: string;
  /** Canonical next hop; `on-link` for none. */
  readonly nextHop: string;
  readonly ifIndex?: number | undefined;
  /** `route print` names the interface by its address. */
  readonly interfaceAddress?: string | undefined;
  readonly routeMetric?: number | undefined;
  readonly interfaceMetric?: number | undefined;
  /** `route print` shows the sum of both metrics. */
  readonly metricSum?: number | undefined;
  readonly persistent: boolean;
  readonly source: 'Get-NetRoute' | 'route print';
}

/** The Interface List of `route print`, `netsh int ipv4 sh int`, Get-NetIPInterface, Get-NetIPAddress: facts by ifIndex. */
export interface IpInterface extends Sourced {
  readonly ifIndex: number;
  readonly alias?: string | undefined;
  /** The driver's text, which `route print` lists in place of the alias. */
  readonly description?: string | undefined;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  readonly metric?: number | undefined;
  readonly state?: string | undefined;
  readonly forwarding?: boolean | undefined;
  readonly addresses: readonly string[];
}

export interface PortRange extends Sourced {
  readonly use: 'excluded' | 'dynamic';
  readonly protocol?: 'tcp' | 'udp' | undefined;
  readonly from: number;
  readonly to: number;
  readonly administered: boolean;
}

/** reservedports.txt: the estimate and the reservation probe. */
export interface PortReservation extends Sourced {
  readonly protocol?: 'tcp' | 'udp' | undefined;
  readonly freeBlocks?: number | undefined;
  readonly error: boolean;
  readonly text: string;
}

export interface Neighbour extends Sourced {
  readonly interfaceAddress?: string | undefined;
  readonly ifIndex?: number | undefined;
  readonly ip: string;
  readonly mac?: string | undefined;
  readonly state?: string | undefined;
}

/** A NAT of Windows itself (`Get-NetNat`), beside what HNS and VFP translate. */
export interface WindowsNat extends Sourced {
  readonly name: string;
  /** Canonical prefixes; undefined where none is set. */
  readonly internalPrefix?: string | undefined;
  readonly externalPrefix?: string | undefined;
  readonly active?: boolean | undefined;
}

/** What the DNS client of the host is set to. */
export type DnsClientSetting = Sourced &
  (
    | {
        readonly kind: 'servers';
        readonly alias: string;
        readonly ifIndex?: number | undefined;
        readonly family: 4 | 6 | undefined;
        readonly servers: readonly string[];
      }
    | {
        readonly kind: 'suffixes';
        readonly suffixes: readonly string[];
        readonly used?: boolean | undefined;
      }
    /** A rule of the name resolution policy table: names of this space go to these servers. */
    | { readonly kind: 'policy'; readonly namespace: string; readonly servers: readonly string[] }
  );

/** `DisabledComponents` of Tcpip6 in the registry; undefined where it is not set, which means 0. */
export interface Ipv6Setting extends Sourced {
  readonly disabledComponents: number | undefined;
}

/** A TCP connection or listener of the host (`Get-NetTCPConnection`). */
export interface TcpConnection extends Sourced {
  /** Canonical; undefined where the table cut it. */
  readonly localAddress?: string | undefined;
  readonly localPort: number;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  /** As printed: `Listen`, `Established`. */
  readonly state: string;
  readonly pid?: number | undefined;
}

/** What one adapter counted since it started (`Get-NetAdapterStatistics`). */
export interface AdapterStatistics extends Sourced {
  readonly file: string;
  /** Where the collector asked again: the later of two samples of one folder is 2. */
  readonly order: 1 | 2;
  readonly adapter: string;
  readonly description?: string | undefined;
  /** By name as printed: `ReceivedDiscardedPackets`. */
  readonly counters: ReadonlyMap<string, number>;
}
