import { COLLECTED_AT } from './clock';
import { plannedAdapters } from './ip-text';
import { PIDS } from './logs-text';
import type { NodePlan } from './node-plan';
import { convertToJson, formatList, formatTable } from './powershell-text';

/** Files that our own collector writes (assets/collector/collect.ps1), and what is asked beside it. */
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
    ['winevt/Microsoft-Windows-Host-Network-Service-Admin.csv', hnsEventsText()],
    ['hns-process.txt', hnsProcessText()],
    ['kubelet-service.txt', kubeletServiceText()],
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

const DAY = 24 * 3_600_000;
const EVENT_COLUMNS = '"TimeCreated","Level","LevelDisplayName","ProviderName","Id","Message"';
/** A moment as `Get-Date -Format o` prints it. */
const roundTrip = (ago: number): string =>
  new Date(COLLECTED_AT - ago).toISOString().replace('Z', '0000+00:00');

/** An entry of an event log, which the collector prints as CSV. */
function infoEvent(ago: number, provider: string, id: number, message: string): string {
  return [roundTrip(ago), '4', 'Information', provider, String(id), message]
    .map((value) => `"${value.replaceAll('"', '""')}"`)
    .join(',');
}

function systemEventsText(): string {
  const manager = 'Service Control Manager';
  return [
    EVENT_COLUMNS,
    infoEvent(
      DAY / 12,
      manager,
      7036,
      'The WinHTTP Web Proxy Auto-Discovery Service service entered the stopped state.',
    ),
    infoEvent(
      DAY / 8,
      manager,
      7040,
      'The start type of the Background Intelligent Transfer Service service was changed from demand start to auto start.',
    ),
    '',
  ].join('\n');
}

function hnsEventsText(): string {
  return [
    EVENT_COLUMNS,
    infoEvent(DAY / 10, 'Microsoft-Windows-Host-Network-Service', 1000, 'An endpoint was created.'),
    '',
  ].join('\n');
}

/** What an operator asks of the process that hosts HNS. */
function hnsProcessText(): string {
  return `PS C:\\k> Get-CimInstance Win32_Process -Filter 'ProcessId=${PIDS.hns}' | fl ProcessId, Name, ThreadCount, WorkingSetSize\n${formatList(
    [
      [
        ['ProcessId', String(PIDS.hns)],
        ['Name', 'svchost.exe'],
        ['ThreadCount', '41'],
        ['WorkingSetSize', '52428800'],
      ],
    ],
  )}`;
}

/** How the kubelet starts. */
function kubeletServiceText(): string {
  return `PS C:\\k> Get-Service kubelet | select Status, Name, DisplayName, StartType\n${formatTable(
    [
      { name: 'Status', width: 8 },
      { name: 'Name', width: 8 },
      { name: 'DisplayName', width: 11 },
      { name: 'StartType', width: 9 },
    ],
    [['Running', 'kubelet', 'Kubelet', 'Automatic']],
  )}`;
}
