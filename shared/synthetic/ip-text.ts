import { endpointSuffixes } from './dns-plan';
import { addressIn, hexOf, ipv6Of, maskOf, prefixLength } from './names';
import type { NodePlan } from './node-plan';

/** An adapter as the host or a pod has it. */
export interface PlannedAdapter {
  readonly compartment: number;
  readonly ifIndex: number;
  readonly name: string;
  readonly description: string;
  readonly mac: string;
  readonly ip: string;
  /** A second address, of IPv6. */
  readonly ip6?: string | undefined;
  readonly prefix: number;
  readonly gateway: string | undefined;
  readonly dnsServers: readonly string[];
  readonly suffixes: readonly string[];
  readonly mtu: number;
  readonly dhcp: boolean;
}

/** Adapters of the host compartment, then one for each pod. */
export function plannedAdapters(plan: NodePlan): PlannedAdapter[] {
  const overlay = plan.mode === 'overlay';
  const host: PlannedAdapter = {
    compartment: 1,
    ifIndex: 24,
    name: 'vEthernet (Ethernet0)',
    description: 'Hyper-V Virtual Ethernet Adapter #2',
    mac: plan.node.hostMac,
    ip: plan.node.ip,
    ip6: plan.dualStack === 'none' ? undefined : ipv6Of(plan.node.ip),
    prefix: 24,
    gateway: plan.nodeGateway,
    dnsServers: ['10.127.130.7'],
    suffixes: [],
    mtu: 1500,
    dhcp: false,
  };
  const nat: PlannedAdapter = {
    ...host,
    ifIndex: 41,
    name: 'vEthernet (nat)',
    description: 'Hyper-V Virtual Ethernet Adapter',
    mac: '00-15-5D-5E-0D-01',
    ip: '172.17.48.1',
    ip6: undefined,
    prefix: 20,
    gateway: undefined,
    dnsServers: [],
  };
  const { bridge } = plan;
  const bridgeAdapter: readonly PlannedAdapter[] =
    bridge === undefined
      ? []
      : [
          {
            ...host,
            ifIndex: 45,
            name: `vEthernet (${bridge.name})`,
            description: 'Hyper-V Virtual Ethernet Adapter #3',
            mac: bridge.mac,
            ip: bridge.ip,
            ip6: undefined,
            prefix: prefixLength(plan.node.podCidr),
            gateway: addressIn(plan.node.podCidr, 1),
            dnsServers: [],
          },
        ];
  const pods = plan.pods.map((pod, i): PlannedAdapter => ({
    compartment: pod.compartment,
    ifIndex: pod.ifIndex,
    name: `vEthernet (${pod.endpointName})`,
    description: `Hyper-V Virtual Ethernet Adapter #${5 + i}`,
    mac: pod.mac,
    ip: pod.ip,
    ip6: plan.dualStack === 'node' ? ipv6Of(pod.ip) : undefined,
    prefix: prefixLength(plan.node.podCidr),
    gateway: plan.podGateway,
    dnsServers: [plan.dnsVip],
    suffixes: endpointSuffixes(plan, pod),
    mtu: overlay ? 1450 : 1500,
    dhcp: true,
  }));
  return [host, ...(plan.runtime === 'docker' ? [nat] : []), ...bridgeAdapter, ...pods];
}

const RULE = '='.repeat(78);

const property = (name: string, value: string): string =>
  `   ${name.length % 2 === 0 ? name : `${name} `}${'. '.repeat(20)}`.slice(0, 37).padEnd(37) +
  `: ${value}`;

/** Link-local address drawn from the MAC, with the interface as its zone. */
export const linkLocal = (adapter: PlannedAdapter): string => {
  const hex = hexOf(adapter.mac, 16);
  const groups = (hex.match(/..../g) ?? []).map((g) => g.replace(/^0+(?=.)/, ''));
  return `fe80::${groups.join(':')}%${adapter.ifIndex}`;
};

