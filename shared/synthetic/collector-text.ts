import { COLLECTED_AT } from './clock';
import { plannedAdapters } from './ip-text';
import type { NodePlan } from './node-plan';
import { convertToJson, formatList, formatTable } from './powershell-text';

/** Files that only our own collector writes (assets/collector/collect.ps1), by their paths. */
export function collectorTexts(plan: NodePlan): (readonly [string, string])[] {
  return [
    ['versions.txt', versionsText(plan)],
    ['hotfixes.txt', hotfixesText(plan)],
    ['hnsversion.txt', hnsVersionText(plan)],
    ['nat.txt', natText()],
    ['dnsclient.txt', dnsClientText(plan)],
    ['tcpip.txt', '\n\nDisabledComponents :\n\n\n\n'],
    ['adapterstatistics.txt', adapterStatisticsText(plan, 0)],
    ['adapterstatistics-2.txt', adapterStatisticsText(plan, 4000)],
    ['winevt/System.csv', systemEventsText()],
  ];
}

function versionsText(plan: NodePlan): string {
  const kube = `Kubernetes ${plan.kubernetesVersion}`;
  return [
    `kubelet.exe ${kube}`,
    `kube-proxy.exe ${kube}`,
    plan.runtime === 'containerd'
      ? 'containerd.exe github.com/containerd/containerd v1.7.16 83031836b2cf55637d7abf847b17134c51b38e53'
      : 'containerd.exe missing: containerd.exe is not on this node',
    'flanneld.exe v0.25.1',
    'rke2.exe missing: rke2.exe is not on this node',
    '',
  ].join('\n');
}

function hotfixesText(plan: NodePlan): string {
  const rows =
    plan.os.build === 17763
      ? [
          ['KB5036604', 'Update', '2024-04-10'],
          ['KB5036896', 'Security Update', '2024-04-10'],
        ]
      : [
          ['KB5036609', 'Update', '2024-04-10'],
          ['KB5036909', 'Security Update', '2024-04-10'],
        ];
  return formatTable(
    [
      { name: 'HotFixID', width: 9 },
      { name: 'Description', width: 15 },
      { name: 'InstalledOn', width: 11 },
    ],
    rows,
  );
}

function hnsVersionText(plan: NodePlan): string {
  const [Major, Minor] = plan.os.build === 17763 ? [9, 5] : [13, 3];
  return `${convertToJson([{ Major, Minor }])}\n`;
}

/** Docker and HNS make a NAT of Windows for the network `nat`. */
function natText(): string {
  return formatList([
    [
      ['Name', 'nat'],
      ['ExternalIPInterfaceAddressPrefix', ''],
      ['InternalIPInterfaceAddressPrefix', '172.17.48.0/20'],
      ['IcmpQueryTimeout', '30'],
      ['TcpEstablishedConnectionTimeout', '1800'],
      ['TcpTransientConnectionTimeout', '120'],
      ['TcpFilteringBehavior', 'AddressDependentFiltering'],
      ['UdpFilteringBehavior', 'AddressDependentFiltering'],
      ['UdpIdleSessionTimeout', '120'],
      ['UdpInboundRefresh', 'False'],
      ['Store', 'Local'],
      ['Active', 'True'],
    ],
  ]);
}

function dnsClientText(plan: NodePlan): string {
  const row = (c: readonly [string, string, string, string]): string =>
    `${c[0].padEnd(36)} ${c[1].padStart(9)} ${c[2].padEnd(7)} ${c[3]}`.trimEnd();
  const rows = plannedAdapters(plan)
    .filter((a) => a.compartment === 1)
    .map((a) => row([a.name, String(a.ifIndex), 'IPv4', `{${a.dnsServers.join(', ')}}`]));
  return [
    '',
    row(['InterfaceAlias', 'Interface', 'Address', 'ServerAddresses']),
    row(['', 'Index    ', 'Family', '']),
    row(['--------------', '---------', '-------', '---------------']),
    ...rows,
    ...formatList([
      [
        ['UseSuffixSearchList', 'True'],
        ['SuffixSearchList', '{}'],
        ['UseDevolution', 'True'],
        ['DevolutionLevel', '0'],
      ],
    ]).split('\n'),
  ].join('\n');
}

/** `more` packets have passed since the first sample. */
function adapterStatisticsText(plan: NodePlan, more: number): string {
  return formatList(
    plannedAdapters(plan)
      .filter((a) => a.compartment === 1)
      .map((a, index): readonly (readonly [string, string])[] => {
        const packets = 7182736 + index * 1000 + more;
        return [
          ['Caption', `MSFT_NetAdapterStatisticsSettingData '${a.name}'`],
          ['Description', a.description],
          ['InterfaceDescription', a.description],
          ['Name', a.name],
          ['Source', '2'],
          ['SystemName', plan.node.name],
          ['OutboundDiscardedPackets', '0'],
          ['OutboundPacketErrors', '0'],
          ['ReceivedBytes', String(packets * 812)],
          ['ReceivedDiscardedPackets', '0'],
          ['ReceivedPacketErrors', '0'],
          ['ReceivedUnicastPackets', String(packets)],
          ['SentBytes', String(packets * 640)],
          ['SentUnicastPackets', String(packets - 900)],
        ];
      }),
  );
}

function systemEventsText(): string {
  const day = 24 * 3_600_000;
  const event = (ago: number, level: number, word: string, id: number, message: string): string =>
    [
      `${new Date(COLLECTED_AT - ago).toISOString().replace('Z', '0000+00:00')}`,
      String(level),
      word,
      'Service Control Manager',
      String(id),
      message,
    ]
      .map((value) => `"${value.replaceAll('"', '""')}"`)
      .join(',');
  return [
    '"TimeCreated","Level","LevelDisplayName","ProviderName","Id","Message"',
    event(
      day / 12,
      4,
      'Information',
      7036,
      'The WinHTTP Web Proxy Auto-Discovery Service service entered the stopped state.',
    ),
    event(
      day / 8,
      4,
      'Information',
      7040,
      'The start type of the Background Intelligent Transfer Service service was changed from demand start to auto start.',
    ),
    '',
  ].join('\n');
}
