import type { Evidence, Sourced } from './evidence';
import type { HnsPolicy } from './hns';

/** A value of a configuration with the lines it stands on. */
export interface Placed<T> {
  readonly value: T;
  readonly evidence: Evidence;
}

/** A problem in the text itself (not JSON, a no-break space, a comment). Column is 1-based. */
export interface ConfigProblem {
  readonly message: string;
  readonly column: number;
  readonly evidence: Evidence;
}

export interface CniPolicy {
  readonly policy: HnsPolicy;
  /** How the file wrote it: flat V1 fields or V2 `Settings`. */
  readonly form: 'v1' | 'v2';
  /** OutBoundNAT exceptions one by one, with their own lines. */
  readonly exceptions: readonly Placed<string>[];
  readonly evidence: Evidence;
}

export interface CniPlugin {
  readonly type?: Placed<string> | undefined;
  /** `delegate.type` under flannel. */
  readonly delegateType?: Placed<string> | undefined;
  readonly apiVersion?: Placed<number> | undefined;
  readonly policies: readonly CniPolicy[];
  readonly dnsServers: readonly Placed<string>[];
  readonly dnsSearch: readonly Placed<string>[];
  readonly ipamType?: Placed<string> | undefined;
  readonly ipamSubnet?: Placed<string> | undefined;
  readonly loopbackDsr?: Placed<boolean> | undefined;
  readonly endpointMacPrefix?: Placed<string> | undefined;
  readonly ipMasq?: Placed<boolean> | undefined;
  readonly dnsCapability: boolean;
  readonly evidence: Evidence;
}

/** A CNI configuration file (.conf or .conflist) of the node. */
export interface CniConfig extends Sourced {
  readonly file: string;
  readonly name?: Placed<string> | undefined;
  readonly cniVersion?: Placed<string> | undefined;
  readonly plugins: readonly CniPlugin[];
  readonly problems: readonly ConfigProblem[];
  /** The text ends before its JSON does: what is not in it may have been lost with the end. */
  readonly cut?: boolean | undefined;
}

/** flannel's net-conf.json. */
export interface FlannelNetConf extends Sourced {
  readonly network?: Placed<string> | undefined;
  readonly backendType?: Placed<string> | undefined;
  readonly backendName?: Placed<string> | undefined;
  readonly vni?: Placed<number> | undefined;
  readonly port?: Placed<number> | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** flannel's cni-conf.json as the Linux config map holds it. */
export interface LinuxCniConf extends Sourced {
  readonly name?: Placed<string> | undefined;
  readonly types: readonly Placed<string>[];
  readonly problems: readonly ConfigProblem[];
}

/** sourceVip.json (or sourceVipRequest.json): the address kube-proxy uses as source VIP on overlay. */
export interface SourceVip extends Sourced {
  readonly address?: Placed<string> | undefined;
  readonly prefixLength?: number | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** flannel's subnet.env. */
export interface SubnetEnv extends Sourced {
  readonly network?: Placed<string> | undefined;
  readonly subnet?: Placed<string> | undefined;
  readonly mtu?: Placed<number> | undefined;
}
