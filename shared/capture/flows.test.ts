import { describe, expect, it } from 'vitest';
import type { CapturedFlow } from '../model/capture';
import { pcapngSection, type CapturedPacket } from '../synthetic/capture-file';
import * as p from '../synthetic/packets';
import type { CaptureIndex } from './capture-index';
import { TCP } from './headers';
import {
  eth4,
  inVxlan,
  nodeA,
  nodeB,
  podA,
  podB,
  tcpPacket,
  udpPacket,
} from './testing/sample-packets';
import { readCapture } from './testing/read';

const start = 1_700_000_000_000_000_000n;
const ms = (n: number): bigint => start + BigInt(Math.round(n * 1e6));
let ipId = 1;
const at = (
  time: number,
  bytes: Uint8Array,
  more: Partial<CapturedPacket> = {},
): CapturedPacket => ({ bytes, time: ms(time), ...more });
/** Keeps the capture going, so that what is unanswered by then stays so. */
const later = at(9000, p.ethernet(podA.mac, podB.mac, 0x88cc, p.ascii('later')));
const vip = { ip: '10.96.0.10', mac: podB.mac };

const segment = (
  from: { ip: string; mac: string },
  to: { ip: string; mac: string },
  ports: readonly [number, number],
  about: p.TcpOptions,
  id = ipId++,
): p.Bytes => eth4(tcpPacket(from, to, ...ports, about, { id }), from, to);

const read = (packets: readonly CapturedPacket[], interfaces = 1): CaptureIndex =>
  readCapture(
    pcapngSection(packets, {
      interfaces: Array.from({ length: interfaces }, (_, n) => ({ name: `component ${n}` })),
    }),
  );
const flowsOf = (index: CaptureIndex): CapturedFlow[] =>
  Array.from({ length: index.flowCount }, (_, n) => index.flow(n));

