/** Link types that are decoded, by their LINKTYPE_ number (tcpdump.org/linktypes.html). */
export const LINK = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [LINK.null, 'BSD loopback'],
  [LINK.ethernet, 'Ethernet'],
  [LINK.rawBsd, 'raw IP'],
  [LINK.rawOpenBsd, 'raw IP'],
  [LINK.raw, 'raw IP'],
  [LINK.loop, 'OpenBSD loopback'],
  [LINK.linuxCooked, 'Linux cooked'],
  [LINK.ipv4, 'raw IPv4'],
  [LINK.ipv6, 'raw IPv6'],
  [LINK.linuxCooked2, 'Linux cooked v2'],
]);

/** Name of a link type; undefined for one that is not decoded. */
export const linkTypeName = (linkType: number): string | undefined => NAMES.get(linkType);
