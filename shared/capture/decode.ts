import { macText, ipv4Text, u16, u24, u32, u8 } from './bytes';
import { ipv6Text } from './addresses';
import { dnsMessage, dnsRcode, dnsType } from './dns';
import { protocolName } from './flow-table';
import { NOT_IP } from './headers';
import { icmpText } from './icmp';
import { LAYER, Layers, walkLayers } from './layers';
import { tcpFlagsText, tcpOptionsText } from './tcp-text';

/** One field of a layer with the bytes it stands in, counted from the packet's first byte. */
export interface DecodedField {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface DecodedLayer {
  readonly name: string;
  /** The layer in one line. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly fields: readonly DecodedField[];
}

export interface DecodedPacket {
  readonly layers: readonly DecodedLayer[];
  /** What is wrong with it: cut headers, lengths that do not fit. */
  readonly notes: readonly string[];
}

/** Decodes a packet as far as its bytes go. `bytes` holds the captured packet and nothing else. */
export function decodePacket(bytes: Uint8Array, linkType: number): DecodedPacket {
  const layers = new Layers();
  walkLayers(bytes, 0, bytes.length, linkType, layers);
  const decoded: DecodedLayer[] = [];
  for (let index = 0; index < layers.count; index += 1) {
    const layer = new LayerText(bytes, layers, index);
    DESCRIBE[layers.kind[index] ?? LAYER.data]?.(layer);
    decoded.push(layer.done(index >= layers.quotedFrom));
  }
  const notes: string[] = [];
  if (layers.cut) notes.push('The capture kept too little of this packet to read all its headers.');
  if (layers.problem !== '') notes.push(`Malformed: ${layers.problem}.`);
  return { layers: decoded, notes };
}

/** Builds the text of one layer; fields that were not captured are left out. */
class LayerText {
  name = '';
  text = '';
  readonly fields: DecodedField[] = [];
  readonly at: number;
  readonly end: number;
  readonly limit: number;
  readonly protocol: number;

  constructor(
    readonly bytes: Uint8Array,
    layers: Layers,
    index: number,
  ) {
    this.at = layers.start[index] ?? 0;
    this.end = layers.end[index] ?? 0;
    this.limit = layers.limit[index] ?? 0;
    this.protocol = layers.protocol[index] ?? 0;
  }

  field(name: string, from: number, length: number, value: string): void {
    const start = this.at + from;
    if (start + length <= this.end) this.fields.push({ name, value, start, end: start + length });
  }

  u8 = (from: number): number => u8(this.bytes, this.at + from);
  u16 = (from: number): number => u16(this.bytes, this.at + from);
  u24 = (from: number): number => u24(this.bytes, this.at + from);
  u32 = (from: number): number => u32(this.bytes, this.at + from);

