import { describe, expect, it } from 'vitest';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import { factItems } from '../testing/facts-of';
import { survivesEveryCut } from '../testing/accounting';
import { packetMonitorComponentsParser } from './components';
import { packetMonitorCountersParser } from './counters';
import { packetMonitorLogParser } from './log';

const LOG = `[08]0000.0000::2026-05-14 10:27:05.458631900 [Microsoft-Windows-PktMon] Component 77, Type Protocol , Name tcpip.sys, TCPIP
[08]0000.0000::2026-05-14 10:27:05.458632200 [Microsoft-Windows-PktMon] Property: Component 77, EtherType  = IPv4
[08]0000.0000::2026-05-14 10:27:06.034000000 [Microsoft-Windows-PktMon] PktGroupId 562949953421500, PktNumber 1, Appearance 1, Direction Tx , Type Ethernet , Component 78, Edge 1, Filter 1, OriginalSize 66, LoggedSize 66
\t00-15-5D-AA-BF-3D > 00-15-5D-AA-00-01, ethertype IPv4 (0x0800), length 66: 10.244.1.5.50100 > 10.244.2.7.80: Flags [S], seq 1995496356, win 64240, length 0
[08]0000.0000::2026-05-14 10:27:06.034020500 [Microsoft-Windows-PktMon] Drop: PktGroupId 562949953421500, PktNumber 1, Appearance 0, Direction Rx , Type IP , Component 77, Filter 1, DropReason INET: transport endpoint was not found , DropLocation 0xE000460A, OriginalSize 402, LoggedSize 148
\tDrop: ip: 10.244.2.7.50005 > 10.244.1.5.50005: UDP, length 374
[08]0000.0000::2026-05-14 10:27:07.034020500 [Microsoft-Windows-PktMon] Drop: PktGroupId 562949953421501, PktNumber 1, Appearance 0, Direction Rx , Type IP , Component 77, Filter 1, DropReason INET: transport endpoint was not found , DropLocation 0xE000460A, OriginalSize 402, LoggedSize 148
\tDrop: ip: 10.244.2.7.50005 > 10.244.1.5.50005: UDP, length 374
10:27:08.034020500 Drop: PktGroupId 562949953421502, PktNumber 1, Appearance 1, Direction Rx , Type Ethernet , Component 2, Edge 1, Filter 0, DropReason 228, DropLocation 0xE000100F, OriginalSize 60, LoggedSize 60
\tDrop: AA-BB-CC-DD-E1-07 > FF-FF-FF-FF-FF-FF, ethertype ARP (0x0806), length 56: Request who-has 10.71.1.69 tell 10.71.1.125, length 42
`;

const COUNTERS = `Microsoft Hyper-V Network Adapter
  Id Name                          Counter   Direction    Packets      Bytes | Direction    Packets      Bytes
  -- ----                          -------   ---------    -------      ----- | ---------    -------      -----
  13 Microsoft Hyper-V Network A... Upper    Rx             1,014    101,080 | Tx               812     81,024
                                   Lower     Rx             1,014    101,080 | Tx               812     81,024
  65 TCPIP                         Upper     Rx               900     90,080 | Tx               800     80,024
                                   Drops     Rx                40      4,296 | Tx                 0          0
`;

const LIST = `Packet Monitor is not running.

Network Adapters:
   Id MAC Address       Name
   -- -----------       ----
    9 00-15-5D-01-02-03 Microsoft Hyper-V Network Adapter
   12 00-15-5D-01-02-04 Hyper-V Virtual Ethernet Adapter

Drivers:
   Id Driver    Name
   -- ------    ----
   65 tcpip.sys TCPIP
`;

const read = (path: string, text: string) => parseFile(textFileOf(path, text));

