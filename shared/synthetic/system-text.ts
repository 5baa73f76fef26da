import { appImage } from './kubernetes-text';
import { PIDS } from './logs-text';
import { plannedAdapters } from './ip-text';
import type { NodePlan } from './node-plan';
import { formatList, formatTable } from './powershell-text';

/** Files about the Windows system: services, processes, ports, version, containers. */

interface Service {
  readonly name: string;
  readonly display: string;
  readonly running: boolean;
  readonly pid: number;
}

function services(plan: NodePlan): Service[] {
  const docker = plan.runtime === 'docker';
  const s = (name: string, display: string, pid: number, running = true): Service => ({
    name,
    display,
    running,
    pid,
  });
  return [
    s('BFE', 'Base Filtering Engine', 1120),
    ...(docker ? [] : [s('containerd', 'containerd', PIDS.containerd)]),
    s('Dhcp', 'DHCP Client', 1304),
    s('Dnscache', 'DNS Client', 1316),
    ...(docker ? [s('docker', 'Docker Engine', PIDS.docker)] : []),
    s('hns', 'Host Network Service', PIDS.hns),
    s('iphlpsvc', 'IP Helper', 1512),
    s('mpssvc', 'Windows Defender Firewall', 1120),
    s('NetSetupSvc', 'Network Setup Service', 0, false),
    s('nsi', 'Network Store Interface Service', 1188),
    s('nvagent', 'Network Virtualization Service', 3012),
    s('vmcompute', 'Hyper-V Host Compute Service', 2392),
    s('vfpext', 'Microsoft Azure VFP Switch Extension', 0),
    s('WinHttpAutoProxySvc', 'WinHTTP Web Proxy Auto-Discovery Service', 1428),
  ];
}

/** windowsServices.txt: `Get-Service`. */
export function windowsServicesText(plan: NodePlan): string {
  return formatTable(
    [
      { name: 'Status', width: 8 },
      { name: 'Name', width: 18 },
      { name: 'DisplayName', width: 38 },
    ],
    services(plan)
      .filter((s) => s.name !== 'vfpext')
      .map((s) => [s.running ? 'Running' : 'Stopped', s.name.slice(0, 18), s.display]),
  );
}

/** scqueryex.txt: `sc.exe queryex` of the services HNS needs. */
export function scQueryExText(plan: NodePlan): string {
  const driver = (s: Service): boolean => s.name === 'vfpext';
  return `${services(plan)
    .filter((s) =>
      [
        'hns',
        'vfpext',
        'nsi',
        'BFE',
        'Dhcp',
        'Dnscache',
        'iphlpsvc',
        'mpssvc',
        'NetSetupSvc',
        'vmcompute',
        'WinHttpAutoProxySvc',
        'nvagent',
      ].includes(s.name),
    )
    .map((s) =>
      [
        '',
        `SERVICE_NAME: ${s.name}`,
        driver(s)
          ? '        TYPE               : 1  KERNEL_DRIVER  '
          : '        TYPE               : 30  WIN32  ',
        `        STATE              : ${s.running ? '4  RUNNING ' : '1  STOPPED '}`,
        '                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)',
        '        WIN32_EXIT_CODE    : 0  (0x0)',
        '        SERVICE_EXIT_CODE  : 0  (0x0)',
        '        CHECKPOINT         : 0x0',
        '        WAIT_HINT          : 0x0',
        `        PID                : ${s.running ? s.pid : 0}`,
        '        FLAGS              : ',
      ].join('\n'),
    )
    .join('\n')}\n`;
}

