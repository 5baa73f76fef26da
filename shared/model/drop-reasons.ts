/**
 * Why Packet Monitor says that a packet was dropped: PKTMON_DROP_REASON of pktmonnpik.h (Windows
 * driver documentation). Only the reasons that a finding is made of.
 */
const NAMES: ReadonlyMap<number, string> = new Map([
  [8, 'Filtered'],
  [9, 'Filtered VLAN'],
  [10, 'Unauthorized VLAN'],
  [11, 'Unauthorized MAC'],
  [12, 'Failed security policy'],
  [16, 'MAC spoofing'],
  [20, 'Virtual subnet id'],
  [21, 'Required extension missing'],
  [23, 'MTU mismatch'],
  [29, 'Wnv'],
  [33, 'NIC disabled'],
  [34, 'Failed packet filter'],
  [36, 'Filtered isolation untagged'],
  [208, 'Frame too long'],
  [227, 'Vport down'],
  [709, 'MAC guard'],
  [711, 'Unicast no destination'],
  [712, 'Unicast port not ready'],
  [718, 'Port blocked'],
  [719, 'NIC suspended'],
  [904, 'Port unreachable'],
  [907, 'No route'],
  [909, 'Inspection drop'],
  [915, 'Address unreachable'],
  [920, 'Dont fragment MTU exceeded'],
  [921, 'Buffer length exceeded'],
  [922, 'Address resolution timeout'],
  [923, 'Address resolution failure'],
  [928, 'Routing failure'],
  [933, 'Ipsnpi no next hop'],
  [934, 'Ipsnpi no compartment'],
  [935, 'Ipsnpi no interface'],
  [936, 'Ipsnpi no sub interface'],
  [945, 'Administratively configured'],
  [1204, 'Endpoint not found'],
  [1210, 'Rst'],
]);

/** Texts of `pktmon etl2txt` that differ from the names of the enumeration. */
const TEXTS: readonly (readonly [string, number])[] = [['transport endpoint was not found', 1204]];

/** Letters and digits only, without what marks the layer (`INET:`, `Drop_NL_`). */
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^\s*drop_/, '')
    .replace(/^\s*(?:inet|nl|fl)\s*[:_]\s*/, '')
    .replace(/[^a-z0-9]/g, '');

const CODES: ReadonlyMap<string, number> = new Map([
  ...[...NAMES].map(([code, name]) => [bare(name), code] as const),
  ...TEXTS.map(([text, code]) => [bare(text), code] as const),
]);

/** The code of a reason as Packet Monitor prints it: a number, or a text. Undefined for an unknown text. */
export function dropReasonCode(printed: string): number | undefined {
  const text = printed.trim();
  return /^\d+$/.test(text) ? Number(text) : CODES.get(bare(text));
}

/** `Unauthorized VLAN (10)`; the number alone for a code without a name here. */
export function dropReasonText(code: number): string {
  const name = NAMES.get(code);
  return name === undefined ? String(code) : `${name} (${code})`;
}
