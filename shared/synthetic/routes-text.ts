import { plannedAdapters, type PlannedAdapter } from './ip-text';
import { addressIn, ipv6Of, ipv6Subnet, maskOf, NODE_GATEWAY_MAC, prefixLength } from './names';
import type { NodePlan } from './node-plan';

export interface PlannedRoute {
  readonly destination: string;
  /** `0.0.0.0` is on-link. */
  readonly nextHop: string;
  readonly ifIndex: number;
  readonly interfaceAddress: string;
  readonly metric: number;
  readonly interfaceMetric: number;
  readonly compartment: number;
}

const networkOf = (ip: string, prefix: number): string => {
  const n = ip.split('.').reduce((sum, b) => sum * 256 + Number(b), 0);
  const size = 2 ** (32 - prefix);
  return addressIn('0.0.0.0/0', Math.floor(n / size) * size);
};

function adapterRoutes(adapter: PlannedAdapter): PlannedRoute[] {
  const { ifIndex, ip, prefix, compartment, gateway } = adapter;
  const to = (destination: string, nextHop = '0.0.0.0', metric = 256): PlannedRoute => ({
    destination,
    nextHop,
    ifIndex,
    interfaceAddress: ip,
    metric,
    interfaceMetric: ifIndex === 41 ? 50 : 15,
    compartment,
  });
  const net = networkOf(ip, prefix);
  return [
    ...(gateway === undefined ? [] : [to('0.0.0.0/0', gateway)]),
    to(`${net}/${prefix}`),
    to(`${ip}/32`),
    to(`${addressIn(`${net}/${prefix}`, 2 ** (32 - prefix) - 1)}/32`),
    to('224.0.0.0/4'),
    to('255.255.255.255/32'),
  ];
}

/** All IPv4 routes: the host's with one per peer subnet on l2bridge, then those of the pods. */
export function plannedRoutes(plan: NodePlan): PlannedRoute[] {
  const adapters = plannedAdapters(plan);
  const [host] = adapters;
  const peers: PlannedRoute[] =
    plan.mode === 'l2bridge' && host !== undefined
      ? plan.peers.map((p) => ({
          destination: p.podCidr,
          nextHop: p.ip,
          ifIndex: host.ifIndex,
          interfaceAddress: host.ip,
          metric: 256,
          interfaceMetric: 15,
          compartment: 1,
        }))
      : [];
  const loopback = [
    '127.0.0.0/8',
    '127.0.0.1/32',
    '127.255.255.255/32',
    '224.0.0.0/4',
    '255.255.255.255/32',
  ].map((destination): PlannedRoute => ({
    destination,
    nextHop: '0.0.0.0',
    ifIndex: 1,
    interfaceAddress: '127.0.0.1',
    metric: 256,
    interfaceMetric: 75,
    compartment: 1,
  }));
  return [...adapters.flatMap(adapterRoutes), ...peers, ...loopback];
}

/** Where pods have IPv6 too: what Windows has of each address, and the host's routes to the pods of its peers. */
function ipv6Routes(plan: NodePlan): PlannedRoute[] {
  if (plan.dualStack !== 'node') return [];
  const peers = plannedRoutes(plan)
    .filter((r) => plan.peers.some((p) => p.podCidr === r.destination))
    .map((r) => ({ ...r, destination: ipv6Subnet(r.destination), nextHop: ipv6Of(r.nextHop) }));
  return [...plannedAdapters(plan).flatMap(ipv6AdapterRoutes), ...peers];
}

function ipv6AdapterRoutes(adapter: PlannedAdapter): PlannedRoute[] {
  const { ip6, gateway, ip, prefix, ifIndex, compartment } = adapter;
  if (ip6 === undefined) return [];
  const to = (destination: string, nextHop = '::'): PlannedRoute => ({
    destination,
    nextHop,
    ifIndex,
    interfaceAddress: ip6,
    metric: 256,
    interfaceMetric: 15,
    compartment,
  });
  return [
    ...(gateway === undefined ? [] : [to('::/0', ipv6Of(gateway))]),
    to(ipv6Subnet(`${networkOf(ip, prefix)}/${prefix}`)),
    to(`${ip6}/128`),
  ];
}

const BAR = '='.repeat(75);

/** `route print`: the host compartment. Metrics are sums of route and interface. */
function routePrint(plan: NodePlan): string {
  const adapters = plannedAdapters(plan).filter((a) => a.compartment === 1);
  const list = adapters.map(
    (a) =>
      `${String(a.ifIndex).padStart(3)}...${a.mac.toLowerCase().replace(/-/g, ' ')} ......${a.description}`,
  );
  const routes = plannedRoutes(plan).filter((r) => r.compartment === 1);
  const row = (r: PlannedRoute): string => {
    const [net = ''] = r.destination.split('/');
    const gateway = r.nextHop === '0.0.0.0' ? 'On-link' : r.nextHop;
    const metric = String(r.metric + r.interfaceMetric);
    return `${net.padStart(17)}${maskOf(prefixLength(r.destination)).padStart(17)}${gateway.padStart(17)}${r.interfaceAddress.padStart(17)}${metric.padStart(7)}`;
  };
  const persistent = routes.filter((r) => r.destination === '0.0.0.0/0' && r.ifIndex === 24);
  return [
    BAR,
    'Interface List',
    ...list,
    '  1...........................Software Loopback Interface 1',
    BAR,
    '',
    'IPv4 Route Table',
    BAR,
    'Active Routes:',
    'Network Destination        Netmask          Gateway       Interface  Metric',
    ...routes.map(row),
    BAR,
    'Persistent Routes:',
    '  Network Address          Netmask  Gateway Address  Metric',
    ...persistent.map(
      (r) =>
        `${'0.0.0.0'.padStart(17)}${'0.0.0.0'.padStart(17)}${r.nextHop.padStart(17)}${'Default'.padStart(9)} `,
    ),
    BAR,
    '',
    'IPv6 Route Table',
    BAR,
    'Active Routes:',
    ' If Metric Network Destination      Gateway',
    '  1    331 ::1/128                  On-link',
    ' 24    271 fe80::/64                On-link',
    '  1    331 ff00::/8                 On-link',
    ' 24    271 ff00::/8                 On-link',
    BAR,
    'Persistent Routes:',
    '  None',
    '',
  ].join('\n');
}

