import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VSwitchPort } from '../model/tcpip';
import { textFileOf } from '../text/text-file';
import { wholeFile, type ParseResult } from './parser';
import { unaccounted } from './testing/accounting';
import { vswitchForwardingParser } from './vswitch-forwarding';
import { vswitchPortsParser } from './vswitch-ports';

const LIST = `
 ITEM LIST
===========

Port name                : 768B4BD1-774C-47E8-904F-91C007A4B183
Port Friendly name       : Container NIC 768b4bd1
Switch name              : 21A6CBA3-813D-4D85-98B0-A1CB27A6A6EC
Switch Friendly name     : Ethernet0
PortId                   : 5
VMQ Weight               : 100
Port type                : Internal
Port is Initialized.
MAC Learning is Disabled.
NIC name                 : 21A6CBA3--768B
NIC Friendly name        : Container NIC 768b4bd1
MTU                      : 1500
MAC address              : 00-15-5D-AA-BF-3D
VM name                  :
VM ID                    :
NIC is Connected.

Statistics:
  Bytes sent : 1200
  Ingress packet drops:
    Ingress drop : 4

Port name                : 868B4BD1-774C-47E8-904F-91C007A4B183
Port Friendly name       : ExternalPort
Port is not Initialized.
MAC address              : 00-15-5D-AA-BF-3E
NIC is not Connected.

Command list-vmswitch-port succeeded!
`;

const COUNTERS = `Get-port-counter for port: 768B4BD1-774C-47E8-904F-91C007A4B183

Direction - OUT
  Total packets : 10
  SYN packets : 7
  Dropped ACL packets : 0
Direction - IN
  Total packets : 3
  SYN-ACK packets : 1

Command get-port-counter succeeded!
`;

const read = (text: string): ParseResult =>
  vswitchPortsParser.parse(wholeFile(textFileOf('node/ports.txt', text)));
const ports = (text: string): readonly VSwitchPort[] => {
  const fact = read(text).facts[0];
  return fact?.kind === 'vswitch-ports' ? fact.items : [];
};

describe('ports.txt', () => {
  it('reads ports with adapter, state and drops', () => {
    const [container, external] = ports(LIST);
    expect(container).toMatchObject({
      name: '768b4bd1-774c-47e8-904f-91c007a4b183',
      switchName: '21a6cba3-813d-4d85-98b0-a1cb27a6a6ec',
      friendlyName: 'Container NIC 768b4bd1',
      portId: '5',
      mac: '00-15-5d-aa-bf-3d',
      mtu: 1500,
      vmName: undefined,
      initialized: true,
      nicConnected: true,
      evidence: [{ line: 5, endLine: 25 }],
    });
    expect([...(container?.counters.values() ?? [])]).toEqual([1200, 4]);
    expect(external).toMatchObject({ initialized: false, nicConnected: false });
    expect(unaccounted(LIST, read(LIST))).toEqual([]);
  });

  it('adds the counters of a later section to the port, by direction', () => {
    const [container, ...others] = ports(`${LIST}\n${COUNTERS}`);
    expect(others).toHaveLength(1);
    expect(container?.counters.get('SYN packets OUT')).toBe(7);
    expect(container?.counters.get('Total packets IN')).toBe(3);
  });

  it('reads the JSON that newer builds print', () => {
    const json =
      '{ "Ports": [\n { "Id": "5", "Name": "768B4BD1-774C-47E8-904F-91C007A4B183", "VmsPortId": 5, "MacAddress": "00-15-5D-AA-BF-3D" } ] }';
    expect(ports(json)).toMatchObject([
      { name: '768b4bd1-774c-47e8-904f-91c007a4b183', portId: '5', mac: '00-15-5d-aa-bf-3d' },
    ]);
  });

  it('leaves other output alone and never throws', () => {
    const text = `${LIST}\nWindows IP Configuration\n`;
    expect(unaccounted(text, read(text))).toEqual([35]);
    expect(read('nothing of it\n')).toEqual({ facts: [], claimed: [], notes: [] });
    fc.assert(fc.property(fc.nat(LIST.length), (at) => void read(LIST.slice(at))));
    fc.assert(fc.property(fc.string(), (any) => void read(any)));
  });
});

describe('vswitchForwarding.txt', () => {
  it('is kept as text and counted as read', () => {
    const file = textFileOf(
      'x/vswitchForwarding.txt',
      'Switch : a\nSome setting : 1\nCommand get-switch-forwarding-settings succeeded!\n',
    );
    expect(vswitchForwardingParser.parse(wholeFile(file))).toMatchObject({
      facts: [{ kind: 'opaque' }],
      claimed: [{ line: 1, endLine: 3 }],
    });
  });
});
