import { describe, expect, it } from 'vitest';
import type { VfpConditions } from '../model/vfp';
import { compileConditions, explained, matches, openBits } from '../vfp/conditions';
import { matchSubject } from './match-subject';
import type { PacketHeader } from './packet';

const PACKET: PacketHeader = {
  sourceMac: '00-15-5d-00-00-01',
  destinationMac: undefined,
  sourceIp: '10.244.1.5',
  destinationIp: '10.96.0.10',
  protocol: 17,
  sourcePort: undefined,
  destinationPort: 53,
  tcpFlags: [],
  encap: [],
};
const V6: PacketHeader = { ...PACKET, sourceIp: 'fd00:1::5', destinationIp: 'fd00:96::a' };
const TUNNELLED: PacketHeader = {
  ...PACKET,
  encap: [{ kind: 'vxlan', sourceIp: '10.1.0.4', destinationIp: '10.1.0.5', vni: 4096 }],
};

const conditions = (some: Partial<VfpConditions>): VfpConditions => ({
  protocols: [],
  sourceIps: [],
  destinationIps: [],
  sourcePorts: [],
  destinationPorts: [],
  sourceMacs: [],
  destinationMacs: [],
  other: [],
  ...some,
});

describe('conditions against a header', () => {
  it.each<[string, Partial<VfpConditions>, PacketHeader, string]>([
    ['none take every packet', {}, PACKET, 'yes'],
    ['a protocol of several', { protocols: [6, 17] }, PACKET, 'yes'],
    ['another protocol', { protocols: [6] }, PACKET, 'no'],
    ['an address', { destinationIps: ['10.96.0.10'] }, PACKET, 'yes'],
    ['a range', { destinationIps: ['10.96.0.0-10.111.255.255'] }, PACKET, 'yes'],
    ['a prefix', { sourceIps: ['10.244.2.0/24'] }, PACKET, 'no'],
    ['an IPv6 range', { destinationIps: ['fd00:96::-fd00:96::ffff'] }, V6, 'yes'],
    ['an IPv6 address in another spelling', { sourceIps: ['FD00:0001:0::0005'] }, V6, 'yes'],
    ['a range of the other family', { destinationIps: ['0.0.0.0-255.255.255.255'] }, V6, 'no'],
    ['a port range', { destinationPorts: ['50-60'] }, PACKET, 'yes'],
    ['a port that is not known', { sourcePorts: ['1024-65535'] }, PACKET, 'unknown'],
    ['a port of ICMP', { destinationPorts: ['53'] }, { ...PACKET, protocol: 1 }, 'no'],
    ['a MAC in another spelling', { sourceMacs: ['00:15:5D:00:00:01'] }, PACKET, 'yes'],
    ['a MAC that is not known', { destinationMacs: ['00-15-5d-00-00-02'] }, PACKET, 'unknown'],
    ['an address that cannot be read', { sourceIps: ['the moon'] }, PACKET, 'unknown'],
    ['one of two that can be read', { sourceIps: ['?', '10.244.1.5'] }, PACKET, 'yes'],
    ['a condition that is not interpreted', { other: ['VLAN ID : 7'] }, PACKET, 'unknown'],
    ['one that is not, and one that fails', { other: ['X : 1'], protocols: [6] }, PACKET, 'no'],
    ['the VNI of a tunnel', { other: ['GRE key : 4096'] }, TUNNELLED, 'yes'],
    ['the VNI of another', { other: ['GRE key : 4097'] }, TUNNELLED, 'no'],
    ['a VNI without a tunnel', { other: ['GRE key : 4096'] }, PACKET, 'no'],
    ['the outer addresses of a tunnel', { destinationIps: ['10.1.0.5'] }, TUNNELLED, 'yes'],
    ['the outer port of a tunnel', { destinationPorts: ['4789'] }, TUNNELLED, 'yes'],
    ['the inner address of a tunnel', { destinationIps: ['10.96.0.10'] }, TUNNELLED, 'no'],
  ])('%s', (_what, some, header, expected) => {
    expect(matches(compileConditions(conditions(some)), matchSubject(header))).toBe(expected);
  });

  it('are explained as printed, with what the packet has', () => {
    const compiled = compileConditions(conditions({ protocols: [6], destinationPorts: ['53'] }));
    expect(explained(compiled, matchSubject(PACKET))).toEqual([
      { condition: 'Protocols : 6', result: 'no', value: '17' },
      { condition: 'Destination ports : 53', result: 'yes', value: '53' },
    ]);
  });

  it('leave fewer bits of the destination open the longer the prefix is', () => {
    const bits = (text: string | undefined): number =>
      openBits(
        compileConditions(conditions({ destinationIps: text === undefined ? [] : [text] })),
        matchSubject(PACKET),
      );
    const order = [
      '10.96.0.10',
      '10.96.0.8/30',
      '10.96.0.0-10.111.255.255',
      '0.0.0.0-255.255.255.255',
      undefined,
    ].map(bits);
    expect(order).toEqual([0, 2, 20, 32, 129]);
  });
});
