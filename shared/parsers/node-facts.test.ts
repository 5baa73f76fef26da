import { describe, expect, it } from 'vitest';
import type { FactKind, FactsOf } from '../model/facts';
import { adapterStatisticsParser } from './adapter-statistics';
import { componentVersionsParser } from './component-versions';
import { dnsClientParser } from './dns-client';
import { getNetNatParser } from './get-netnat';
import { hnsVersionParser } from './hns/hns-version';
import { hotfixesParser } from './hotfixes';
import { ipv6SettingParser } from './ipv6-setting';
import { parseFile } from './parse-file';
import type { Parser } from './parser';
import { tcpConnectionsParser } from './tcp-connections';
import { parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';
import { factItems } from './testing/facts-of';
import { textFileOf } from '../text/text-file';

const VERSIONS = `kubelet.exe Kubernetes v1.29.4
kube-proxy.exe Kubernetes v1.29.4
containerd.exe github.com/containerd/containerd v1.7.16 83031836b2cf55637d7abf847b17134c51b38e53
flanneld.exe v0.25.1
rke2.exe missing: rke2.exe is not on this node
`;

const HOTFIXES = `
HotFixID  Description     InstalledOn
--------  -----------     -----------
KB5036609 Update          4/9/2024 12:00:00 AM
KB5036909 Security Update 4/13/2024 12:00:00 AM

`;

const HNS = `[
    {
        "Major":  13,
        "Minor":  3
    }
]
`;

const NAT = `

Name                             : nat
ExternalIPInterfaceAddressPrefix :
InternalIPInterfaceAddressPrefix : 172.20.0.0/20
IcmpQueryTimeout                 : 30
TcpEstablishedConnectionTimeout  : 1800
UdpIdleSessionTimeout            : 120
Store                            : Local
Active                           : True

`;

const DNS = `
InterfaceAlias               Interface Address ServerAddresses
                             Index     Family
--------------               --------- ------- ---------------
vEthernet (Ethernet)                 9 IPv4    {10.127.130.7, 10.127.130.8}
vEthernet (Ethernet)                 9 IPv6    {}


UseSuffixSearchList : True
SuffixSearchList    : {corp.example, example}
UseDevolution       : True
DevolutionLevel     : 0


Namespace                        : .corp.example
QueryPolicy                      :
NameServers                      : 10.127.130.9
`;

const IPV6 = `

DisabledComponents : 255

`;

const TCP = `
LocalAddress                        LocalPort RemoteAddress                       RemotePort State       AppliedSetting OwningProcess
------------                        --------- -------------                       ---------- -----       -------------- -------------
::                                  10250     ::                                  0          Listen                     4242
10.127.130.36                       49771     10.96.0.1                           443        Established Datacenter     4242

`;

const STATISTICS = `

Caption                  : MSFT_NetAdapterStatisticsSettingData 'Ethernet0'
InstanceID               : {6A1B0F3D-7A3C-4F8D-9C55-2B1E6C7F0A11}
InterfaceDescription     : vmxnet3 Ethernet Adapter
Name                     : Ethernet0
OutboundDiscardedPackets : 0
OutboundPacketErrors     : 0
RdmaStatistics           :
ReceivedBytes            : 9182736455
ReceivedDiscardedPackets : 12
ReceivedUnicastPackets   : 7182736
SentBytes                : 812736455
SentUnicastPackets       : 6182736

`;

const items = <K extends FactKind>(
  parser: Parser,
  kind: K,
  text: string,
): FactsOf<K>['items'][number][] => factItems(parseText(parser, text).facts, kind);

describe.each([
  ['versions.txt', componentVersionsParser, VERSIONS],
  ['hotfixes.txt', hotfixesParser, HOTFIXES],
  ['hnsversion.txt', hnsVersionParser, HNS],
  ['nat.txt', getNetNatParser, NAT],
  ['dnsclient.txt', dnsClientParser, DNS],
  ['tcpip.txt', ipv6SettingParser, IPV6],
  ['tcpconnections.txt', tcpConnectionsParser, TCP],
  ['adapterstatistics.txt', adapterStatisticsParser, STATISTICS],
] as const)('%s', (path, parser, text) => {
  it('is known by its content, every line of it is accounted for, and no cut breaks it', () => {
    expect(scoreOf(parser, text)).toBeGreaterThanOrEqual(50);
    expect(unaccounted(text, parseText(parser, text))).toEqual([]);
    survivesEveryCut(parser, text);
    const whole = parseFile(textFileOf(path, text));
    expect([whole.status, whole.kinds, whole.unread]).toEqual(['parsed', [parser.kind], []]);
  });

  it('is read as pasted behind a prompt, indented', () => {
    const pasted = text.replace(/^(?=.)/gm, '    ');
    expect(parseText(parser, pasted).facts.map(({ items: all }) => all.length)).toEqual(
      parseText(parser, text).facts.map(({ items: all }) => all.length),
    );
  });
});

describe('versions of components', () => {
  it('takes the version of the program, not of its compiler, and keeps why there is none', () => {
    const text = `${VERSIONS}rke2.exe rke2 version v1.28.9+rke2r1 (07bf87f9) go version go1.21.9\n`;
    const read = items(componentVersionsParser, 'component-versions', text);
    expect(read.map(({ component, version }) => [component, version])).toEqual([
      ['kubelet', '1.29.4'],
      ['kube-proxy', '1.29.4'],
      ['containerd', '1.7.16'],
      ['flanneld', '0.25.1'],
      ['rke2', undefined],
      ['rke2', '1.28.9+rke2r1'],
    ]);
    expect(read[4]?.reason).toBe('rke2.exe is not on this node');
  });

  it('does not believe a version at which the file ends', () => {
    const [cut] = items(
      componentVersionsParser,
      'component-versions',
      'kubelet.exe Kubernetes v1.29.1',
    );
    expect(cut?.version).toBeUndefined();
  });
});

describe('updates', () => {
  it('reads dates where they can be read, by the others of the list', () => {
    expect(
      items(hotfixesParser, 'hotfixes', HOTFIXES).map(({ id, installedAt }) => [
        id,
        installedAt && new Date(installedAt).toISOString().slice(0, 10),
      ]),
    ).toEqual([
      ['KB5036609', '2024-04-09'],
      ['KB5036909', '2024-04-13'],
    ]);
  });

  it('keeps them as printed where nothing tells day from month, and says so', () => {
    const text = HOTFIXES.replace('4/13/2024', '4/12/2024');
    const result = parseText(hotfixesParser, text);
    const [first] = factItems(result.facts, 'hotfixes');
    expect([first?.installedAt, first?.installedOn]).toEqual([undefined, '4/9/2024 12:00:00 AM']);
    expect(result.notes[0]?.message).toContain('Dates stay as printed');
  });
});

describe('the version of HNS', () => {
  it.each(['{"Version":{"Major":13,"Minor":3}}', '{\n  "Major": 13,\n  "Minor": 3\n}', HNS])(
    'is read in any of its forms',
    (text) => {
      expect(items(hnsVersionParser, 'hns-version', text)).toMatchObject([{ major: 13, minor: 3 }]);
    },
  );
});

describe('settings of the host', () => {
  it('reads the NAT of Windows', () => {
    expect(items(getNetNatParser, 'windows-nat', NAT)).toMatchObject([
      { name: 'nat', internalPrefix: '172.20.0.0/20', externalPrefix: undefined, active: true },
    ]);
  });

  it.each([
    ['DisabledComponents : 255\n', 255],
    ['DisabledComponents : -1\n', 0xffffffff],
    ['    DisabledComponents    REG_DWORD    0x20\n', 0x20],
    ['DisabledComponents :\n', undefined],
  ])('reads %j', (text, value) => {
    expect(items(ipv6SettingParser, 'ipv6-setting', text)).toMatchObject([
      { disabledComponents: value },
    ]);
  });

  it('reads servers, suffixes and policy of the DNS client', () => {
    expect(items(dnsClientParser, 'dns-client', DNS)).toMatchObject([
      {
        kind: 'servers',
        alias: 'vEthernet (Ethernet)',
        ifIndex: 9,
        family: 4,
        servers: ['10.127.130.7', '10.127.130.8'],
      },
      { kind: 'servers', family: 6, servers: [] },
      { kind: 'suffixes', suffixes: ['corp.example', 'example'], used: true },
      { kind: 'policy', namespace: '.corp.example', servers: ['10.127.130.9'] },
    ]);
  });

  it('reads connections with their owners', () => {
    expect(items(tcpConnectionsParser, 'tcp-connections', TCP)).toMatchObject([
      { localAddress: '::', localPort: 10250, state: 'Listen', pid: 4242 },
      { localPort: 49771, remoteAddress: '10.96.0.1', remotePort: 443, state: 'Established' },
    ]);
  });

  it('reads counters of adapters, the second sample as the second', () => {
    const facts = parseText(adapterStatisticsParser, STATISTICS, 'adapterstatistics-2.txt').facts;
    const [adapter] = factItems(facts, 'adapter-statistics');
    expect([adapter?.adapter, adapter?.order]).toEqual(['Ethernet0', 2]);
    expect([...(adapter?.counters ?? [])]).toContainEqual(['ReceivedDiscardedPackets', 12]);
  });
});
