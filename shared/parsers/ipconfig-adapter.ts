import type { Evidence } from '../model/evidence';
import { mac } from '../model/ids';
import { canonicalIp, maskLength, parseIp } from '../model/ip';
import type { Adapter, AdapterLines } from '../model/tcpip';

/** One property of an ipconfig block with all its values. */
export interface Property {
  readonly label: string;
  readonly line: number;
  readonly endLine: number;
  readonly values: readonly string[];
}

type Role =
  | 'suffix'
  | 'description'
  | 'mac'
  | 'media'
  | 'ipv4'
  | 'ipv6'
  | 'mask'
  | 'gateway'
  | 'dns'
  | 'search'
  | 'other';

/** Labels of English Windows; other languages are told by position and form. */
const LABELS: readonly (readonly [RegExp, Role])[] = [
  [/^connection-specific dns suffix search list/i, 'search'],
  [/^connection-specific dns suffix/i, 'suffix'],
  [/^description$/i, 'description'],
  [/^physical address$/i, 'mac'],
  [/^media state$/i, 'media'],
  [/^subnet mask$/i, 'mask'],
  [/^default gateway$/i, 'gateway'],
  [/^dns servers?$/i, 'dns'],
  [/^(dhcp|netbios|lease |autoconfiguration enabled|primary wins|secondary wins)/i, 'other'],
  [/ipv4 address$|^ip address$|^autoconfiguration ip address$/i, 'ipv4'],
  [/ipv6 address$/i, 'ipv6'],
];

const STATUS: readonly (readonly [RegExp, string])[] = [
  [/^(pref|bevorzugt|préf|首选|優先)/i, 'Preferred'],
  [/^(dupl|doppel|duplic|重复|重複)/i, 'Duplicate'],
  [/^(tentativ|mit vorbehalt|provis|暂定|仮)/i, 'Tentative'],
  [/^(deprec|verworfen|obsol|déconseillé|已弃用|非推奨)/i, 'Deprecated'],
];

/** `10.0.0.4(Preferred) ` into the address and what is known of it; undefined when it is no address. */
function addressOf(value: string): { address: string; status?: string | undefined } | undefined {
  const match = /^([0-9a-f.:]+)(?:%\S*?)?\s*(?:[(（](.*?)[)）])?\s*$/i.exec(value.trim());
  const address = match && canonicalIp(match[1] ?? '');
  if (!address) return undefined;
  const printed = match[2];
  const status = printed && (STATUS.find(([pattern]) => pattern.test(printed))?.[1] ?? printed);
  return { address, status };
}

/** Gives every property its role: by label, else by what its value looks like and where it stands. */
function rolesOf(properties: readonly Property[]): Role[] {
  const roles: Role[] = [];
  let masked = false;
  let gatewaySeen = false;
  properties.forEach((property, index) => {
    const role = roleByLabel(property) ?? roleByForm(property, index, masked, gatewaySeen);
    if (role === 'mask') masked = true;
    if (role === 'gateway') gatewaySeen = true;
    roles.push(role);
  });
  return roles;
}

const roleByLabel = ({ label }: Property): Role | undefined =>
  LABELS.find(([pattern]) => pattern.test(label))?.[1];

/** Is this an (English) label of an adapter's block, not of the host's? */
export const isAdapterLabel = (label: string): boolean =>
  LABELS.some(([pattern]) => pattern.test(label));

function roleByForm(
  property: Property,
  index: number,
  masked: boolean,
  gatewaySeen: boolean,
): Role {
  const { label, values } = property;
  const first = values[0] ?? '';
  const address = addressOf(first);
  if (/netbios|iaid|duid/i.test(label)) return 'other';
  if (/dns/i.test(label))
    return address ? 'dns' : index === 0 ? 'suffix' : values.length > 0 ? 'search' : 'other';
  if (/dhcp/i.test(label)) return 'other';
  if (mac(first) !== undefined && /[-:]/.test(first)) return 'mac';
  if (address) {
    if (parseIp(address.address)?.family === 6) return masked && !gatewaySeen ? 'gateway' : 'ipv6';
    if (
      !masked &&
      maskLength(address.address) !== undefined &&
      address.address.startsWith('255.')
    ) {
      return 'mask';
    }
    return masked ? (gatewaySeen ? 'other' : 'gateway') : 'ipv4';
  }
  if (masked && !gatewaySeen && values.length === 0) return 'gateway';
  if (index === 0 && first !== '') return 'media';
  if (index <= 1 && first !== '') return 'description';
  return 'other';
}

/**
 * An adapter block of ipconfig as an Adapter. `at` makes evidence: of the whole block, or of the
 * lines given. `fileEnds`: where nothing follows the block its end may be missing, and surely is
 * where the file stops inside of a line.
 */
export function adapterOf(
  head: Pick<Adapter, 'compartment' | 'name' | 'kind'>,
  properties: readonly Property[],
  at: (line?: number, endLine?: number) => Evidence,
  fileEnds: 'no' | 'here' | 'inside-line',
): Adapter {
  const roles = rolesOf(properties);
  const ipv4: {
    address: string;
    prefixLength?: number | undefined;
    status?: string | undefined;
  }[] = [];
  const ipv6: typeof ipv4 = [];
  const found = (role: Role): readonly string[] =>
    properties.flatMap((property, index) => (roles[index] === role ? property.values : []));
  properties.forEach((property, index) => {
    const role = roles[index];
    if (role === 'mask') {
      const last = ipv4.at(-1);
      if (last) last.prefixLength = maskLength(addressOf(property.values[0] ?? '')?.address ?? '');
    } else if (role === 'ipv4' || role === 'ipv6') {
      for (const value of property.values) {
        const address = addressOf(value);
        if (!address) continue;
        const family = parseIp(address.address)?.family;
        (family === 6 ? ipv6 : ipv4).push({ ...address });
      }
    }
  });
  const addresses = (role: Role): string[] =>
    found(role).flatMap((value) => addressOf(value)?.address ?? []);
  const words = (role: Role): string[] => found(role).flatMap((value) => value.split(/[\s,]+/));
  return {
    ...head,
    description: found('description')[0],
    mac: mac(found('mac')[0] ?? ''),
    mediaDisconnected: found('media').length > 0 && ipv4.length === 0 && ipv6.length === 0,
    ipv4,
    ipv6,
    gateways: addresses('gateway'),
    dnsServers: addresses('dns'),
    dnsSuffix: words('suffix')[0],
    suffixSearchList: words('search'),
    lines: linesOf(properties, roles, at),
    // The last property of `ipconfig /all` that every connected adapter has; the term is not translated.
    cut:
      fileEnds === 'inside-line' ||
      (fileEnds === 'here' &&
        found('media').length === 0 &&
        !properties.some(({ label }) => /netbios/i.test(label)) &&
        (found('mac').length > 0 || properties.length === 0)),
    evidence: [at()],
  };
}

function linesOf(
  properties: readonly Property[],
  roles: readonly Role[],
  at: (line?: number, endLine?: number) => Evidence,
): AdapterLines {
  const line = (...wanted: readonly Role[]): Evidence | undefined => {
    const property = properties.find((_property, index) =>
      wanted.includes(roles[index] ?? 'other'),
    );
    return property && at(property.line, property.endLine);
  };
  return {
    ipv4: line('ipv4'),
    gateway: line('gateway'),
    dns: line('dns'),
    suffix: line('search') ?? line('suffix'),
  };
}
