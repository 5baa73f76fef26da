import { describe, expect, it } from 'vitest';
import type { Facts } from '../model/facts';
import { textFileOf } from '../text/text-file';
import { ipconfigParser } from './ipconfig';
import { survivesEveryCut, unaccounted } from './testing/accounting';
import { wholeFile } from './parser';

const COMPARTMENTS = `
Windows IP Configuration

==============================================================================
Network Information for Compartment 2
==============================================================================
   Host Name . . . . . . . . . . . . : WIN-24ELFEPI8D9
   Primary Dns Suffix  . . . . . . . : 
   Node Type . . . . . . . . . . . . : Hybrid
   DNS Suffix Search List. . . . . . : default.svc.cluster.local

Ethernet adapter vEthernet (586dc7f4402f_cbr0):

   Connection-specific DNS Suffix  . : default.svc.cluster.local
   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter #5
   Physical Address. . . . . . . . . : 00-15-5D-E1-56-F4
   DHCP Enabled. . . . . . . . . . . : Yes
   Autoconfiguration Enabled . . . . : Yes
   Link-local IPv6 Address . . . . . : fe80::89a0:e44:fb0:8a41%46(Preferred) 
   IPv4 Address. . . . . . . . . . . : 10.244.4.7(Preferred) 
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   Default Gateway . . . . . . . . . : fe80::1%46
                                       10.244.4.2
   DNS Servers . . . . . . . . . . . : 10.96.0.10
                                       168.63.129.16
   NetBIOS over Tcpip. . . . . . . . : Disabled
   Connection-specific DNS Suffix Search List :
                                       default.svc.cluster.local
                                       svc.cluster.local

==============================================================================
Network Information for Compartment 3 (ACTIVE)
==============================================================================
`;

const GERMAN = `
Windows-IP-Konfiguration

   Hostname  . . . . . . . . . . . . : KNOTEN1
   Primäres DNS-Suffix . . . . . . . : 
   Knotentyp . . . . . . . . . . . . : Hybrid
   DNS-Suffixsuchliste . . . . . . . : svc.cluster.local

Ethernet-Adapter vEthernet (abc_cbr0):

   Verbindungsspezifisches DNS-Suffix: svc.cluster.local
   Beschreibung. . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter
   Physische Adresse . . . . . . . . : 00-15-5D-E1-58-20
   DHCP aktiviert. . . . . . . . . . : Ja
   IPv4-Adresse  . . . . . . . . . . : 10.244.4.8(Bevorzugt) 
   Subnetzmaske  . . . . . . . . . . : 255.255.255.0
   Lease erhalten. . . . . . . . . . : Montag, 15. Oktober 2018 21:14:07
   Standardgateway . . . . . . . . . : 10.244.4.2
   DHCP-Server . . . . . . . . . . . : 168.63.129.16
   DNS-Server  . . . . . . . . . . . : 10.96.0.10
   NetBIOS über TCP/IP . . . . . . . : Aktiviert
`;

const parse = (text: string, path = 'ip.txt') =>
  ipconfigParser.parse(wholeFile(textFileOf(path, text)));
const compartments = (facts: readonly Facts[]) =>
  facts.flatMap((fact) => (fact.kind === 'compartments' ? [fact] : []));

