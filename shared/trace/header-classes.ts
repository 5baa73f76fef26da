import type { Ip, IpRange } from '../model/ip';
import { isSyn, type AskedValues, type MatchSubject, type PortRange } from '../vfp/conditions';

/**
 * Names the class of a header: two headers of one class get the same answer from every one of some
 * conditions (equivalence classes of header space analysis: Kazemian et al., NSDI 2012).
 */
export type HeaderClass = (subject: MatchSubject) => string;

/** VXLAN's port, which a `GRE key` condition asks for too. */
const ALWAYS_ASKED: PortRange = { from: 4789, to: 4789 };

/** The classes that conditions tell apart, by the values that they ask for. */
export function headerClasses(asked: readonly AskedValues[]): HeaderClass {
  const parts: HeaderClass[] = [
    ({ header, tunnels, vni }) => `${header.protocol} ${isSyn(header)} ${tunnels} ${vni ?? ''}`,
  ];
  const destinationPorts = numberClass([ALWAYS_ASKED, ...asked.flatMap((a) => a.destinationPorts)]);
  parts.push(({ header }) => destinationPorts(header.destinationPort));
  const sources = asked.flatMap((a) => a.sources);
  if (sources.length > 0) {
    const of = addressClass(sources);
    parts.push(({ header, source }) => of(header.sourceIp, source));
  }
  const destinations = asked.flatMap((a) => a.destinations);
  if (destinations.length > 0) {
    const of = addressClass(destinations);
    parts.push(({ header, destination }) => of(header.destinationIp, destination));
  }
  const sourcePorts = asked.flatMap((a) => a.sourcePorts);
  if (sourcePorts.length > 0) {
    const of = numberClass(sourcePorts);
    parts.push(({ header }) => of(header.sourcePort));
  }
  const sourceMacs = new Set(asked.flatMap((a) => a.sourceMacs));
  if (sourceMacs.size > 0) parts.push(({ header }) => macClass(sourceMacs, header.sourceMac));
  const destinationMacs = new Set(asked.flatMap((a) => a.destinationMacs));
  if (destinationMacs.size > 0)
    parts.push(({ header }) => macClass(destinationMacs, header.destinationMac));
  return (subject) => {
    let key = '';
    for (const part of parts) key += `${part(subject)} `;
    return key;
  };
}

/** Which stretch between two bounds of the ranges an address is in; families apart. */
function addressClass(ranges: readonly IpRange[]): (text: string, ip: Ip | undefined) => string {
  const bounds = { 4: boundsOf(ranges, 4), 6: boundsOf(ranges, 6) };
  const known = new Map<string, string>();
  return (text, ip) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = ip === undefined ? '?' : `${ip.family}.${stretch(bounds[ip.family], ip.value)}`;
    known.set(text, made);
    return made;
  };
}

const ascending = <T extends bigint | number>(values: readonly T[]): readonly T[] =>
  [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const boundsOf = (ranges: readonly IpRange[], family: 4 | 6): readonly bigint[] =>
  ascending(ranges.filter((r) => r.family === family).flatMap(({ from, to }) => [from, to + 1n]));

function numberClass(ranges: readonly PortRange[]): (port: number | undefined) => string {
  const bounds = ascending(ranges.flatMap(({ from, to }) => [from, to + 1]));
  return (port) => (port === undefined ? '?' : String(stretch(bounds, port)));
}

const macClass = (known: ReadonlySet<string>, mac: string | undefined): string =>
  mac === undefined ? '?' : known.has(mac) ? mac : '-';

/** How many bounds are not above the value: binary search. */
function stretch<T extends bigint | number>(bounds: readonly T[], value: T): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = bounds[middle];
    if (bound !== undefined && bound <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
