import { mac } from '../model/ids';
import { parseIpRange, type Ip, type IpRange } from '../model/ip';
import type { VfpConditions } from '../model/vfp';

/** `unknown`: the condition is not interpreted, or the header does not say. Never taken for yes or no. */
export type Match = 'yes' | 'no' | 'unknown';

/** One condition held against a header, for people. */
export interface ConditionCheck {
  /** As printed: `Destination IP : 10.96.0.10`. */
  readonly condition: string;
  readonly result: Match;
  /** The value of the header; `not known` where it has none. */
  readonly value: string;
}

/** All conditions that hold together: `no` beats `unknown`, which beats `yes`. */
export function allOf(...results: readonly Match[]): Match {
  return results.includes('no') ? 'no' : results.includes('unknown') ? 'unknown' : 'yes';
}

/** What conditions ask of a header. What is not known is undefined; addresses are canonical. */
export interface MatchedHeader {
  readonly sourceMac: string | undefined;
  readonly destinationMac: string | undefined;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly protocol: number;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tcpFlags: readonly string[];
}

/** A header prepared for many comparisons: the outermost one of a packet in a tunnel. */
export interface MatchSubject {
  readonly header: MatchedHeader;
  readonly source: Ip | undefined;
  readonly destination: Ip | undefined;
  /** 4 or 6, of the outermost header. */
  readonly family: 4 | 6 | undefined;
  /** How many tunnels it is in, and the VNI of the outermost. */
  readonly tunnels: number;
  readonly vni: number | undefined;
}

type Check = (subject: MatchSubject) => Match;

interface Compiled {
  readonly condition: string;
  readonly value: (subject: MatchSubject) => string;
  readonly check: Check;
}

/** The values that conditions ask for, by field: between the bounds of these ranges no answer changes. */
export interface AskedValues {
  readonly sources: readonly IpRange[];
  readonly destinations: readonly IpRange[];
  readonly sourcePorts: readonly PortRange[];
  readonly destinationPorts: readonly PortRange[];
  readonly sourceMacs: readonly string[];
  readonly destinationMacs: readonly string[];
}

/** An inclusive range of ports. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Conditions read once, to be held against many headers. */
export interface CompiledConditions {
  readonly all: readonly Compiled[];
  readonly asked: AskedValues;
  /** The ranges of `Destination IP`, for longest prefix match and for the index; undefined without the condition. */
  readonly destinations: readonly IpRange[] | undefined;
  /** False when an address of `Destination IP` could not be read: the index must not skip the rule. */
  readonly destinationsRead: boolean;
}

/**
 * Reads the conditions of a rule or group. Items of one condition are alternatives; conditions all
 * must hold. `flags` are those of a rule: some of them are conditions too.
 */
export function compileConditions(conditions: VfpConditions, flags = ''): CompiledConditions {
  const all: Compiled[] = [];
  addFlags(all, flags);
  const { protocols } = conditions;
  if (protocols.length > 0) {
    all.push({
      condition: `Protocols : ${protocols.join(', ')}`,
      value: ({ header }) => String(header.protocol),
      check: ({ header }) => (protocols.includes(header.protocol) ? 'yes' : 'no'),
    });
  }
  const { sourceIps, destinationIps, sourcePorts, destinationPorts } = conditions;
  const asked: AskedValues = {
    sources: addAddresses(all, 'Source IP', sourceIps, (s) => s.source),
    destinations: addAddresses(all, 'Destination IP', destinationIps, (s) => s.destination),
    sourcePorts: addPorts(all, 'Source ports', sourcePorts, (s) => s.header.sourcePort),
    destinationPorts: addPorts(
      all,
      'Destination ports',
      destinationPorts,
      (s) => s.header.destinationPort,
    ),
    sourceMacs: addMacs(all, 'Source MAC', conditions.sourceMacs, (s) => s.header.sourceMac),
    destinationMacs: addMacs(
      all,
      'Destination MAC',
      conditions.destinationMacs,
      (s) => s.header.destinationMac,
    ),
  };
  for (const text of conditions.other) all.push(otherCondition(text));
  return {
    all,
    asked,
    destinations: destinationIps.length === 0 ? undefined : asked.destinations,
    destinationsRead: asked.destinations.length === destinationIps.length,
  };
}

const within = (range: IpRange, ip: Ip): boolean =>
  range.family === ip.family && ip.value >= range.from && ip.value <= range.to;

const alternatives = (hit: boolean, unread: number): Match =>
  hit ? 'yes' : unread > 0 ? 'unknown' : 'no';

/** Rule flags of vfpctrl's help: 4 matches all but TCP SYN, 16 matches TCP SYN only. */
const NOT_SYN = 4;
const SYN_ONLY = 16;

/** Does the packet begin a TCP connection? */
export const isSyn = ({ protocol, tcpFlags }: MatchedHeader): boolean =>
  protocol === 6 && tcpFlags.includes('SYN') && !tcpFlags.includes('ACK');

