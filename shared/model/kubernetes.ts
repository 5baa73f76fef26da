import type { Sourced } from './evidence';

/** Times are milliseconds UTC. Fields that a table does not show stay undefined: not known, not empty. */
export interface KubeNode extends Sourced {
  readonly name: string;
  readonly internalIps: readonly string[];
  readonly podCidrs: readonly string[];
  readonly ready?: boolean | undefined;
  readonly readyReason?: string | undefined;
  readonly lastHeartbeat?: number | undefined;
  readonly os?: string | undefined;
  readonly osImage?: string | undefined;
  readonly kernelVersion?: string | undefined;
  readonly kubeletVersion?: string | undefined;
  readonly containerRuntimeVersion?: string | undefined;
  readonly providerId?: string | undefined;
  readonly annotations: ReadonlyMap<string, string>;
  readonly createdAt?: number | undefined;
}

export interface KubePod extends Sourced {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly node?: string | undefined;
  readonly phase?: string | undefined;
  /** STATUS column of kubectl, or the waiting/terminated reason. */
  readonly status?: string | undefined;
  readonly ready?: string | undefined;
  readonly restarts?: number | undefined;
  readonly ageSeconds?: number | undefined;
  readonly ips: readonly string[];
  readonly ipKnown: boolean;
  readonly hostNetwork?: boolean | undefined;
  readonly hostProcess?: boolean | undefined;
  readonly dnsPolicy?: string | undefined;
  readonly containerIds: readonly string[];
  readonly images: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly createdAt?: number | undefined;
}

export interface KubeServicePort {
  readonly name?: string | undefined;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort?: string | undefined;
  readonly nodePort?: number | undefined;
}

export interface KubeService extends Sourced {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly type?: string | undefined;
  readonly clusterIps: readonly string[];
  /** `None`: no load balancer is ever made. */
  readonly headless: boolean;
  readonly externalIps: readonly string[];
  readonly ports: readonly KubeServicePort[];
  readonly externalTrafficPolicy?: string | undefined;
  readonly internalTrafficPolicy?: string | undefined;
  readonly sessionAffinity?: string | undefined;
  readonly endpoints?: readonly string[] | undefined;
}

export interface KubeEndpoints extends Sourced {
  readonly service: string;
  readonly namespace?: string | undefined;
  /** Ready addresses only, with the ports (by name) that they serve. */
  readonly addresses: readonly {
    readonly ip: string;
    readonly ready: boolean;
    readonly node?: string | undefined;
    readonly pod?: string | undefined;
  }[];
  readonly ports: readonly {
    readonly name?: string | undefined;
    readonly protocol: string;
    readonly port: number;
  }[];
}

/** A DaemonSet: one pod on each node it selects. */
export interface KubeDaemonSet extends Sourced {
  readonly name: string;
  readonly namespace?: string | undefined;
  /** Nodes that should have its pod. */
  readonly desired?: number | undefined;
  readonly ready?: number | undefined;
  /** `kubernetes.io/os` of its node selector. */
  readonly os?: string | undefined;
  readonly hostProcess: boolean;
}

export interface KubeEvent extends Sourced {
  readonly type?: string | undefined;
  readonly reason: string;
  readonly objectKind?: string | undefined;
  readonly objectName?: string | undefined;
  readonly namespace?: string | undefined;
  readonly message: string;
  readonly count?: number | undefined;
  readonly lastSeen?: number | undefined;
  readonly firstSeen?: number | undefined;
  /** Age columns, seconds before collection. */
  readonly lastSeenAgo?: number | undefined;
  readonly firstSeenAgo?: number | undefined;
  readonly source?: string | undefined;
  readonly host?: string | undefined;
}
