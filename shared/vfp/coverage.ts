import { mac } from '../model/ids';
import { parseIpRange, type IpRange } from '../model/ip';
import type { VfpConditions } from '../model/vfp';

/**
 * Does every packet that meets `narrow` meet `wide` too? Says yes only where the texts prove it: what
 * cannot be read covers nothing and is covered by nothing but a condition that is not there.
 */
export function covers(wide: VfpConditions, narrow: VfpConditions): boolean {
  return (
    listed(wide.protocols.map(String), narrow.protocols.map(String)) &&
    ranged(wide.sourceIps, narrow.sourceIps, parseIpRange) &&
    ranged(wide.destinationIps, narrow.destinationIps, parseIpRange) &&
    ranged(wide.sourcePorts, narrow.sourcePorts, portRange) &&
    ranged(wide.destinationPorts, narrow.destinationPorts, portRange) &&
    listed(wide.sourceMacs.map(macKey), narrow.sourceMacs.map(macKey)) &&
    listed(wide.destinationMacs.map(macKey), narrow.destinationMacs.map(macKey)) &&
    // Conditions that are not interpreted: only the very same text means the same.
    wide.other.every((text) => narrow.other.includes(text))
  );
}

/** Do both take the same packets? */
export const sameConditions = (a: VfpConditions, b: VfpConditions): boolean =>
  covers(a, b) && covers(b, a);

/** Do both name the same destinations, whatever else they ask for? */
export const sameDestinations = (a: VfpConditions, b: VfpConditions): boolean =>
  ranged(a.destinationIps, b.destinationIps, parseIpRange) &&
  ranged(b.destinationIps, a.destinationIps, parseIpRange);

/** Is there no condition at all? */
export const isCatchAll = (conditions: VfpConditions): boolean =>
  Object.values(conditions).every((items: readonly unknown[]) => items.length === 0);

const macKey = (text: string): string => mac(text) ?? text;

/** An empty list asks for nothing: it is the widest. */
const listed = (wide: readonly string[], narrow: readonly string[]): boolean =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((item) => wide.includes(item)));

interface Range {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

function ranged(
  wide: readonly string[],
  narrow: readonly string[],
  read: (text: string) => Range | undefined,
): boolean {
  if (wide.length === 0) return true;
  const outer = wide.flatMap((text) => read(text) ?? []);
  const inner = narrow.map(read);
  return (
    inner.length > 0 &&
    inner.every((each) => each !== undefined && outer.some((range) => holds(range, each)))
  );
}

const holds = (outer: Range, inner: Range): boolean =>
  outer.family === inner.family && outer.from <= inner.from && outer.to >= inner.to;

function portRange(text: string): Range | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  return { family: 4, from: BigInt(match[1]), to: BigInt(match[2] ?? match[1]) };
}

/** Addresses that both lists of destinations hold; undefined when they share none that can be read. */
export function sharedDestinations(a: VfpConditions, b: VfpConditions): IpRange | undefined {
  const others = b.destinationIps.flatMap((text) => parseIpRange(text) ?? []);
  for (const text of a.destinationIps) {
    const one = parseIpRange(text);
    if (one === undefined) continue;
    for (const other of others) {
      const from = one.from > other.from ? one.from : other.from;
      const to = one.to < other.to ? one.to : other.to;
      if (one.family === other.family && from <= to) return { family: one.family, from, to };
    }
  }
  return undefined;
}