function adapterText(adapter: PlannedAdapter): string[] {
  const [firstDns = '', ...otherDns] = adapter.dnsServers;
  const more = (value: string): string => `${' '.repeat(39)}${value}`;
  return [
    `Ethernet adapter ${adapter.name}:`,
    '',
    property('Connection-specific DNS Suffix ', adapter.suffixes[0] ?? ''),
    property('Description', adapter.description),
    property('Physical Address', adapter.mac),
    property('DHCP Enabled', adapter.dhcp ? 'Yes' : 'No'),
    property('Autoconfiguration Enabled', 'Yes'),
    ...(adapter.ip6 === undefined ? [] : [property('IPv6 Address', `${adapter.ip6}(Preferred) `)]),
    property('Link-local IPv6 Address', `${linkLocal(adapter)}(Preferred) `),
    property('IPv4 Address', `${adapter.ip}(Preferred) `),
    property('Subnet Mask', maskOf(adapter.prefix)),
    property('Default Gateway', adapter.gateway ?? ''),
    ...(adapter.dnsServers.length === 0
      ? []
      : [property('DNS Servers', firstDns), ...otherDns.map(more)]),
    property('NetBIOS over Tcpip', adapter.compartment === 1 ? 'Enabled' : 'Disabled'),
    ...(adapter.suffixes.length === 0
      ? []
      : ['   Connection-specific DNS Suffix Search List :', ...adapter.suffixes.map(more)]),
    '',
  ];
}

function compartmentText(
  plan: NodePlan,
  id: number,
  adapters: readonly PlannedAdapter[],
): string[] {
  const suffixes = adapters.flatMap((a) => a.suffixes);
  const [first, ...rest] = suffixes;
  return [
    RULE,
    `Network Information for Compartment ${id}${id === 1 ? ' (ACTIVE)' : ''}`,
    RULE,
    property('Host Name', plan.node.name.toUpperCase()),
    property('Primary Dns Suffix ', ''),
    property('Node Type', 'Hybrid'),
    property('IP Routing Enabled', 'No'),
    property('WINS Proxy Enabled', 'No'),
    ...(first === undefined
      ? []
      : [property('DNS Suffix Search List', first), ...rest.map((s) => `${' '.repeat(39)}${s}`)]),
    '',
    ...adapters.flatMap(adapterText),
  ];
}

/** `ipconfig /allcompartments /all`. */
export function ipconfigText(plan: NodePlan): string {
  const adapters = plannedAdapters(plan);
  const ids = [...new Set(adapters.map((a) => a.compartment))];
  const parts = ids.flatMap((id) =>
    compartmentText(
      plan,
      id,
      adapters.filter((a) => a.compartment === id),
    ),
  );
  return ['', 'Windows IP Configuration', '', '', ...parts, ''].join('\n');
}

/** Get-NetIPInterface: a table. */
function interfaceTable(plan: NodePlan): string {
  const line = (c: readonly string[]): string =>
    [
      c[0]?.padEnd(7),
      c[1]?.padEnd(31).slice(0, 31),
      c[2]?.padEnd(13),
      c[3]?.padStart(12),
      c[4]?.padStart(15),
      c[5]?.padEnd(8),
      c[6]?.padEnd(15),
      c[7],
    ]
      .join(' ')
      .trimEnd();
  const rows = plannedAdapters(plan).map((a) => {
    const alias = a.name.length > 31 ? `${a.name.slice(0, 28)}...` : a.name;
    return line([
      String(a.ifIndex),
      alias,
      'IPv4',
      String(a.mtu),
      '15',
      a.dhcp ? 'Enabled' : 'Disabled',
      'Connected',
      'ActiveStore',
    ]);
  });
  return [
    '',
    line([
      'ifIndex',
      'InterfaceAlias',
      'AddressFamily',
      'NlMtu(Bytes)',
      'InterfaceMetric',
      'Dhcp',
      'ConnectionState',
      'PolicyStore',
    ]),
    line([
      '-------',
      '--------------',
      '-------------',
      '------------',
      '---------------',
      '----',
      '---------------',
      '-----------',
    ]),
    ...rows,
    '',
    '',
    '',
  ].join('\n');
}

/** ip.txt: ipconfig of every compartment, and on newer collectors Get-NetIPInterface. */
export function ipText(plan: NodePlan): string {
  return plan.schema === 1 ? ipconfigText(plan) : ipconfigText(plan) + interfaceTable(plan);
}