describe('ipconfig', () => {
  it('reads every compartment with its adapter, addresses and DNS settings', () => {
    const result = parse(COMPARTMENTS);
    const [fact] = compartments(result.facts);
    expect(fact?.scope).toBe('all-compartments');
    expect(fact?.items.map(({ id, active }) => [id, active])).toEqual([
      [2, false],
      [3, true],
    ]);
    const adapter = fact?.items[0]?.adapters[0];
    expect(adapter).toMatchObject({
      name: 'vEthernet (586dc7f4402f_cbr0)',
      kind: 'Ethernet adapter',
      mac: '00-15-5d-e1-56-f4',
      ipv4: [{ address: '10.244.4.7', prefixLength: 24, status: 'Preferred' }],
      ipv6: [{ address: 'fe80::89a0:e44:fb0:8a41', status: 'Preferred' }],
      gateways: ['fe80::1', '10.244.4.2'],
      dnsServers: ['10.96.0.10', '168.63.129.16'],
      dnsSuffix: 'default.svc.cluster.local',
      suffixSearchList: ['default.svc.cluster.local', 'svc.cluster.local'],
      mediaDisconnected: false,
    });
    expect(adapter?.lines).toMatchObject({
      ipv4: { line: 20 },
      gateway: { line: 22, endLine: 23 },
      dns: { line: 24, endLine: 25 },
      suffix: { line: 27, endLine: 29 },
    });
    expect(unaccounted(COMPARTMENTS, result)).toEqual([]);
  });

  it('names the host by what is printed, once', () => {
    const names = parse(COMPARTMENTS).facts.find((fact) => fact.kind === 'host-name');
    expect(names?.items).toMatchObject([{ name: 'WIN-24ELFEPI8D9', evidence: [{ line: 7 }] }]);
  });

  it('reads translated labels by form and place', () => {
    const [fact] = compartments(parse(GERMAN).facts);
    expect(fact?.scope).toBe('host');
    expect(fact?.items[0]).toMatchObject({
      id: 1,
      hostName: 'KNOTEN1',
      suffixSearchList: ['svc.cluster.local'],
    });
    expect(fact?.items[0]?.adapters[0]).toMatchObject({
      name: 'vEthernet (abc_cbr0)',
      ipv4: [{ address: '10.244.4.8', prefixLength: 24, status: 'Preferred' }],
      gateways: ['10.244.4.2'],
      dnsServers: ['10.96.0.10'],
      dnsSuffix: 'svc.cluster.local',
    });
  });

  it('reads the same when blank lines and trailing blanks were lost', () => {
    const [whole] = compartments(parse(COMPARTMENTS).facts);
    const dense = COMPARTMENTS.split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n');
    const [fact] = compartments(parse(dense).facts);
    const told = (item: typeof whole) =>
      item?.items.map((c) => c.adapters.map((a) => [a.name, a.ipv4, a.dnsServers]));
    expect(told(fact)).toEqual(told(whole));
  });

  it('reads the same when the whole file is indented', () => {
    const [fact] = compartments(parse(COMPARTMENTS.replace(/^(?=.)/gm, '    ')).facts);
    expect(fact?.items[0]?.adapters[0]?.gateways).toEqual(['fe80::1', '10.244.4.2']);
  });

  it('keeps two adapters of one name in one compartment apart', () => {
    const block =
      'Ethernet adapter VLAN11:\n\n   IPv4 Address. . . . . . . . . . . : 10.0.0.1\n   Subnet Mask . . . . . . . . . . . : 255.255.255.128\n\n';
    const [fact] = compartments(parse(block + block.replace('10.0.0.1', '10.0.0.2')).facts);
    expect(fact?.items[0]?.adapters.map((a) => a.ipv4[0]?.address)).toEqual([
      '10.0.0.1',
      '10.0.0.2',
    ]);
  });

  it('takes an ipconfig of a container as the view of that container', () => {
    const text = `PS C:\\k> docker exec 8bc ipconfig /all\n${GERMAN}\nPS C:\\k> kubectl exec -it -n web win-1 -- ipconfig\n${GERMAN}`;
    const result = parse(text, 'paste.txt');
    expect(
      compartments(result.facts).map(({ scope, items }) => [scope, items[0]?.insideContainer]),
    ).toEqual([
      ['container', '8bc'],
      ['container', 'win-1'],
    ]);
    expect(result.facts.some((fact) => fact.kind === 'host-name')).toBe(false);
  });

  it('tells a duplicate address and an unplugged adapter', () => {
    const [fact] = compartments(
      parse(
        'Ethernet adapter A:\n\n   Media State . . . . . . . . . . . : Media disconnected\n   Connection-specific DNS Suffix  . : \n\nEthernet adapter B:\n   IPv4 Address. . . . . . . . . . . : 10.0.0.4(Duplicate) \n',
      ).facts,
    );
    expect(fact?.items[0]?.adapters.map((a) => [a.mediaDisconnected, a.ipv4[0]?.status])).toEqual([
      [true, undefined],
      [false, 'Duplicate'],
    ]);
  });

  it('leaves the output of other commands to others', () => {
    const text = `${GERMAN}\nPS C:\\k> Get-NetIPAddress\n\nIPAddress         : 10.0.0.1\nInterfaceIndex    : 4\n`;
    const lines = text.split('\n');
    expect(unaccounted(text, parse(text)).map((n) => lines[n - 1])).toEqual([
      'PS C:\\k> Get-NetIPAddress',
      'IPAddress         : 10.0.0.1',
      'InterfaceIndex    : 4',
    ]);
  });

  it('recognises an output by content and an empty file by nothing', () => {
    const of = (text: string, path: string) =>
      ipconfigParser.recognise(wholeFile(textFileOf(path, text)), text.split('\n'));
    expect(of(COMPARTMENTS, 'x')).toBeGreaterThan(50);
    expect(of(GERMAN, 'x')).toBeGreaterThan(50);
    expect(of('hello', 'x')).toBe(0);
    expect(parse('').facts).toEqual([]);
  });

  it('loses no line silently wherever the file is cut', () => {
    survivesEveryCut(ipconfigParser, COMPARTMENTS);
    survivesEveryCut(ipconfigParser, GERMAN);
  });
});