/** processes.txt: `Get-Process` of the components. */
export function processesText(plan: NodePlan): string {
  const rows: (readonly [string, number, string, string, string, string])[] = [
    ...(plan.runtime === 'docker'
      ? [['412', PIDS.docker, '58420', '74120', '41.22', 'dockerd'] as const]
      : [['398', PIDS.containerd, '48224', '61512', '36.80', 'containerd'] as const]),
    ['276', PIDS.flanneld, '24148', '27392', '0.39', 'flanneld'],
    ['347', PIDS.kubelet, '42164', '56220', '1.86', 'kubelet'],
    ['239', PIDS.kubeProxy, '23320', '28436', '0.41', 'kube-proxy'],
  ];
  const row = (c: readonly string[]): string =>
    `${c[0]?.padStart(7)}  ${c[1]?.padStart(6)}  ${c[2]?.padStart(7)}  ${c[3]?.padStart(9)}  ${c[4]?.padStart(9)}  ${c[5]?.padStart(6)} ${c[6]?.padStart(3)} ${c[7]}`;
  const command =
    plan.runtime === 'docker'
      ? 'kubelet, kube-proxy, flanneld, dockerd'
      : 'kubelet, kube-proxy, flanneld, containerd';
  return [
    `PS C:\\k> Get-Process ${command}`,
    '',
    'Handles  NPM(K)    PM(K)      WS(K)     CPU(s)      Id  SI ProcessName',
    '-------  ------    -----      -----     ------      --  -- -----------',
    ...rows.map(([handles, pid, pm, ws, cpu, name]) =>
      row([handles, '18', pm, ws, cpu, String(pid), '0', name]),
    ),
    '',
    '',
  ].join('\n');
}

/** winver.txt: values of CurrentVersion as a list. */
export function winverText(plan: NodePlan): string {
  return formatList([
    [
      ['ProductName', plan.os.product],
      ['CurrentBuild', String(plan.os.build)],
      ['UBR', String(plan.os.ubr)],
      ['BuildLabEx', plan.os.lab],
    ],
  ]);
}

const pod32 = (id: string): string => id.slice(0, 12);

/** docker.txt: `docker ps -a`. */
export function dockerText(plan: NodePlan): string {
  const line = (c: readonly string[]): string =>
    [
      c[0]?.padEnd(15),
      c[1]?.padEnd(47),
      c[2]?.padEnd(25),
      c[3]?.padEnd(20),
      c[4]?.padEnd(20),
      c[5]?.padEnd(20),
      c[6],
    ]
      .join('')
      .trimEnd();
  const rows = plan.pods.flatMap((p) => [
    [
      pod32(p.containerId),
      appImage(plan),
      '"powershell.exe -com…"',
      'About an hour ago',
      'Up About an hour',
      '',
      `k8s_${p.app}_${p.name}_${p.namespace}_${p.uid}_0`,
    ],
    [
      pod32(p.sandboxId),
      'mcr.microsoft.com/oss/kubernetes/pause:3.9',
      '"/pause.exe"',
      'About an hour ago',
      'Up About an hour',
      '',
      `k8s_POD_${p.name}_${p.namespace}_${p.uid}_0`,
    ],
  ]);
  return [
    line(['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']),
    ...rows.map(line),
    '',
  ].join('\n');
}

/** containers.txt: `ctr -n k8s.io c ls`. */
export function ctrText(plan: NodePlan): string {
  const line = (id: string, image: string, runtime: string): string =>
    `${id.padEnd(68)}${image.padEnd(50)}${runtime.padEnd(27)}`;
  const rows = plan.pods.flatMap((p) => [
    line(p.sandboxId, 'mcr.microsoft.com/oss/kubernetes/pause:3.9', 'io.containerd.runhcs.v1'),
    line(p.containerId, appImage(plan), 'io.containerd.runhcs.v1'),
  ]);
  return [line('CONTAINER', 'IMAGE', 'RUNTIME'), ...rows, ''].join('\n');
}

/** images.txt: `docker images` or `crictl images`. */
export function imagesText(plan: NodePlan): string {
  const [app = '', tag = ''] = appImage(plan).split(':');
  const docker = plan.runtime === 'docker';
  const head = docker
    ? ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE']
    : ['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'];
  const row = (image: string, t: string, id: string, size: string): readonly string[] =>
    docker ? [image, t, id, '5 weeks ago', size] : [image, t, id, size];
  const line = (c: readonly string[]): string =>
    c
      .map((x) => x.padEnd(42))
      .join('')
      .trimEnd();
  return [
    line(head),
    line(row(app, tag, 'd1724c2d9a84', '5.7GB')),
    line(row('mcr.microsoft.com/windows/nanoserver', tag, 'b7a2be01d4cf', '296MB')),
    line(row('mcr.microsoft.com/oss/kubernetes/pause', '3.9', '3ea6a1f0a9c5', '298MB')),
    '',
  ].join('\n');
}