  done(quoted: boolean): DecodedLayer {
    const { name, text, at, end, fields } = this;
    return { name: quoted ? `${name} (quoted)` : name, text, start: at, end, fields };
  }
}

const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;

const ETHERTYPES: ReadonlyMap<number, string> = new Map([
  [0x0800, 'IPv4'],
  [0x0806, 'ARP'],
  [0x86dd, 'IPv6'],
  [0x8100, 'VLAN'],
  [0x88a8, 'service VLAN'],
  [0x88cc, 'LLDP'],
  [0x6558, 'Ethernet'],
]);

function ethertypeText(type: number): string {
  const name = ETHERTYPES.get(type);
  return name === undefined ? hex(type, 4) : `${name} (${hex(type, 4)})`;
}

const ipProtocolText = (protocol: number): string => `${protocolName(protocol)} (${protocol})`;

function ethernet(layer: LayerText): void {
  const to = macText(layer.bytes, layer.at);
  const from = macText(layer.bytes, layer.at + 6);
  layer.name = 'Ethernet';
  layer.text = `${from} to ${to}`;
  layer.field('Destination', 0, 6, to);
  layer.field('Source', 6, 6, from);
  const type = layer.u16(12);
  layer.field(
    type >= 0x600 ? 'Type' : 'Length',
    12,
    2,
    type >= 0x600 ? ethertypeText(type) : String(type),
  );
}

function linuxCooked(layer: LayerText): void {
  layer.name = 'Linux cooked';
  layer.text = ethertypeText(layer.u16(14));
  layer.field('Packet type', 0, 2, cookedType(layer.u16(0)));
  layer.field('Address', 6, 6, macText(layer.bytes, layer.at + 6));
  layer.field('Protocol', 14, 2, ethertypeText(layer.u16(14)));
}

function linuxCooked2(layer: LayerText): void {
  layer.name = 'Linux cooked v2';
  layer.text = ethertypeText(layer.u16(0));
  layer.field('Protocol', 0, 2, ethertypeText(layer.u16(0)));
  layer.field('Interface', 4, 4, String(layer.u32(4)));
  layer.field('Packet type', 10, 1, cookedType(layer.u8(10)));
  layer.field('Address', 12, 6, macText(layer.bytes, layer.at + 12));
}

const cookedType = (type: number): string =>
  ['to us', 'broadcast', 'multicast', 'to another host', 'from us'][type] ?? String(type);

function loopback(layer: LayerText): void {
  layer.name = 'Loopback';
  layer.text = `address family ${layer.protocol || layer.u32(0)}`;
  layer.field('Family', 0, 4, hex(layer.u32(0), 8));
}

function vlan(layer: LayerText): void {
  const tag = layer.u16(0);
  layer.name = layer.protocol === 0x88a8 ? 'Service VLAN' : 'VLAN';
  layer.text = `id ${tag & 0xfff}`;
  layer.field('Priority', 0, 2, String(tag >> 13));
  layer.field('VLAN id', 0, 2, String(tag & 0xfff));
  layer.field('Type', 2, 2, ethertypeText(layer.u16(2)));
}

function arp(layer: LayerText): void {
  const ipAndEthernet = layer.u16(4) === 0x0604;
  const operation = layer.u16(6);
  layer.name = 'ARP';
  const sender = ipAndEthernet ? ipv4Text(layer.bytes, layer.at + 14) : '?';
  const target = ipAndEthernet ? ipv4Text(layer.bytes, layer.at + 24) : '?';
  layer.text =
    operation === 1
      ? `who has ${target}, asks ${sender}`
      : operation === 2
        ? `${sender} is at ${macText(layer.bytes, layer.at + 8)}`
        : `operation ${operation}`;
  layer.field('Operation', 6, 2, ['', 'request (1)', 'reply (2)'][operation] ?? String(operation));
  if (!ipAndEthernet) return;
  layer.field('Sender MAC', 8, 6, macText(layer.bytes, layer.at + 8));
  layer.field('Sender address', 14, 4, sender);
  layer.field('Target MAC', 18, 6, macText(layer.bytes, layer.at + 18));
  layer.field('Target address', 24, 4, target);
}

function ipv4(layer: LayerText): void {
  const from = ipv4Text(layer.bytes, layer.at + 12);
  const to = ipv4Text(layer.bytes, layer.at + 16);
  const fragment = layer.u16(6);
  layer.name = 'IPv4';
  layer.text = `${from} to ${to}`;
  layer.field('Header length', 0, 1, `${(layer.u8(0) & 0xf) * 4} bytes`);
  layer.field('DSCP', 1, 1, String(layer.u8(1) >> 2));
  layer.field('ECN', 1, 1, String(layer.u8(1) & 3));
  layer.field('Total length', 2, 2, String(layer.u16(2)));
  layer.field('Identification', 4, 2, hex(layer.u16(4), 4));
  const flags = [
    (fragment & 0x4000) !== 0 ? "don't fragment" : '',
    (fragment & 0x2000) !== 0 ? 'more fragments' : '',
  ].filter((flag) => flag !== '');
  layer.field('Flags', 6, 1, flags.join(', ') || 'none');
  layer.field('Fragment offset', 6, 2, String((fragment & 0x1fff) * 8));
  layer.field('TTL', 8, 1, String(layer.u8(8)));
  layer.field('Protocol', 9, 1, ipProtocolText(layer.u8(9)));
  layer.field('Checksum', 10, 2, hex(layer.u16(10), 4));
  layer.field('Source', 12, 4, from);
  layer.field('Destination', 16, 4, to);
  const options = layer.end - layer.at - 20;
  if (options > 0) layer.field('Options', 20, options, `${options} bytes`);
}

function ipv6(layer: LayerText): void {
  const from = ipv6Text(layer.bytes, layer.at + 8);
  const to = ipv6Text(layer.bytes, layer.at + 24);
  layer.name = 'IPv6';
  layer.text = `${from} to ${to}`;
  layer.field('Traffic class', 0, 2, hex((layer.u16(0) >> 4) & 0xff, 2));
  layer.field('Flow label', 1, 3, hex(layer.u24(1) & 0xfffff, 5));
  layer.field('Payload length', 4, 2, String(layer.u16(4)));
  layer.field('Next header', 6, 1, ipProtocolText(layer.u8(6)));
  layer.field('Hop limit', 7, 1, String(layer.u8(7)));
  layer.field('Source', 8, 16, from);
  layer.field('Destination', 24, 16, to);
}

const EXTENSIONS: ReadonlyMap<number, string> = new Map([
  [0, 'hop-by-hop options'],
  [43, 'routing'],
  [44, 'fragment'],
  [51, 'authentication'],
  [60, 'destination options'],
]);

function ipv6Extension(layer: LayerText): void {
  const kind = EXTENSIONS.get(layer.protocol) ?? `extension ${layer.protocol}`;
  layer.name = 'IPv6 extension';
  layer.text = kind;
  layer.field('Next header', 0, 1, ipProtocolText(layer.u8(0)));
  layer.field('Length', 1, 1, String(layer.u8(1)));
  if (layer.protocol !== 44) return;
  layer.field('Fragment offset', 2, 2, String(layer.u16(2) & 0xfff8));
  layer.field('More fragments', 2, 2, (layer.u16(2) & 1) === 0 ? 'no' : 'yes');
  layer.field('Identification', 4, 4, hex(layer.u32(4), 8));
}

const icmpLayer =
  (v6: boolean) =>
  (layer: LayerText): void => {
    layer.name = v6 ? 'ICMPv6' : 'ICMP';
    const type = layer.u8(0);
    const code = layer.u8(1);
    layer.text = icmpText(v6, type, code);
    layer.field('Type', 0, 1, String(type));
    layer.field('Code', 1, 1, String(code));
    layer.field('Checksum', 2, 2, hex(layer.u16(2), 4));
    if (v6 ? type === 128 || type === 129 : type === 0 || type === 8) {
      layer.field('Identifier', 4, 2, String(layer.u16(4)));
      layer.field('Sequence', 6, 2, String(layer.u16(6)));
    } else if (!v6 && type === 3 && code === 4)
      layer.field('Next-hop MTU', 6, 2, String(layer.u16(6)));
    else if (v6 && type === 2) layer.field('MTU', 4, 4, String(layer.u32(4)));
    if (v6 && (type === 135 || type === 136) && layer.limit - layer.at >= 24) {
      const start = layer.at + 8;
      const target = ipv6Text(layer.bytes, start);
      layer.text += ` ${target}`;
      layer.fields.push({ name: 'Target', value: target, start, end: start + 16 });
    }
  };

function tcp(layer: LayerText): void {
  layer.name = 'TCP';
  const flags = tcpFlagsText(layer.u8(13));
  const length = layer.end - layer.at;
  layer.text = `${layer.u16(0)} to ${layer.u16(2)}, ${flags || 'no flags'}`;
  layer.field('Source port', 0, 2, String(layer.u16(0)));
  layer.field('Destination port', 2, 2, String(layer.u16(2)));
  layer.field('Sequence number', 4, 4, String(layer.u32(4)));
  layer.field('Acknowledgement number', 8, 4, String(layer.u32(8)));
  layer.field('Header length', 12, 1, `${(layer.u8(12) >> 4) * 4} bytes`);
  layer.field('Flags', 13, 1, flags || 'none');
  layer.field('Window', 14, 2, String(layer.u16(14)));
  layer.field('Checksum', 16, 2, hex(layer.u16(16), 4));
  layer.field('Urgent pointer', 18, 2, String(layer.u16(18)));
  if (length > 20)
    layer.field('Options', 20, length - 20, tcpOptionsText(layer.bytes, layer.at + 20, layer.end));
}

function udp(layer: LayerText): void {
  layer.name = 'UDP';
  layer.text = `${layer.u16(0)} to ${layer.u16(2)}`;
  layer.field('Source port', 0, 2, String(layer.u16(0)));
  layer.field('Destination port', 2, 2, String(layer.u16(2)));
  layer.field('Length', 4, 2, String(layer.u16(4)));
  layer.field('Checksum', 6, 2, hex(layer.u16(6), 4));
}

function vxlan(layer: LayerText): void {
  layer.name = 'VXLAN';
  layer.text = `VNI ${layer.u24(4)}`;
  layer.field('Flags', 0, 1, hex(layer.u8(0), 2));
  layer.field('VNI', 4, 3, String(layer.u24(4)));
}

function gre(layer: LayerText): void {
  const flags = layer.u16(0);
  const keyAt = 4 + ((flags & 0x8000) !== 0 ? 4 : 0);
  const keyed = (flags & 0x2000) !== 0;
  const isNvgre = keyed && layer.u16(2) === 0x6558;
  layer.name = isNvgre ? 'NVGRE' : 'GRE';
  layer.text = isNvgre
    ? `VSID ${layer.u32(keyAt) >>> 8}`
    : keyed
      ? `key ${layer.u32(keyAt)}`
      : ethertypeText(layer.u16(2));
  layer.field('Flags', 0, 2, hex(flags, 4));
  layer.field('Protocol', 2, 2, ethertypeText(layer.u16(2)));
  if (keyed) layer.field('Key', keyAt, 4, hex(layer.u32(keyAt), 8));
  if (isNvgre) layer.field('VSID', keyAt, 3, String(layer.u32(keyAt) >>> 8));
}

function geneve(layer: LayerText): void {
  layer.name = 'Geneve';
  layer.text = `VNI ${layer.u24(4)}`;
  layer.field('Options length', 0, 1, `${(layer.u8(0) & 0x3f) * 4} bytes`);
  layer.field('Protocol', 2, 2, ethertypeText(layer.u16(2)));
  layer.field('VNI', 4, 3, String(layer.u24(4)));
}

function dns(layer: LayerText): void {
  const message = dnsMessage(layer.bytes, layer.at, layer.end);
  const [question] = message.questions;
  const asked = question === undefined ? '' : ` ${dnsType(question.type)} ${question.name}`;
  layer.name = 'DNS';
  layer.text = message.response
    ? `answer${asked}: ${message.answers.map((each) => each.text).join(', ') || dnsRcode(message.rcode)}`
    : `query${asked}`;
  layer.field('Id', 0, 2, hex(message.id, 4));
  layer.field('Kind', 2, 2, message.response ? 'response' : 'query');
  if (message.response) layer.field('Result', 3, 1, dnsRcode(message.rcode));
  if (message.truncated) layer.field('Truncated', 2, 1, 'yes: the rest is asked for over TCP');
  layer.field('Questions', 4, 2, String(layer.u16(4)));
  layer.field('Answers', 6, 2, String(layer.u16(6)));
  const record = (name: string, value: string, start: number, end: number): void => {
    layer.fields.push({ name, value, start, end: Math.min(end, layer.end) });
  };
  for (const each of message.questions)
    record('Question', `${dnsType(each.type)} ${each.name}`, each.at, each.end);
  for (const each of message.answers)
    record(
      'Answer',
      `${each.name} ${dnsType(each.type)} ${each.text}, ${each.ttl} s`,
      each.at,
      each.end,
    );
  if (!message.whole) layer.text += ' (cut or damaged)';
}

function data(layer: LayerText): void {
  const length = layer.end - layer.at;
  layer.name = 'Data';
  layer.text = `${length} byte${length === 1 ? '' : 's'}`;
}

function fragment(layer: LayerText): void {
  data(layer);
  layer.name = 'Fragment';
  layer.text += ` of a larger packet (${layer.protocol < NOT_IP ? protocolName(layer.protocol) : ''})`;
}

const DESCRIBE: Readonly<Record<number, ((layer: LayerText) => void) | undefined>> = {
  [LAYER.ethernet]: ethernet,
  [LAYER.linuxCooked]: linuxCooked,
  [LAYER.linuxCooked2]: linuxCooked2,
  [LAYER.loopback]: loopback,
  [LAYER.vlan]: vlan,
  [LAYER.arp]: arp,
  [LAYER.ipv4]: ipv4,
  [LAYER.ipv6]: ipv6,
  [LAYER.ipv6Extension]: ipv6Extension,
  [LAYER.icmp]: icmpLayer(false),
  [LAYER.icmpv6]: icmpLayer(true),
  [LAYER.tcp]: tcp,
  [LAYER.udp]: udp,
  [LAYER.vxlan]: vxlan,
  [LAYER.gre]: gre,
  [LAYER.geneve]: geneve,
  [LAYER.dns]: dns,
  [LAYER.data]: data,
  [LAYER.fragment]: fragment,
};