describe('flows', () => {
  it('joins both ways and knows who opened it', () => {
    const index = read([
      at(0, segment(podA, podB, [50001, 80], { flags: TCP.syn, sequence: 10 })),
      at(
        1,
        segment(podB, podA, [80, 50001], {
          flags: TCP.syn | TCP.ack,
          sequence: 90,
          acknowledged: 11,
        }),
      ),
      at(2, segment(podA, podB, [50001, 80], { flags: TCP.ack, sequence: 11, acknowledged: 91 })),
      at(
        3,
        segment(podA, podB, [50001, 80], {
          flags: 24,
          sequence: 11,
          acknowledged: 91,
          payload: p.ascii('hi'),
        }),
      ),
      at(4, segment(podB, podA, [80, 50001], { flags: TCP.reset })),
      later,
    ]);
    const [flow, lldp] = flowsOf(index);
    expect(flow).toMatchObject({
      protocol: 'TCP',
      client: { address: podA.ip, port: 50001, packets: 3, retransmissions: 0 },
      server: { address: podB.ip, port: 80, packets: 2, resets: 1 },
      synPackets: 1,
      synAckPackets: 1,
      sightings: 5,
      unansweredOpening: false,
      firstTime: 1_700_000_000_000,
      lastTime: 1_700_000_000_004,
    });
    expect(lldp?.protocol).toBe('LLDP');
  });

  it('takes the well-known port for the server when the opening was not captured', () => {
    const [flow] = flowsOf(
      read([at(0, segment(podB, podA, [80, 50001], { flags: 24, payload: p.ascii('answer') }))]),
    );
    expect(flow?.client.address).toBe(podA.ip);
  });

  it('a SYN without an answer is unanswered, unless the capture ends with it', () => {
    const syn = [0, 1000].map((time) =>
      at(time, segment(podA, podB, [50001, 80], { flags: TCP.syn, sequence: 10 })),
    );
    expect(flowsOf(read([...syn, later]))[0]).toMatchObject({
      unansweredOpening: true,
      synPackets: 2,
      client: { retransmissions: 1 },
    });
    expect(flowsOf(read(syn))[0]?.unansweredOpening).toBe(false);
    // The way back was not captured, but the client goes on: it had its answer.
    const goesOn = at(1, segment(podA, podB, [50001, 80], { flags: TCP.ack, sequence: 11 }));
    expect(flowsOf(read([...syn, goesOn, later]))[0]?.unansweredOpening).toBe(false);
  });

  it('tells retransmissions from late segments and keep-alives', () => {
    const data = (sequence: number, text: string): p.Bytes =>
      segment(podA, podB, [50001, 80], { flags: 24, sequence, payload: p.ascii(text) });
    const [flow] = flowsOf(
      read([
        at(0, data(100, 'aaaa')),
        at(1, data(108, 'cccc')),
        at(2, data(104, 'bbbb')), // late: it fills the hole
        at(300, data(108, 'cccc')), // sent again
        at(400, data(111, 'x')), // keep-alive
        at(500, data(112, 'dddd')),
      ]),
    );
    expect(flow?.client).toMatchObject({ retransmissions: 1, packets: 6 });
  });

  it('sequence numbers that wrap are no retransmission', () => {
    const data = (sequence: number): p.Bytes =>
      segment(podA, podB, [50001, 80], { flags: 24, sequence, payload: p.ascii('aaaa') });
    const [flow] = flowsOf(read([at(0, data(0xfffffffe)), at(1, data(2)), at(2, data(6))]));
    expect(flow?.client.retransmissions).toBe(0);
  });

  it('counts DNS queries, what stays unanswered and errors', () => {
    const query = (id: number, name: string): p.Bytes =>
      eth4(udpPacket(podA, vip, 53001, 53, p.dns({ id, name }), { id: ipId++ }));
    const answer = (id: number, name: string, rcode: number): p.Bytes =>
      eth4(udpPacket(vip, podA, 53, 53001, p.dns({ id, name, rcode }), { id: ipId++ }), podB, podA);
    const index = read([
      at(0, query(1, 'a.example')),
      at(1, answer(1, 'a.example', 0)),
      at(2, query(2, 'b.example')),
      at(3, answer(2, 'b.example', 3)),
      at(4, query(3, 'C.example')),
      at(1004, query(3, 'c.example')),
      at(5, query(4, 'd.example')),
      at(6, answer(4, 'd.example', 2)),
      later,
      at(8999, query(5, 'too-late.example')),
    ]);
    expect(flowsOf(index)[0]).toMatchObject({
      dnsQueries: 6,
      dnsUnanswered: 1,
      dnsNotFound: 1,
      dnsErrors: 1,
      dnsNames: ['a.example', 'b.example', 'c.example', 'd.example', 'too-late.example'],
    });
  });

  it('an ICMP error counts with the flow it is about', () => {
    const data = tcpPacket(podA, podB, 50001, 80, { flags: 24, payload: p.ascii('big') });
    const error = p.ip(nodeB.ip, podA.ip, 1, p.icmp(3, 4, [0, 0, 5, 120], data.subarray(0, 28)));
    expect(flowsOf(read([at(0, eth4(data)), at(1, eth4(error))]))[0]?.icmpErrors).toBe(1);
  });

  it('pings and ARP requests without answer', () => {
    const ping = (type: number, from: typeof podA, to: typeof podA): p.Bytes =>
      eth4(
        p.ip(from.ip, to.ip, 1, p.icmp(type, 0, [0, 1, 0, 7], p.ascii('abcdefgh')), { id: ipId++ }),
        from,
        to,
      );
    const asks = p.ethernet(
      podA.mac,
      'ff-ff-ff-ff-ff-ff',
      0x0806,
      p.arp(1, podA, { mac: '00-00-00-00-00-00', ip: '10.244.1.2' }),
    );
    const unanswered = flowsOf(read([at(0, ping(8, podA, podB)), at(1, asks), later]));
    expect(unanswered.map((f) => [f.protocol, f.unansweredOpening])).toEqual([
      ['ICMP', true],
      ['ARP', true],
      ['LLDP', false],
    ]);
    const answered = flowsOf(read([at(0, ping(8, podA, podB)), at(1, ping(0, podB, podA)), later]));
    expect(answered[0]).toMatchObject({ unansweredOpening: false, client: { address: podA.ip } });
  });

  it('an inner flow stands in its tunnel; a cut one is its outer flow', () => {
    const inner = segment(podA, podB, [50001, 80], { flags: TCP.syn });
    const outer = inVxlan(4096, inner);
    const index = read([
      at(0, outer),
      { ...at(1, outer.subarray(0, 60)), originalLength: outer.length },
    ]);
    const [whole, cut] = flowsOf(index);
    expect(whole).toMatchObject({
      client: { address: podA.ip, port: 50001 },
      tunnel: { kind: 'VXLAN', network: 4096, outerFrom: nodeA.ip, outerTo: nodeB.ip },
    });
    expect(cut).toMatchObject({ client: { address: nodeA.ip }, server: { port: 4789 } });
    expect(cut?.tunnel).toBeUndefined();
    expect(index).toMatchObject({ innerCut: 1, shortened: { packets: 1, mostBytes: 60 } });
  });
});

