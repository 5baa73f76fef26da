import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pcapFile, pcapngSection } from '../synthetic/capture-file';
import { decodePacket, type DecodedPacket } from './decode';
import { linkTypeName } from './link-types';
import { everyKind } from './testing/sample-packets';
import { packetBytes, readCapture } from './testing/read';

/** What tshark and this decoder must agree on: tshark's field, and the layer and field here. */
const FIELDS: readonly (readonly [tshark: string, layer: RegExp, field: string])[] = [
  ['eth.src', /^Ethernet$/, 'Source'],
  ['eth.dst', /^Ethernet$/, 'Destination'],
  ['vlan.id', /^VLAN$/, 'VLAN id'],
  ['ieee8021ad.id', /^Service VLAN$/, 'VLAN id'],
  ['arp.src.proto_ipv4', /^ARP$/, 'Sender address'],
  ['arp.dst.proto_ipv4', /^ARP$/, 'Target address'],
  ['arp.opcode', /^ARP$/, 'Operation'],
  ['ip.src', /^IPv4/, 'Source'],
  ['ip.dst', /^IPv4/, 'Destination'],
  ['ip.ttl', /^IPv4/, 'TTL'],
  ['ip.id', /^IPv4/, 'Identification'],
  ['ip.len', /^IPv4/, 'Total length'],
  ['ipv6.src', /^IPv6( \(quoted\))?$/, 'Source'],
  ['ipv6.dst', /^IPv6( \(quoted\))?$/, 'Destination'],
  ['ipv6.plen', /^IPv6( \(quoted\))?$/, 'Payload length'],
  ['icmp.type', /^ICMP$/, 'Type'],
  ['icmp.code', /^ICMP$/, 'Code'],
  ['icmp.mtu', /^ICMP$/, 'Next-hop MTU'],
  ['icmpv6.type', /^ICMPv6$/, 'Type'],
  ['icmpv6.mtu', /^ICMPv6$/, 'MTU'],
  ['icmpv6.nd.ns.target_address', /^ICMPv6$/, 'Target'],
  ['tcp.srcport', /^TCP/, 'Source port'],
  ['tcp.dstport', /^TCP/, 'Destination port'],
  ['tcp.seq_raw', /^TCP$/, 'Sequence number'],
  ['tcp.window_size_value', /^TCP$/, 'Window'],
  ['udp.srcport', /^UDP/, 'Source port'],
  ['udp.dstport', /^UDP/, 'Destination port'],
  ['udp.length', /^UDP/, 'Length'],
  ['vxlan.vni', /^VXLAN$/, 'VNI'],
  ['gre.key', /^NVGRE$/, 'Key'],
  ['dns.id', /^DNS$/, 'Id'],
  ['dns.count.answers', /^DNS$/, 'Answers'],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capture-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** tshark's answer: a row a packet, each field with all its values. Checksums are checked too. */
function tshark(file: Uint8Array, fields: readonly string[]): string[][][] {
  const path = join(folder, 'capture');
  writeFileSync(path, file);
  const text = execFileSync(
    'tshark',
    [
      ...['-r', path, '-n', '-T', 'fields', '-E', 'separator=|', '-E', 'aggregator=;'],
      ...['-d', 'udp.port==8472,vxlan', '-o', 'tcp.relative_sequence_numbers:false'],
      ...['-o', 'ip.defragment:false', '-o', 'ipv6.defragment:false'],
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|').map((cell) => (cell === '' ? [] : cell.split(';'))));
}

const valuesOf = (packet: DecodedPacket, layer: RegExp, field: string): string[] =>
  packet.layers
    .filter(({ name }) => layer.test(name))
    .flatMap(({ fields }) => fields.filter(({ name }) => name === field))
    .map(({ value }) => plain(value));

/** Both write numbers and addresses in their own way. */
function plain(value: string): string {
  const bare = /^(?:request|reply) \((\d)\)$/.exec(value)?.[1] ?? value;
  if (/^0x[0-9a-f]+$/.test(bare)) return String(parseInt(bare, 16));
  if (/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/.test(bare)) return bare.replaceAll('-', ':');
  return bare;
}

describe('the decoder agrees with tshark', () => {
  const packets = everyKind.map(([, bytes], n) => ({
    bytes,
    time: 1_700_000_000_000_000_000n + BigInt(n) * 1_234_567_891n,
  }));
  const files = [
    ['pcap, microseconds', pcapFile(packets)],
    ['pcap, nanoseconds, big endian', pcapFile(packets, { nano: true, little: false })],
    ['pcapng', pcapngSection(packets)],
    [
      'pcapng, nanoseconds, big endian',
      pcapngSection(packets, { little: false, interfaces: [{ resolution: 9 }] }),
    ],
  ] as const;

  it.each(files)('%s: every packet, field by field', (_name, file) => {
    const index = readCapture(file, 997);
    const rows = tshark(file, ['frame.time_epoch', ...FIELDS.map(([field]) => field)]);
    expect(index.packetCount).toBe(everyKind.length);
    expect(rows).toHaveLength(everyKind.length);
    everyKind.forEach(([name], n) => {
      const decoded = decodePacket(packetBytes(file, index, n), 1);
      const [time, ...cells] = rows[n] ?? [];
      const { seconds, nanoseconds } = index.exactTime(n);
      expect([name, `${seconds}.${String(nanoseconds).padStart(9, '0')}`]).toEqual([
        name,
        time?.[0],
      ]);
      FIELDS.forEach(([field, layer, ours], column) => {
        const theirs = (cells[column] ?? []).map(plain);
        expect([name, field, valuesOf(decoded, layer, ours)]).toEqual([name, field, theirs]);
      });
      expect(decoded.notes).toEqual([]);
    });
  });

  it('reads DNS names, results and answers alike', () => {
    const file = pcapngSection(packets);
    const index = readCapture(file);
    const rows = tshark(file, [
      'dns.qry.name',
      'dns.flags.rcode',
      'dns.a',
      'dns.aaaa',
      'tcp.flags',
    ]);
    everyKind.forEach(([name], n) => {
      const { layers } = decodePacket(packetBytes(file, index, n), 1);
      const dns = layers.find((layer) => layer.name === 'DNS');
      const [asked, rcode, a, aaaa] = rows[n] ?? [];
      const value = (field: string): string =>
        dns?.fields.find((f) => f.name === field)?.value ?? '';
      expect([name, value('Question').split(' ')[1] ?? '']).toEqual([name, asked?.[0] ?? '']);
      const results: Readonly<Record<string, string>> = { '0': 'NOERROR', '3': 'NXDOMAIN' };
      expect([name, value('Result')]).toEqual([name, results[rcode?.[0] ?? ''] ?? '']);
      for (const address of [...(a ?? []), ...(aaaa ?? [])])
        expect(value('Answer')).toContain(address);
    });
  });

  it.each([
    ['raw IP', 101, (frame: Uint8Array) => frame.subarray(14)],
    ['Linux cooked', 113, (frame: Uint8Array) => cooked(frame)],
    ['Linux cooked v2', 276, (frame: Uint8Array) => cooked2(frame)],
    ['BSD loopback', 0, (frame: Uint8Array) => Uint8Array.of(2, 0, 0, 0, ...frame.subarray(14))],
    [
      'OpenBSD loopback',
      108,
      (frame: Uint8Array) => Uint8Array.of(0, 0, 0, 2, ...frame.subarray(14)),
    ],
  ])('link type %s', (name, linkType, convert) => {
    const frames = everyKind.filter(([, frame]) => frame[12] === 8 && frame[13] === 0);
    const file = pcapFile(
      frames.map(([, frame]) => ({ bytes: convert(frame), time: 1n })),
      { linkType },
    );
    const index = readCapture(file);
    const wanted = FIELDS.filter(([field]) => /^(ip|tcp|udp|vxlan|dns)\./.test(field));
    const rows = tshark(
      file,
      wanted.map(([field]) => field),
    );
    frames.forEach(([packet], n) => {
      const decoded = decodePacket(packetBytes(file, index, n), linkType);
      wanted.forEach(([field, layer, ours], column) => {
        const theirs = (rows[n]?.[column] ?? []).map(plain);
        expect([packet, field, valuesOf(decoded, layer, ours)]).toEqual([packet, field, theirs]);
      });
    });
    expect(linkTypeName(linkType)).toBe(name);
  });
});

function cooked(frame: Uint8Array): Uint8Array {
  return Uint8Array.of(0, 0, 0, 1, 0, 6, ...frame.subarray(6, 12), 0, 0, ...frame.subarray(12));
}

function cooked2(frame: Uint8Array): Uint8Array {
  const address = [...frame.subarray(6, 12), 0, 0];
  return Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, ...address, ...frame.subarray(14));
}