/** Get-NetRoute -IncludeAllCompartments; the compartment itself is not shown. */
function getNetRoute(plan: NodePlan): string {
  const line = (c: readonly [string, string, string, string, string, string]): string =>
    `${c[0].padEnd(7)} ${c[1].padEnd(46)} ${c[2].padEnd(40)} ${c[3].padStart(11)} ${c[4].padEnd(8)} ${c[5]}`;
  const rows = [...plannedRoutes(plan), ...ipv6Routes(plan)]
    .sort((a, b) => b.ifIndex - a.ifIndex)
    .map((r) =>
      line([
        String(r.ifIndex),
        r.destination,
        r.nextHop,
        String(r.metric),
        String(r.interfaceMetric),
        'ActiveStore',
      ]),
    );
  return [
    '',
    line(['ifIndex', 'DestinationPrefix', 'NextHop', 'RouteMetric', 'ifMetric', 'PolicyStore']),
    line(['-------', '-----------------', '-------', '-----------', '--------', '-----------']),
    ...rows,
    '',
    '',
    '',
  ].join('\n');
}

/** routes.txt. */
export function routesText(plan: NodePlan): string {
  return `${routePrint(plan)}\n${getNetRoute(plan)}`;
}

/** mtu.txt: `netsh int ipv4 sh int`. */
export function mtuText(plan: NodePlan): string {
  const row = (idx: string, met: string, mtu: string, state: string, name: string): string =>
    `${idx.padStart(3)}  ${met.padStart(10)}  ${mtu.padStart(10)}  ${state.padEnd(12)}  ${name}`;
  const rows = plannedAdapters(plan).filter((a) => a.compartment === 1);
  return [
    '',
    'Idx     Met         MTU          State                Name',
    '---  ----------  ----------  ------------  ---------------------------',
    row('1', '75', '4294967295', 'connected', 'Loopback Pseudo-Interface 1'),
    ...rows.map((a) => row(String(a.ifIndex), '15', String(a.mtu), 'connected', a.name)),
    '',
    '',
  ].join('\n');
}

/** arp.txt: `arp -a`. */
export function arpText(plan: NodePlan): string {
  const entry = (ip: string, mac: string, type: string): string =>
    `  ${ip.padEnd(22)}${mac.toLowerCase().padEnd(22)}${type.padEnd(8)}`;
  return [
    '',
    `Interface: ${plan.node.ip} --- 0x18`,
    '  Internet Address      Physical Address      Type',
    entry(plan.nodeGateway, NODE_GATEWAY_MAC, 'dynamic'),
    ...plan.peers.map((p) => entry(p.ip, p.hostMac, 'dynamic')),
    entry('10.127.130.255', 'ff-ff-ff-ff-ff-ff', 'static'),
    entry('224.0.0.22', '01-00-5e-00-00-16', 'static'),
    '',
  ].join('\n');
}

/** adapters/<name>_int.txt by adapter: `netsh int ipv4 sh int <idx>`. */
export function adapterTexts(plan: NodePlan): (readonly [string, string])[] {
  return plannedAdapters(plan)
    .filter((a) => a.compartment === 1)
    .map((a) => {
      const forwarding = plan.mode === 'l2bridge' && a.ifIndex !== 41 ? 'enabled' : 'disabled';
      const pairs: (readonly [string, string])[] = [
        ['IfLuid', `ethernet_${32768 + a.ifIndex}`],
        ['IfIndex', String(a.ifIndex)],
        ['State', 'connected'],
        ['Metric', '15'],
        ['Link MTU', `${a.mtu} bytes`],
        ['Reachable Time', '29500 ms'],
        ['Base Reachable Time', '30000 ms'],
        ['Retransmission Interval', '1000 ms'],
        ['DAD Transmits', '3'],
        ['Site Prefix Length', '64'],
        ['Site Id', '1'],
        ['Forwarding', forwarding],
        ['Advertising', 'disabled'],
        ['Neighbor Discovery', 'enabled'],
        ['Neighbor Unreachability Detection', 'enabled'],
        ['Router Discovery', 'dhcp'],
        ['Weak Host Sends', 'disabled'],
        ['Weak Host Receives', 'disabled'],
        ['Use Automatic Metric', 'enabled'],
        ['Ignore Default Routes', 'disabled'],
      ];
      const body = pairs.map(([k, v]) => `${k.padEnd(35)}: ${v}`);
      const head = `Interface ${a.name} Parameters`;
      return [
        `adapters/${a.name}_int.txt`,
        ['', head, '-'.repeat(46), ...body, '', ''].join('\n'),
      ] as const;
    });
}