describe('one packet at several places', () => {
  const request = { flags: 24, sequence: 5, payload: p.ascii('GET / HTTP/1.1') };

  it('counts once, and its appearances are one path', () => {
    const bytes = segment(podA, podB, [50001, 80], request);
    const index = read(
      [0, 1, 2].map((n) => at(n / 100, bytes, { interface: n })),
      3,
    );
    expect(flowsOf(index)[0]).toMatchObject({
      sightings: 3,
      client: { packets: 1, retransmissions: 0 },
    });
    expect(index.sightings.path(1)).toEqual([0, 1, 2]);
  });

  it('the same data sent again is a retransmission, not an appearance', () => {
    const index = read([0, 250].map((time) => at(time, segment(podA, podB, [50001, 80], request))));
    expect(flowsOf(index)[0]?.client).toMatchObject({ packets: 2, retransmissions: 1 });
  });

  it('group ids of pktmon link packets, which may be several to a group', () => {
    const one = segment(podA, podB, [50001, 80], request);
    const two = segment(podA, podB, [50001, 80], { ...request, sequence: 19 });
    const group = 10_696_049_115_005_232n;
    const index = read(
      [
        at(0, one, { interface: 0, group }),
        at(0, two, { interface: 0, group }),
        at(0.1, one, { interface: 1, group }),
        at(0.1, two, { interface: 1, group, dropped: true }),
      ],
      2,
    );
    expect(index.fromPktmon).toBe(true);
    expect(index.sightings.path(0)).toEqual([0, 2]);
    expect(index.sightings.path(3)).toEqual([1, 3]);
    expect(flowsOf(index)[0]).toMatchObject({ dropped: 1, client: { packets: 2 } });
  });

  it('large segments that the network card cuts are no retransmissions', () => {
    const part = (sequence: number, text: string): p.Bytes =>
      segment(podA, podB, [50001, 80], { flags: 24, sequence, payload: p.ascii(text) });
    const index = read(
      [
        at(0, part(100, 'aaaabbbbcccc')),
        at(0.1, part(100, 'aaaa'), { interface: 1 }),
        at(0.1, part(104, 'bbbb'), { interface: 1 }),
        at(0.1, part(108, 'cccc'), { interface: 1 }),
      ],
      2,
    );
    expect(flowsOf(index)[0]).toMatchObject({ client: { packets: 1, retransmissions: 0 } });
  });

  it('sees what is rewritten: destination, source, MAC, encapsulation', () => {
    const before = segment(podA, vip, [50001, 53], request, 70);
    const dnat = segment(podA, podB, [50001, 8053], request, 70);
    const mac = eth4(
      tcpPacket(podA, podB, 50001, 8053, request, { id: 70, ttl: 63 }),
      nodeA,
      nodeB,
    );
    const index = read(
      [
        at(0, before),
        at(0.1, dnat, { interface: 1 }),
        at(0.2, mac, { interface: 2 }),
        at(0.3, inVxlan(4096, mac), { interface: 3 }),
      ],
      4,
    );
    expect(index.rewrites.map(({ changes }) => changes)).toEqual([
      ['destination'],
      ['mac'],
      ['encapsulated'],
    ]);
    expect(index.rewrites[1]?.macs).toEqual({
      from: [podA.mac, podB.mac],
      to: [nodeA.mac, nodeB.mac],
    });
    expect(index.rewrites[0]).toMatchObject({ fromClient: true, count: 1, packets: [0, 1] });
  });
});
