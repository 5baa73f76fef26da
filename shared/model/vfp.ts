import type { Evidence } from './evidence';

export type VfpDirection = 'IN' | 'OUT';

/** Rule types with known data (formats of `vfpctrl`); `other` keeps the printed word. */
export type VfpRuleType =
  | 'allow'
  | 'block'
  | 'lbnat'
  | 'nat'
  | 'dynnat'
  | 'mapnat'
  | 'transposition'
  | 'routeencap'
  | 'mapencap'
  | 'decap'
  | 'paroute'
  | 'meter'
  | 'redirect'
  | 'other';

export interface VfpDip {
  readonly ip: string;
  readonly port: number;
}

export interface VfpEncapDestination {
  readonly ip: string;
  readonly mac?: string | undefined;
  /** `GRE key` is the VXLAN VNI. */
  readonly greKey?: number | undefined;
}

/** Conditions of a rule or group; all must hold. Addresses and ranges as printed, list items separate. */
export interface VfpConditions {
  readonly protocols: readonly number[];
  readonly sourceIps: readonly string[];
  readonly destinationIps: readonly string[];
  readonly sourcePorts: readonly string[];
  readonly destinationPorts: readonly string[];
  readonly sourceMacs: readonly string[];
  readonly destinationMacs: readonly string[];
  /** Conditions that are not interpreted, as printed. */
  readonly other: readonly string[];
}

/**
 * What a rule says, without where it stands. Equal text on many ports is one body:
 * a busy node repeats each load-balancing rule on every port.
 */
export interface VfpRuleBody {
  readonly name: string;
  readonly friendlyName: string;
  readonly priority: number | undefined;
  readonly terminating: boolean;
  readonly flags: string;
  readonly type: VfpRuleType;
  /** The type as printed. */
  readonly typeText: string;
  readonly conditions: VfpConditions;
  readonly flowTtl: number | undefined;
  readonly dips: readonly VfpDip[];
  /** `Count of DIP Ranges`, to hold against `dips.length`. */
  readonly dipCount: number | undefined;
  readonly encapSource: string | undefined;
  readonly encapDestinations: readonly VfpEncapDestination[];
  readonly greKey: number | undefined;
  /** Modifications of a transposition: canonical MACs, addresses, ports. */
  readonly setSourceMac: string | undefined;
  readonly setDestinationMac: string | undefined;
  readonly setSourceIp: string | undefined;
  readonly setDestinationIp: string | undefined;
  /** NAT pool or range name of nat/dynnat rules. */
  readonly natPool: string | undefined;
  /** The data lines as printed (trimmed), for display and for types that are not interpreted. */
  readonly data: readonly string[];
}

export interface VfpRuleCounters {
  readonly matchedPackets?: number | undefined;
  readonly droppedPackets?: number | undefined;
  readonly pendingPackets?: number | undefined;
  readonly droppedFlows?: number | undefined;
}

/** Where a rule stands. Index in the dump is its identity: `vfp:<index>`. */
export interface VfpRulePlace {
  readonly index: number;
  readonly port: number;
  /** Index into `groups`; -1 when the dump shows a rule outside any group. */
  readonly group: number;
  readonly bodyId: number;
  readonly evidence: Evidence;
}

export interface VfpPortState {
  readonly enabled?: boolean | undefined;
  readonly blocked?: boolean | undefined;
  readonly blockedOnRestore?: boolean | undefined;
  readonly blockedLayerCreation?: boolean | undefined;
  readonly evidence: Evidence;
}

export interface VfpNatRange {
  readonly name: string;
  readonly text: readonly string[];
  readonly evidence: Evidence;
}

/** A port of the dump. A fragment without a `Policy for port` line has one port named `''`. */
export interface VfpPort {
  readonly index: number;
  /** Canonical port GUID (the HNS EndpointPortGuid), or the name as printed. */
  readonly name: string;
  readonly friendlyName?: string | undefined;
  readonly mac?: string | undefined;
  readonly portId?: string | undefined;
  readonly state?: VfpPortState | undefined;
  readonly natRanges: readonly VfpNatRange[];
  /** Which vfpctrl verbs succeeded / failed for the port: list-layer, list-rule, get-rule-counter, ... */
  readonly verbs: readonly {
    readonly verb: string;
    readonly ok: boolean;
    readonly text: string;
    readonly evidence: Evidence;
  }[];
  readonly evidence: Evidence;
}

export interface VfpLayer {
  readonly index: number;
  readonly port: number;
  readonly name: string;
  readonly priority: number | undefined;
  readonly flags: string;
  readonly defaultAllow: boolean;
  readonly evidence: Evidence;
}

export interface VfpGroup {
  readonly index: number;
  readonly port: number;
  /** Index into `layers`; -1 when the dump shows a group outside any layer. */
  readonly layer: number;
  readonly name: string;
  readonly priority: number | undefined;
  readonly direction: VfpDirection | undefined;
  readonly type: string;
  readonly conditions: VfpConditions;
  readonly matchType: string;
  readonly ruleCount: number;
  readonly evidence: Evidence;
}

/**
 * A vfpOutput.txt in compact form: columns of numbers, text decoded on demand.
 * Rule indexes run 0..ruleCount-1 in file order. Bodies are interned by text.
 */
export interface VfpDump {
  readonly file: string;
  readonly ports: readonly VfpPort[];
  readonly layers: readonly VfpLayer[];
  readonly groups: readonly VfpGroup[];
  readonly ruleCount: number;
  readonly bodyCount: number;
  /** Where rule `index` stands. Throws RangeError outside 0..ruleCount-1. */
  rule(index: number): VfpRulePlace;
  /** The parsed body; parsed once, cached. */
  body(bodyId: number): VfpRuleBody;
  /** Cheap: no object, for loops over all rules. */
  bodyIdOf(index: number): number;
  portOf(index: number): number;
  groupOf(index: number): number;
  /** Rule indexes of a group, or of a port: a half-open range, rules of one port are contiguous in the file. */
  rulesOfGroup(group: number): readonly number[];
  rulesOfPort(port: number): readonly number[];
  /** Rule indexes that share a body. */
  rulesOfBody(bodyId: number): readonly number[];
  counters(index: number): VfpRuleCounters | undefined;
}
