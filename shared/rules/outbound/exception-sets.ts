import { ipText, parseIpRange, rangeCidr, cidrText, type IpRange } from '../../model/ip';

/** Addresses as ranges in order that neither touch nor overlap: two spellings of one set are equal. */
export function mergedRanges(ranges: readonly IpRange[]): IpRange[] {
  const sorted = [...ranges].sort((a, b) =>
    a.family !== b.family ? a.family - b.family : a.from < b.from ? -1 : a.from > b.from ? 1 : 0,
  );
  const out: IpRange[] = [];
  for (const range of sorted) {
    const last = out.at(-1);
    if (last?.family === range.family && range.from <= last.to + 1n) {
      if (range.to > last.to) out[out.length - 1] = { ...last, to: range.to };
    } else out.push(range);
  }
  return out;
}

/** Is every address of the range in the merged set? */
export function coveredBy(range: IpRange, merged: readonly IpRange[]): boolean {
  return merged.some((m) => m.family === range.family && m.from <= range.from && range.to <= m.to);
}

/** Ranges of prefixes as text; what is no address is left out. */
export const rangesOf = (texts: readonly string[]): IpRange[] =>
  texts.flatMap((text) => parseIpRange(text) ?? []);

/** A range as people write it: a prefix where it is one. */
export function rangeText(range: IpRange): string {
  const cidr = rangeCidr(range);
  if (cidr) return cidrText(cidr);
  const at = (value: bigint): string => ipText({ family: range.family, value });
  return `${at(range.from)}-${at(range.to)}`;
}
