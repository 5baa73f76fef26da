import * as p from '../../synthetic/packets';
import { TCP } from '../headers';

export const podA = { ip: '10.244.1.5', mac: '00-15-5d-11-22-05' };
export const podB = { ip: '10.244.2.7', mac: '00-15-5d-11-22-07' };
export const nodeA = { ip: '192.0.2.11', mac: '00-15-5d-aa-00-11' };
export const nodeB = { ip: '192.0.2.12', mac: '00-15-5d-aa-00-12' };
const text = p.ascii('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
const mss = [2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2];

const ends = (a: { ip: string }, b: { ip: string }, from: number, to: number) => ({
  source: a.ip,
  destination: b.ip,
  sourcePort: from,
  destinationPort: to,
});

export const eth4 = (payload: Uint8Array, from = podA, to = podB): p.Bytes =>
  p.ethernet(from.mac, to.mac, 0x0800, payload);

export const tcpPacket = (
  a: { ip: string },
  b: { ip: string },
  from: number,
  to: number,
  about: p.TcpOptions,
  ip: p.IpOptions = { id: 7 },
): p.Bytes => p.ip(a.ip, b.ip, 6, p.tcp(ends(a, b, from, to), about), ip);

export const udpPacket = (
  a: { ip: string },
  b: { ip: string },
  from: number,
  to: number,
  payload: Uint8Array,
  ip: p.IpOptions = { id: 9 },
): p.Bytes => p.ip(a.ip, b.ip, 17, p.udp(ends(a, b, from, to), payload), ip);

/** A frame as a VXLAN tunnel between the two nodes carries it. */
export const inVxlan = (vni: number, frame: Uint8Array, port = 4789): p.Bytes =>
  eth4(udpPacket(nodeA, nodeB, 51234, port, p.vxlan(vni, frame)), nodeA, nodeB);

const six = { ip: '2001:db8::5' };
const six2 = { ip: '2001:db8:0:1::7' };
const syn = tcpPacket(podA, podB, 50123, 80, { flags: TCP.syn, sequence: 1000, options: mss });
const hop = (next: number, payload: Uint8Array): p.Bytes =>
  p.join([next, 0, 5, 2, 0, 0, 1, 0], payload);

/** One of each kind of packet that is decoded, as Ethernet frames. */
export const everyKind: readonly (readonly [name: string, frame: p.Bytes])[] = [
  ['SYN with options', eth4(syn)],
  [
    'SYN, ACK',
    eth4(tcpPacket(podB, podA, 80, 50123, { flags: 18, sequence: 5000, acknowledged: 1001 })),
  ],
  [
    'data',
    eth4(
      tcpPacket(podA, podB, 50123, 80, {
        flags: 24,
        sequence: 1001,
        acknowledged: 5001,
        payload: text,
      }),
    ),
  ],
  [
    'FIN',
    eth4(tcpPacket(podA, podB, 50123, 80, { flags: 17, sequence: 1030, acknowledged: 5001 })),
  ],
  ['RST', eth4(tcpPacket(podB, podA, 81, 50124, { flags: 20, acknowledged: 1 }))],
  ['UDP', eth4(udpPacket(podA, podB, 40000, 9999, p.ascii('hello world')))],
  [
    'DNS query',
    eth4(
      udpPacket(
        podA,
        podB,
        50001,
        53,
        p.dns({ id: 4660, name: 'kubernetes.default.svc.cluster.local' }),
      ),
    ),
  ],
  [
    'DNS answer',
    eth4(
      udpPacket(
        podB,
        podA,
        53,
        50001,
        p.dns({
          id: 4660,
          name: 'kubernetes.default.svc.cluster.local',
          rcode: 0,
          answers: ['10.96.0.1'],
        }),
      ),
    ),
  ],
  [
    'NXDOMAIN',
    eth4(udpPacket(podB, podA, 53, 50002, p.dns({ id: 9, name: 'nowhere.example', rcode: 3 }))),
  ],
  [
    'DNS AAAA',
    eth4(
      udpPacket(
        podB,
        podA,
        53,
        50003,
        p.dns({ id: 10, name: 'six.example', type: 28, rcode: 0, answers: ['2001:db8::1'] }),
      ),
    ),
  ],
  [
    'ARP request',
    p.ethernet(
      podA.mac,
      'ff-ff-ff-ff-ff-ff',
      0x0806,
      p.arp(1, podA, { mac: '00-00-00-00-00-00', ip: '10.244.1.2' }),
    ),
  ],
  ['ARP reply', p.ethernet(podB.mac, podA.mac, 0x0806, p.arp(2, podB, podA))],
  [
    'ping',
    eth4(
      p.ip(podA.ip, podB.ip, 1, p.icmp(8, 0, [0, 1, 0, 7], p.ascii('abcdefghijklmnop')), { id: 3 }),
    ),
  ],
  [
    'pong',
    eth4(
      p.ip(podB.ip, podA.ip, 1, p.icmp(0, 0, [0, 1, 0, 7], p.ascii('abcdefghijklmnop')), { id: 4 }),
    ),
  ],
  [
    'fragmentation needed',
    eth4(
      p.ip(
        nodeB.ip,
        podA.ip,
        1,
        p.icmp(
          3,
          4,
          [0, 0, 5, 120],
          udpPacket(podA, podB, 40001, 9998, p.ascii('a large datagram')),
        ),
        { id: 5 },
      ),
    ),
  ],
  [
    'port unreachable',
    eth4(
      p.ip(
        podB.ip,
        podA.ip,
        1,
        p.icmp(3, 3, [0, 0, 0, 0], udpPacket(podA, podB, 40000, 9999, p.ascii('hello world'))),
        { id: 6 },
      ),
    ),
  ],
  ['VLAN', p.ethernet(podA.mac, podB.mac, 0x8100, p.vlan(100, 0x0800, syn))],
  ['QinQ', p.ethernet(podA.mac, podB.mac, 0x88a8, p.vlan(200, 0x8100, p.vlan(100, 0x0800, syn)))],
  ['VXLAN with TCP', inVxlan(4096, eth4(syn))],
  [
    'VXLAN on 8472',
    inVxlan(
      4097,
      eth4(udpPacket(podA, podB, 50001, 53, p.dns({ id: 1, name: 'a.example' }))),
      8472,
    ),
  ],
  ['NVGRE', eth4(p.ip(nodeA.ip, nodeB.ip, 47, p.nvgre(5001, eth4(syn)), { id: 8 }), nodeA, nodeB)],
  [
    'IPv6 TCP',
    p.ethernet(
      podA.mac,
      podB.mac,
      0x86dd,
      p.ip(six.ip, six2.ip, 6, p.tcp(ends(six, six2, 50125, 443), { flags: 2, sequence: 77 })),
    ),
  ],
  [
    'IPv6 hop-by-hop',
    p.ethernet(
      podA.mac,
      podB.mac,
      0x86dd,
      p.ip(six.ip, six2.ip, 0, hop(17, p.udp(ends(six, six2, 1111, 2222), p.ascii('six')))),
    ),
  ],
  [
    'IPv6 neighbour solicitation',
    p.ethernet(
      podA.mac,
      podB.mac,
      0x86dd,
      p.ip(six.ip, six2.ip, 58, p.icmp(135, 0, [0, 0, 0, 0], p.join(p.ipBytes(six2.ip))), {
        ttl: 255,
      }),
    ),
  ],
  [
    'IPv6 packet too big',
    p.ethernet(
      podA.mac,
      podB.mac,
      0x86dd,
      p.ip(
        six2.ip,
        six.ip,
        58,
        p.icmp(
          2,
          0,
          [0, 0, 5, 120],
          p.ip(six.ip, six2.ip, 17, p.udp(ends(six, six2, 1111, 2222), p.ascii('too big'))),
        ),
      ),
    ),
  ],
  [
    'first fragment',
    eth4(
      p.ip(podA.ip, podB.ip, 17, p.udp(ends(podA, podB, 4000, 5000), p.ascii('0123456789abcdef')), {
        id: 99,
        fragment: 0x2000,
      }),
    ),
  ],
  [
    'later fragment',
    eth4(p.ip(podA.ip, podB.ip, 17, p.ascii('ghijklmn'), { id: 99, fragment: 3 })),
  ],
  ['LLDP', p.ethernet(nodeA.mac, '01-80-c2-00-00-0e', 0x88cc, p.ascii('................'))],
];
