import { describe, expect, it } from 'vitest';
import { arpParser } from './arp';
import { dynamicPortRangeParser } from './dynamic-port-range';
import { excludedPortRangeParser } from './excluded-port-range';
import { reservedPortsParser } from './reserved-ports';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const EXCLUDED = `
Protocol tcp Port Exclusion Ranges

Start Port    End Port
----------    --------
      1583        1682
     50000       50059     *

* - Administered port exclusions.


Protocol udp Port Exclusion Ranges

Start Port    End Port
----------    --------
     33300       33363

* - Administered port exclusions.
`;

const SPANISH = `
Puerto de inicio    Puerto final
----------          --------
      1025        1124
     24266       24365
`;

const DYNAMIC = `
Protocol tcp Dynamic Port Range
---------------------------------
Start Port      : 49152
Number of Ports : 16384


Protocol udp Dynamic Port Range
---------------------------------
Start Port      : 49152
Number of Ports : 16384
`;

const ARP = `
Interface: 10.127.130.38 --- 0x18
  Internet Address      Physical Address      Type
  10.127.130.1          00-1c-73-00-00-99     dynamic   
  224.0.0.22            01-00-5e-00-00-16     static    

Interface: 10.244.19.2 --- 0x2d
  Internet Address      Physical Address      Type
  10.244.19.31          00-15-5d-aa-b1-20     dynamic   

ifIndex IPAddress        LinkLayerAddress  State       PolicyStore
------- ---------        ----------------  -----       -----------
24      10.127.130.35    00-15-5D-AA-BF-01 Reachable   ActiveStore
`;

const ranges = (text: string) =>
  factsOf(parseText(excludedPortRangeParser, text).facts, 'port-ranges')[0]?.items.map((r) => [
    r.protocol,
    r.from,
    r.to,
    r.administered,
  ]);

describe('ports', () => {
  it('reads exclusions by protocol and the administered mark', () => {
    expect(ranges(EXCLUDED)).toEqual([
      ['tcp', 1583, 1682, false],
      ['tcp', 50000, 50059, true],
      ['udp', 33300, 33363, false],
    ]);
    expect(unaccounted(EXCLUDED, parseText(excludedPortRangeParser, EXCLUDED))).toEqual([]);
  });

  it('reads a translated table without its title', () => {
    expect(ranges(SPANISH)).toEqual([
      [undefined, 1025, 1124, false],
      [undefined, 24266, 24365, false],
    ]);
    expect(scoreOf(excludedPortRangeParser, SPANISH)).toBeGreaterThan(50);
  });

  it('keeps a table without rows as a fact: nothing is excluded', () => {
    const text = EXCLUDED.split('\n')
      .filter((line) => !/^\s+\d/.test(line))
      .join('\n');
    expect(ranges(text)).toEqual([]);
  });

  it('takes the protocol of the echoed command', () => {
    expect(ranges(`PS C:\\> netsh int ipv4 sh excludedportrange udp\n${SPANISH}`)?.[0]?.[0]).toBe(
      'udp',
    );
  });

  it('reads the dynamic range from start and count', () => {
    const result = parseText(dynamicPortRangeParser, DYNAMIC);
    expect(factsOf(result.facts, 'port-ranges')[0]?.items).toMatchObject([
      { protocol: 'tcp', from: 49152, to: 65535 },
      { protocol: 'udp', from: 49152, to: 65535 },
    ]);
    expect(unaccounted(DYNAMIC, result)).toEqual([]);
    expect(scoreOf(excludedPortRangeParser, DYNAMIC)).toBe(0);
  });

  it('tells a reservation that succeeded from one that ran out', () => {
    const text =
      'Able to reserve up to 120 more ranges of 64 ports.\nSuccessfully reserved 10 ranges of 64 ports\nERROR: running out of ports. Could not reserve more than 3 ranges of 64 ports\n';
    const items = factsOf(parseText(reservedPortsParser, text).facts, 'port-reservations')[0]
      ?.items;
    expect(items?.map((item) => [item.freeBlocks, item.error])).toEqual([
      [120, false],
      [10, false],
      [3, true],
    ]);
  });

  it('survives every cut', () => {
    survivesEveryCut(excludedPortRangeParser, EXCLUDED);
    survivesEveryCut(dynamicPortRangeParser, DYNAMIC);
  });
});

describe('neighbours', () => {
  it('reads arp by interface and Get-NetNeighbor below it', () => {
    const result = parseText(arpParser, ARP);
    const items = factsOf(result.facts, 'neighbours')[0]?.items;
    expect(items).toMatchObject([
      {
        interfaceAddress: '10.127.130.38',
        ifIndex: 24,
        ip: '10.127.130.1',
        mac: '00-1c-73-00-00-99',
        state: 'dynamic',
      },
      { ip: '224.0.0.22' },
      { interfaceAddress: '10.244.19.2', ifIndex: 45, ip: '10.244.19.31' },
      { ifIndex: 24, ip: '10.127.130.35', mac: '00-15-5d-aa-bf-01', state: 'Reachable' },
    ]);
    expect(unaccounted(ARP, result)).toEqual([]);
    survivesEveryCut(arpParser, ARP);
  });
});