describe('a log of Packet Monitor', () => {
  const file = read('trace.txt', LOG);
  const [log] = factItems(file.facts, 'pktmon-logs');

  it('is read whole, each packet at each component', () => {
    expect(file.status).toBe('parsed');
    expect(file.unread).toEqual([]);
    expect(log).toMatchObject({ appearances: 4, dropped: 3 });
    expect(factItems(file.facts, 'pktmon-components')).toMatchObject([
      { id: 77, name: 'Protocol tcpip.sys, TCPIP' },
    ]);
  });

  it('tells why a packet was dropped, between whom, and how often', () => {
    expect(log?.drops[0]).toMatchObject({
      code: 1204,
      reason: 'INET: transport endpoint was not found',
      location: '0xE000460A',
      component: 77,
      count: 2,
      source: '10.244.2.7',
      destination: '10.244.1.5',
      destinationPort: 50005,
      toMany: false,
      evidence: [{ file: 'trace.txt', line: 5, endLine: 6 }],
    });
  });

  it('knows a reason by its number, and what goes to everybody', () => {
    expect(log?.drops[1]).toMatchObject({
      code: 228,
      source: '10.71.1.125',
      destination: '10.71.1.69',
      toMany: true,
    });
  });

  it('keeps a drop whose packet was not printed, or whose reason it does not know', () => {
    const [line = ''] = LOG.split('\n').slice(4);
    const other = line.replace(/DropReason .*? ,/, 'DropReason Etwas Neues ,');
    const [brief] = factItems(read('a.txt', `${line}\n${other}\n`).facts, 'pktmon-logs');
    expect(brief?.drops).toMatchObject([
      { code: 1204, source: undefined },
      { code: undefined, reason: 'Etwas Neues' },
    ]);
  });

  it('survives every cut', () => survivesEveryCut(packetMonitorLogParser, LOG));
});

describe('pktmon counters', () => {
  it('are read with the component of each row', () => {
    const file = read('pktmon-counters-2.txt', COUNTERS);
    expect(file.unread).toEqual([]);
    const [sample] = factItems(file.facts, 'pktmon-counters');
    expect(sample?.order).toBe(2);
    expect(sample?.counters).toMatchObject([
      { component: 13, counter: 'Upper', drops: false, packets: [1014, 812] },
      { component: 13, counter: 'Lower' },
      { component: 65, name: 'TCPIP', counter: 'Upper', packets: [900, 800] },
      { component: 65, name: 'TCPIP', counter: 'Drops', drops: true, packets: [40, 0] },
    ]);
  });

  it('are read as JSON', () => {
    const way = (packets: number) => ({ Packets: packets, Bytes: packets * 100 });
    const json = [
      {
        Group: 'Adapter',
        Components: [
          {
            Id: 65,
            Name: 'TCPIP',
            Counters: [{ Name: 'Drops', Inbound: way(4), Outbound: way(1) }],
          },
        ],
      },
    ];
    const file = read('pktmon-counters.txt', JSON.stringify(json, null, 2));
    expect(file.kinds).toEqual(['pktmon-counters']);
    const [sample] = factItems(file.facts, 'pktmon-counters');
    expect(sample?.counters).toMatchObject([{ component: 65, drops: true, packets: [4, 1] }]);
  });

  it('of a monitor that does not run are no sample, zeros are one', () => {
    const not = read('pktmon-counters.txt', 'Packet Monitor is not running.\n');
    expect(not.facts).toEqual([]);
    expect(not.unread).toEqual([]);
    const zero = read('pktmon-counters.txt', 'All counters are zero.\n');
    expect(factItems(zero.facts, 'pktmon-counters')).toMatchObject([{ counters: [] }]);
  });

  it('survive every cut', () => survivesEveryCut(packetMonitorCountersParser, COUNTERS));
});

describe('pktmon list', () => {
  it('is read table by table, with what the status says before it', () => {
    const file = read('pktmon.txt', LIST);
    expect(file.unread).toEqual([]);
    expect(factItems(file.facts, 'pktmon-components')).toMatchObject([
      { id: 9, name: 'Microsoft Hyper-V Network Adapter', group: 'Network Adapters' },
      { id: 12, mac: '00-15-5d-01-02-04' },
      { id: 65, name: 'tcpip.sys TCPIP', group: 'Drivers' },
    ]);
  });

  it('is read as JSON', () => {
    const json = [{ Group: 'Adapter', Components: [{ Id: 9, Name: 'NIC', Properties: [] }] }];
    const file = read('Pktmon-Components.txt', JSON.stringify(json, null, 2));
    expect(factItems(file.facts, 'pktmon-components')).toMatchObject([
      { id: 9, name: 'NIC', group: 'Adapter' },
    ]);
  });

  it('survives every cut', () => survivesEveryCut(packetMonitorComponentsParser, LIST));
});
