import { macText } from '../model/ids';
import { protocolName } from '../snapshot/entity-ref';

export const TCP_FLAGS = ['SYN', 'ACK', 'FIN', 'RST'] as const;
export type TcpFlag = (typeof TCP_FLAGS)[number];

/** An outer header that a tunnel puts around the packet. `vni` is what VFP prints as `GRE key`. */
export interface Encapsulation {
  readonly kind: 'vxlan';
  readonly sourceIp: string | undefined;
  readonly destinationIp: string;
  readonly vni: number | undefined;
}

/**
 * The header of one packet. What is not known is undefined, never a guess: a source port that a
 * NAT pool picks, a MAC that no file names. Addresses are canonical; `encap` is outermost first.
 */
export interface PacketHeader {
  readonly sourceMac: string | undefined;
  readonly destinationMac: string | undefined;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly protocol: number;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tcpFlags: readonly TcpFlag[];
  readonly encap: readonly Encapsulation[];
}

/** Fields that a rewrite may change; encapsulation is put on and taken off instead. */
const FIELDS = [
  'sourceMac',
  'destinationMac',
  'sourceIp',
  'destinationIp',
  'sourcePort',
  'destinationPort',
] as const;
type Field = (typeof FIELDS)[number];

/** One field of the header that a step changed. */
export interface HeaderChange {
  readonly field: Field;
  readonly from: string | number | undefined;
  readonly to: string | number | undefined;
}

/** What differs between two headers of one packet, outer headers aside. */
export function headerChanges(before: PacketHeader, after: PacketHeader): readonly HeaderChange[] {
  return FIELDS.flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, from: before[field], to: after[field] }],
  );
}

/** The header before a step, from the header after it: what the flow pair of a NAT rule does to replies. */
export function undone(changes: readonly HeaderChange[], after: PacketHeader): PacketHeader {
  return Object.assign(
    {},
    after,
    ...changes.map(({ field, from }) => ({ [field]: from })),
  ) as PacketHeader;
}

/** The header of the answer: both ends change places, and a SYN is answered by SYN ACK. */
export function answered(header: PacketHeader): PacketHeader {
  return {
    ...header,
    sourceMac: header.destinationMac,
    destinationMac: header.sourceMac,
    sourceIp: header.destinationIp,
    destinationIp: header.sourceIp,
    sourcePort: header.destinationPort,
    destinationPort: header.sourcePort,
    tcpFlags: answeredFlags(header.tcpFlags),
  };
}

function answeredFlags(flags: readonly TcpFlag[]): readonly TcpFlag[] {
  if (flags.includes('RST') || flags.length === 0) return [];
  return flags.includes('SYN') && !flags.includes('ACK') ? ['SYN', 'ACK'] : ['ACK'];
}

const VXLAN_PORT = 4789;

/** What conditions are held against: the outermost header (RFC 7348: UDP 4789), else the packet's own. */
export function outermost(header: PacketHeader): PacketHeader {
  const [outer] = header.encap;
  if (outer === undefined) return header;
  return {
    ...header,
    sourceIp: outer.sourceIp ?? '',
    destinationIp: outer.destinationIp,
    protocol: 17,
    sourcePort: undefined,
    destinationPort: VXLAN_PORT,
    tcpFlags: [],
  };
}

/** `10.244.19.31:49152`, `[fd00::1]:80`; a port that is not known is `?`, one that does not exist is left out. */
export function addressText(ip: string, port: number | undefined, protocol: number): string {
  const host = ip.includes(':') && protocol !== 1 && protocol !== 58 ? `[${ip}]` : ip;
  return protocol === 6 || protocol === 17 ? `${host}:${port ?? '?'}` : host;
}

const NAME: ReadonlyMap<number, string> = new Map([[58, 'ICMPv6']]);

/** `TCP 10.244.19.31:? -> 10.96.0.10:53`, in its tunnel where it is in one. */
export function headerText(header: PacketHeader): string {
  const { protocol } = header;
  const inner = `${NAME.get(protocol) ?? protocolName(protocol)} ${addressText(header.sourceIp, header.sourcePort, protocol)} -> ${addressText(header.destinationIp, header.destinationPort, protocol)}`;
  return header.encap.reduceRight(
    (text, { sourceIp, destinationIp, vni }) =>
      `VXLAN ${vni ?? '?'} ${sourceIp ?? '?'} -> ${destinationIp} [ ${text} ]`,
    inner,
  );
}

const LABEL: Readonly<Record<Field, string>> = {
  sourceMac: 'source MAC',
  destinationMac: 'destination MAC',
  sourceIp: 'source',
  destinationIp: 'destination',
  sourcePort: 'source port',
  destinationPort: 'destination port',
};

/** `destination 10.96.0.10 -> 10.244.0.3`. */
export function changeText({ field, from, to }: HeaderChange): string {
  const shown = (value: string | number | undefined): string =>
    value === undefined
      ? 'not known'
      : field.endsWith('Mac')
        ? macText(String(value))
        : String(value);
  return `${LABEL[field]} ${shown(from)} -> ${shown(to)}`;
}