function addFlags(all: Compiled[], text: string): void {
  const flags = Number(/^\s*(0x[0-9a-f]+|\d+)/i.exec(text)?.[1] ?? 0);
  const value = ({ header }: MatchSubject): string => header.tcpFlags.join(' ') || 'no TCP flag';
  if ((flags & NOT_SYN) !== 0)
    all.push({
      condition: `Flags : ${text} (not for SYN)`,
      value,
      check: ({ header }) => (isSyn(header) ? 'no' : 'yes'),
    });
  if ((flags & SYN_ONLY) !== 0)
    all.push({
      condition: `Flags : ${text} (for SYN only)`,
      value,
      check: ({ header }) => (isSyn(header) ? 'yes' : 'no'),
    });
}

function addAddresses(
  all: Compiled[],
  key: string,
  texts: readonly string[],
  of: (subject: MatchSubject) => Ip | undefined,
): readonly IpRange[] {
  if (texts.length === 0) return [];
  const read = texts.flatMap((text) => parseIpRange(text) ?? []);
  all.push({
    condition: `${key} : ${texts.join(', ')}`,
    value: ({ header }) => (key === 'Source IP' ? header.sourceIp : header.destinationIp),
    check: (subject) => {
      const ip = of(subject);
      if (ip === undefined) return 'unknown';
      return alternatives(
        read.some((range) => within(range, ip)),
        texts.length - read.length,
      );
    },
  });
  return read;
}

function addPorts(
  all: Compiled[],
  key: string,
  texts: readonly string[],
  of: (subject: MatchSubject) => number | undefined,
): readonly PortRange[] {
  if (texts.length === 0) return [];
  const read = texts.flatMap((text) => {
    const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text.trim());
    return match ? [{ from: Number(match[1]), to: Number(match[2] ?? match[1]) }] : [];
  });
  all.push({
    condition: `${key} : ${texts.join(', ')}`,
    value: (subject) => String(of(subject) ?? 'not known'),
    check: (subject) => {
      const port = of(subject);
      // Ports are those of TCP and UDP; ICMP has none that a port condition could meet.
      if (![6, 17].includes(subject.header.protocol)) return 'no';
      if (port === undefined) return 'unknown';
      return alternatives(
        read.some(({ from, to }) => port >= from && port <= to),
        texts.length - read.length,
      );
    },
  });
  return read;
}

function addMacs(
  all: Compiled[],
  key: string,
  texts: readonly string[],
  of: (subject: MatchSubject) => string | undefined,
): readonly string[] {
  if (texts.length === 0) return [];
  const read = texts.flatMap((text) => mac(text) ?? []);
  all.push({
    condition: `${key} : ${texts.join(', ')}`,
    value: (subject) => of(subject) ?? 'not known',
    check: (subject) => {
      const address = of(subject);
      if (address === undefined) return 'unknown';
      return alternatives(read.includes(address), texts.length - read.length);
    },
  });
  return read;
}

/** `GRE key` is the VNI of the tunnel; everything else that is not known stays unknown. */
function otherCondition(text: string): Compiled {
  const key = /^GRE key\s*:\s*(\d+)$/i.exec(text.trim())?.[1];
  if (key === undefined)
    return { condition: text, value: () => 'not known', check: () => 'unknown' };
  return {
    condition: text,
    value: ({ vni }) => String(vni ?? 'not in a tunnel'),
    check: ({ header, vni }) =>
      vni === undefined
        ? header.destinationPort === 4789
          ? 'unknown'
          : 'no'
        : vni === Number(key)
          ? 'yes'
          : 'no',
  };
}

/** Do all conditions hold? */
export function matches(conditions: CompiledConditions, subject: MatchSubject): Match {
  let result: Match = 'yes';
  for (const { check } of conditions.all) {
    const one = check(subject);
    if (one === 'no') return 'no';
    if (one === 'unknown') result = 'unknown';
  }
  return result;
}

/** Every condition with what the header has. Empty: the rule has none and takes every packet. */
export function explained(
  conditions: CompiledConditions,
  subject: MatchSubject,
): readonly ConditionCheck[] {
  return conditions.all.map(({ condition, check, value }) => ({
    condition,
    result: check(subject),
    value: value(subject),
  }));
}

/** How many bits of the destination the rule leaves open: the smaller, the longer its prefix. */
export function openBits(conditions: CompiledConditions, subject: MatchSubject): number {
  const ip = subject.destination;
  if (conditions.destinations === undefined || ip === undefined) return 129;
  const sizes = conditions.destinations
    .filter((range) => within(range, ip))
    .map((range) => (range.to - range.from).toString(2).length - (range.to === range.from ? 1 : 0));
  return sizes.length === 0 ? 129 : Math.min(...sizes);
}
