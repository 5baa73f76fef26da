import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  vfpText,
  type SyntheticVfpGroup,
  type SyntheticVfpPort,
  type SyntheticVfpRule,
} from '../../shared/synthetic/vfp-text';

/** Size of a node as an operator of a large cluster has it: one rule or several per service and port. */
export interface BusyNode {
  readonly name: string;
  readonly pods: number;
  readonly loadBalancers: number;
  /** Direct server return makes several rules per service and port instead of one. */
  readonly dsr: boolean;
  readonly counters: boolean;
}

export const BUSY_NODES: readonly BusyNode[] = [
  { name: '50 MB', pods: 110, loadBalancers: 577, dsr: false, counters: false },
  { name: '200 MB', pods: 110, loadBalancers: 577, dsr: true, counters: true },
];

const NODE_IP = '10.20.0.4';
const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
const guidOf = (family: number, n: number): string =>
  `${hex(family, 8)}-0000-4000-8000-${hex(n, 12)}`;
const podIp = (n: number): string => `10.244.${7 + Math.floor(n / 250)}.${4 + (n % 250)}`;
const vip = (n: number): string => `10.96.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;
const podMac = (n: number): string =>
  `00-15-5D-00-${hex(n >> 8, 2)}-${hex(n & 255, 2)}`.toUpperCase();

interface Lb {
  readonly id: string;
  readonly tag: string;
  readonly vip: string;
  readonly port: number;
  readonly target: number;
  readonly protocol: number;
  readonly backends: readonly number[];
}

function loadBalancers(node: BusyNode): Lb[] {
  return Array.from({ length: node.loadBalancers }, (_, i) => ({
    id: guidOf(0xb0, i),
    tag: hex(0x70000 + i * 17, 5).toUpperCase(),
    vip: vip(i),
    port: i % 3 === 0 ? 443 : 80,
    target: 8080 + (i % 7),
    protocol: i % 9 === 0 ? 17 : 6,
    backends: [i % node.pods, (i * 7 + 3) % node.pods, (i * 13 + 5) % node.pods],
  }));
}

function lbnat(name: string, lb: Lb): SyntheticVfpRule {
  return {
    name: '',
    friendlyName: name,
    priority: 100,
    type: 'lbnat',
    conditions: [
      ['Protocols', String(lb.protocol)],
      ['Destination IP', lb.vip],
      ['Destination ports', String(lb.port)],
    ],
    flowTtl: 240,
    data: [
      'Decrementing TTL',
      'Fixing MAC',
      'Modifying destination IP',
      'Modifying destination port',
      'Creating a flow pair',
      'Map space : 53F19CE3-474C-4059-98F5-870001D05A4F',
      `Count of DIP Ranges: ${lb.backends.length}`,
      'DIP Range(s) :',
      ...lb.backends.map((b) => `    { ${podIp(b)} : ${lb.target} }`),
    ],
  };
}

function group(
  name: string,
  direction: 'IN' | 'OUT',
  rules: readonly SyntheticVfpRule[],
): SyntheticVfpGroup {
  return { name, priority: 100, direction, rules };
}

const allow = (name: string, priority: number, to?: string): SyntheticVfpRule => ({
  name: '',
  friendlyName: name,
  priority,
  type: 'allow',
  conditions: to === undefined ? [] : [['Destination IP', to]],
  flowTtl: 0,
  data: [],
});

function port(n: number, lbs: readonly Lb[], node: BusyNode): SyntheticVfpPort {
  const ip = podIp(n);
  const suffix = (lb: Lb): string => `${lb.vip}_${lb.port}_${lb.target}_${lb.protocol}`;
  const snat = (['TCP', 'UDP', 'ICMP'] as const).map((p): SyntheticVfpRule => ({
    name: '',
    friendlyName: `SNAT_${p}_OUTBOUNDNAT_${hex(0x50000 + n, 5).toUpperCase()}_${NODE_IP}`,
    priority: 200,
    type: 'dynnat',
    conditions: [
      ['Protocols', p === 'TCP' ? '6' : p === 'UDP' ? '17' : '1'],
      ['Source IP', ip],
    ],
    flowTtl: 240,
    data: [`NAT pool : SLB_NATPOOL_IPV4_${p}_${ip}${NODE_IP}${guidOf(0xa0, n).toUpperCase()}0`],
  }));
  const natIn = node.dsr
    ? lbs.map((lb): SyntheticVfpRule => ({
        ...lbnat(`NAT_${lb.tag}_${lb.vip}_${lb.port}_${lb.protocol}`, lb),
        type: 'nat',
      }))
    : [];
  const natOut = node.dsr
    ? lbs.map((lb) => allow(`ALLOW_NAT_${lb.tag}_${lb.vip}_${lb.port}_${lb.protocol}`, 90, lb.vip))
    : [];
  return {
    name: guidOf(0xa0, n),
    mac: podMac(n),
    portId: String(n + 2),
    natRanges: ['TCP', 'UDP'].map(
      (p) => `SLB_NATPOOL_IPV4_${p}_${ip}${NODE_IP}${guidOf(0xa0, n).toUpperCase()}0`,
    ),
    layers: [
      {
        name: 'ACL_ENDPOINT_LAYER',
        priority: 15,
        flags: '',
        groups: [
          group('ACL_ENDPOINT_GROUP_IPV4_IN', 'IN', [allow('ACL_ALLOW_IN', 65500)]),
          group('ACL_ENDPOINT_GROUP_IPV4_OUT', 'OUT', [allow('ACL_ALLOW_OUT', 65500)]),
        ],
      },
      {
        name: 'SLB_NAT_LAYER',
        priority: 50,
        groups: [
          group('SLB_GROUP_NAT_IPv4_IN', 'IN', [...natIn, allow('NAT_Allow', 65535)]),
          group('SLB_GROUP_NAT_IPv4_OUT', 'OUT', [
            ...[
              '10.244.0.0-10.244.255.255',
              '10.96.0.0-10.111.255.255',
              '10.20.0.0-10.20.255.255',
            ].map((to) =>
              allow(
                `EXCEPTIONS_OUTBOUNDNAT_${hex(0x50000 + n, 5).toUpperCase()}_${NODE_IP}${to.split('-')[0] ?? ''}`,
                0,
                to,
              ),
            ),
            ...natOut,
            ...snat,
          ]),
        ],
      },
      { name: 'SLB_DECAP_LAYER_STATEFUL', priority: 100, groups: [] },
      {
        name: node.dsr ? 'LB_DSR' : 'LB',
        priority: 200,
        groups: [
          group(
            node.dsr ? 'LB_DSR_IPv4_OUT' : 'LB_IPv4_OUT',
            'OUT',
            lbs.map((lb) =>
              lbnat(`${node.dsr ? 'LB_DSR' : 'LB'}_${lb.tag}_${NODE_IP}_${suffix(lb)}`, lb),
            ),
          ),
          ...(node.dsr
            ? [
                group(
                  'LB_DSR_HAIRPIN_IPv4_OUT',
                  'OUT',
                  lbs.map((lb) => lbnat(`LB_${lb.tag}_${NODE_IP}_${suffix(lb)}`, lb)),
                ),
              ]
            : []),
        ],
      },
      { name: 'CUSTOMER_ROUTE', priority: 1500, groups: [] },
      { name: 'VNET_PA_ROUTE_LAYER', priority: 2000, groups: [] },
    ],
  };
}

function hnsFiles(node: BusyNode, lbs: readonly Lb[]): Map<string, unknown> {
  const network = guidOf(0xc0, 1);
  return new Map<string, unknown>([
    [
      'network.txt',
      {
        ID: network,
        Name: 'cbr0',
        Type: 'L2Bridge',
        ManagementIP: NODE_IP,
        Subnets: [{ AddressPrefix: '10.244.7.0/24', GatewayAddress: '10.244.7.1' }],
        Policies: [],
        State: 1,
      },
    ],
    [
      'endpoint.txt',
      Array.from({ length: node.pods }, (_, n) => ({
        ID: guidOf(0xe0, n),
        Name: `pod${n}_l2bridge`,
        VirtualNetwork: network,
        VirtualNetworkName: 'cbr0',
        Type: 'L2Bridge',
        IPAddress: podIp(n),
        PrefixLength: 24,
        MacAddress: podMac(n),
        GatewayAddress: '10.244.7.2',
        State: 3,
        Policies: [
          { Type: 'OutBoundNAT', ExceptionList: ['10.244.0.0/16', '10.96.0.0/12', '10.20.0.0/16'] },
        ],
        Resources: {
          Allocators: [{ EndpointPortGuid: guidOf(0xa0, n), Tag: 'Endpoint Port', State: 3 }],
        },
      })),
    ],
    [
      'policy.txt',
      lbs.map((lb) => ({
        ID: lb.id,
        References: lb.backends.map((b) => `/endpoints/${guidOf(0xe0, b)}`),
        Policies: [
          {
            Type: 'ELB',
            VIPs: [lb.vip],
            Protocol: lb.protocol,
            ExternalPort: lb.port,
            InternalPort: lb.target,
            IsDSR: node.dsr,
          },
        ],
        State: 2,
      })),
    ],
  ]);
}

/** Writes the bundle of a busy node into a folder. Gives the path of its vfpOutput.txt. */
export function writeBusyNode(node: BusyNode, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const lbs = loadBalancers(node);
  for (const [name, content] of hnsFiles(node, lbs)) {
    writeFileSync(path.join(folder, name), JSON.stringify(content, null, 2));
  }
  const file = path.join(folder, 'vfpOutput.txt');
  writeFileSync(file, '');
  // Port by port: the whole text at once would take several times its size.
  const ports = Array.from({ length: node.pods }, (_, n) => n);
  const table = vfpText(
    ports.map((n) => ({
      name: guidOf(0xa0, n),
      mac: podMac(n),
      portId: String(n + 2),
      layers: [],
    })),
  );
  writeFileSync(file, table.slice(0, table.indexOf('Policy for port')), { flag: 'a' });
  for (const n of ports) {
    writeFileSync(
      file,
      vfpText([port(n, lbs, node)], { counters: node.counters, portTable: false }),
      { flag: 'a' },
    );
  }
  return file;
}