/** excludedportrange.txt: TCP, then UDP. */
export function excludedPortsText(): string {
  const block = (protocol: string, rows: readonly (readonly [number, number])[]): string =>
    [
      '',
      `Protocol ${protocol} Port Exclusion Ranges`,
      '',
      'Start Port    End Port      ',
      '----------    --------      ',
      ...rows.map(([a, b]) => `${String(a).padStart(10)}${String(b).padStart(12)}      `),
      '',
      '* - Administered port exclusions.',
      '',
    ].join('\n');
  return (
    block('tcp', [
      [5985, 5985],
      [47001, 47001],
      [49664, 49727],
      [50048, 50111],
      [50176, 50239],
    ]) +
    block('udp', [
      [50048, 50111],
      [50176, 50239],
    ])
  );
}

/** dynamicportrange.txt. */
export function dynamicPortsText(): string {
  const block = (protocol: string): string =>
    [
      '',
      `Protocol ${protocol} Dynamic Port Range`,
      '---------------------------------',
      'Start Port      : 49152',
      'Number of Ports : 16384',
      '',
      '',
    ].join('\n');
  return block('tcp') + block('udp');
}

/** reservedports.txt: the estimate and the probe. */
export function reservedPortsText(): string {
  return [
    'TCP: up to 231 more ranges of 64 ports can be reserved',
    'Successfully reserved 10 ranges of 64 ports',
    '',
  ].join('\n');
}

/** tcpconnections.txt: a few rows of Get-NetTCPConnection. */
export function tcpConnectionsText(plan: NodePlan): string {
  const row = (c: readonly [string, string, string, string, string, string]): string =>
    `${c[0].padEnd(35)} ${c[1].padEnd(9)} ${c[2].padEnd(35)} ${c[3].padEnd(10)} ${c[4].padEnd(11)} ${c[5]}`;
  return [
    '',
    row(['LocalAddress', 'LocalPort', 'RemoteAddress', 'RemotePort', 'State', 'AppliedSetting']),
    row(['------------', '---------', '-------------', '----------', '-----', '--------------']),
    row([
      plan.node.ip,
      '10250',
      plan.peers[0]?.ip ?? '0.0.0.0',
      '41822',
      'Established',
      'Datacenter',
    ]),
    row(['127.0.0.1', '10249', '0.0.0.0', '0', 'Listen', '']),
    row(['0.0.0.0', '135', '0.0.0.0', '0', 'Listen', '']),
    '',
    '',
  ].join('\n');
}

/** netadapter.txt: Get-NetAdapter. */
export function netAdapterText(plan: NodePlan): string {
  const row = (c: readonly [string, string, string, string, string, string]): string =>
    `${c[0].padEnd(25)} ${c[1].padEnd(40)} ${c[2].padStart(7)} ${c[3].padEnd(12)} ${c[4].padEnd(22)} ${c[5].padStart(9)}`;
  const cut = (name: string): string => (name.length > 25 ? `${name.slice(0, 22)}...` : name);
  return [
    '',
    row(['Name', 'InterfaceDescription', 'ifIndex', 'Status', 'MacAddress', 'LinkSpeed']),
    row(['----', '--------------------', '-------', '------', '----------', '---------']),
    ...plannedAdapters(plan)
      .filter((a) => a.compartment === 1)
      .map((a) => row([cut(a.name), a.description, String(a.ifIndex), 'Up', a.mac, '10 Gbps'])),
    row(['Ethernet0', 'vmxnet3 Ethernet Adapter', '7', 'Up', plan.node.hostMac, '10 Gbps']),
    '',
    '',
  ].join('\n');
}

/** firewall.txt: the kubelet's rule among others. */
export function firewallText(): string {
  const rule = (name: string, display: string): readonly (readonly [string, string])[] => [
    ['Name', name],
    ['DisplayName', display],
    ['Description', ''],
    ['Enabled', 'True'],
    ['Profile', 'Any'],
    ['Direction', 'Inbound'],
    ['Action', 'Allow'],
    ['PolicyStoreSource', 'PersistentStore'],
  ];
  return formatList([
    rule('kubelet', 'kubelet'),
    rule('CoreNet-DHCP-In', 'Core Networking - Dynamic Host Configuration Protocol (DHCP-In)'),
    rule('OverlayTraffic4789UDP', 'Overlay network traffic UDP'),
  ]);
}

/** feature.txt: `Get-WindowsFeature Containers`. */
export function featureText(): string {
  return [
    '',
    'Display Name                                            Name                       Install State',
    '------------                                            ----                       -------------',
    '[X] Containers                                          Containers                     Installed',
    '',
    '',
  ].join('\n');
}
