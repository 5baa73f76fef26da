import { hexOf, ipv6Of, rangeOf } from './names';
import type { LocalPod, NodePlan } from './node-plan';
import type { PlannedLoadBalancer } from './service-plan';
import {
  vfpText,
  type SyntheticVfpGroup,
  type SyntheticVfpLayer,
  type SyntheticVfpPort,
  type SyntheticVfpRule,
} from './vfp-text';

/** What HNS programs into VFP on a healthy node: layers, groups and rules of every port. */

const tag = (seed: string): string => hexOf(seed, 5).toUpperCase();

function allow(
  name: string,
  priority: number,
  conditions: SyntheticVfpRule['conditions'] = [],
  ttl = 0,
): SyntheticVfpRule {
  return {
    name: '',
    friendlyName: name,
    priority,
    type: 'allow',
    conditions,
    flowTtl: ttl,
    data: [],
  };
}

const group = (
  name: string,
  priority: number,
  direction: 'IN' | 'OUT',
  rules: readonly SyntheticVfpRule[],
): SyntheticVfpGroup => ({ name, priority, direction, rules });

const STATEFUL = '0x9 Default Allow , Update flows on address change';

function aclLayer(plan: NodePlan): SyntheticVfpLayer {
  const families = plan.dualStack === 'node' ? ['IPv4', 'IPv6'] : ['IPv4'];
  return {
    name: 'ACL_ENDPOINT_LAYER',
    priority: 15,
    flags: '',
    groups: families.flatMap((type) =>
      (['IN', 'OUT'] as const).map((d) => ({
        ...group(`ACL_ENDPOINT_GROUP_${type}_${d}`, 100, d, [allow(`ACL_Allow_${d}`, 65500)]),
        type,
      })),
    ),
  };
}

/** Exceptions pass untouched, everything else of TCP and UDP gets the node's address from a port pool. */
function natLayer(plan: NodePlan, pod: LocalPod): SyntheticVfpLayer {
  const snat = (protocol: 'TCP' | 'UDP', n: number): SyntheticVfpRule => ({
    name: '',
    friendlyName: `SNAT_${protocol}_OUTBOUNDNAT_${tag(pod.ip + protocol)}_${plan.node.ip}`,
    priority: 500,
    type: 'dynnat',
    conditions: [['Protocols', String(n)]],
    flowTtl: 240,
    data: [
      'Modifying source IP',
      'Modifying source port',
      'Creating a flow pair',
      `NAT pool : SLB_NATPOOL_IPV4_${protocol}_${pod.ip}${plan.node.ip}`,
    ],
  });
  const dsrIn = plan.dsr
    ? plan.loadBalancers.filter(
        (lb) => lb.vip !== undefined && lb.family === 4 && lb.dips.some((d) => d.ip === pod.ip),
      )
    : [];
  return {
    name: 'SLB_NAT_LAYER',
    priority: 50,
    flags: STATEFUL,
    groups: [
      group('SLB_GROUP_NAT_IPv4_IN', 100, 'IN', [
        ...dsrIn.map((lb) => ({
          name: '',
          friendlyName: `NAT_${lb.tag}_${lb.vip ?? ''}_${lb.externalPort}_${lb.protocol}`,
          priority: 100,
          type: 'nat',
          conditions: [
            ['Protocols', String(lb.protocol)],
            ['Destination IP', lb.vip ?? ''],
            ['Destination ports', String(lb.externalPort)],
          ] as const,
          flowTtl: 240,
          data: [
            'Modifying destination IP',
            'Modifying destination port',
            `{ ${pod.ip} : ${lb.internalPort} }`,
          ],
        })),
        allow('NAT_Allow', 65535),
      ]),
      group('SLB_GROUP_NAT_IPv4_OUT', 300, 'OUT', [
        ...plan.exceptions.map((cidr) =>
          allow(
            `EXCEPTIONS_OUTBOUNDNAT_${tag(pod.ip + cidr)}_${plan.node.ip}${cidr.split('/')[0] ?? ''}`,
            0,
            [['Destination IP', rangeOf(cidr)]],
            240,
          ),
        ),
        ...dsrIn.map((lb) =>
          allow(
            `ALLOW_NAT_${lb.tag}_${lb.vip ?? ''}_${lb.externalPort}_${lb.protocol}`,
            50,
            [['Source IP', lb.vip ?? '']],
            240,
          ),
        ),
        snat('TCP', 6),
        snat('UDP', 17),
      ]),
    ],
  };
}

function lbRule(plan: NodePlan, lb: PlannedLoadBalancer, dsr: boolean): SyntheticVfpRule {
  const node = lb.family === 4 ? plan.node.ip : ipv6Of(plan.node.ip);
  const vip = lb.vip ?? node;
  const source = lb.sourceVip ?? node;
  return {
    name: '',
    friendlyName: `LB_${dsr ? 'DSR_' : ''}${lb.tag}_${source}_${vip}_${lb.externalPort}_${lb.internalPort}_${lb.protocol}`,
    priority: 100,
    type: 'lbnat',
    conditions: [
      ['Protocols', String(lb.protocol)],
      ['Destination IP', vip],
      ['Destination ports', String(lb.externalPort)],
    ],
    flowTtl: lb.protocol === 17 ? 60 : 240,
    data: [
      'Decrementing TTL',
      'Fixing MAC',
      'Modifying destination IP',
      'Modifying destination port',
      'Creating a flow pair',
      `Map space : ${plan.networkId.toUpperCase()}`,
      `Count of DIP Ranges: ${lb.dips.length}`,
      'DIP Range(s) :',
      ...lb.dips.map((d) => `    { ${d.ip} : ${d.port} }`),
    ],
  };
}

function lbLayers(plan: NodePlan): SyntheticVfpLayer[] {
  const isDsr = (lb: PlannedLoadBalancer): boolean => plan.dsr && lb.vip !== undefined;
  const used = plan.loadBalancers.filter((lb) => lb.dips.length > 0);
  const families = plan.dualStack === 'node' ? ([4, 6] as const) : ([4] as const);
  const groups = (prefix: string, dsr: boolean): SyntheticVfpGroup[] =>
    families.map((family) => ({
      ...group(
        `${prefix}_IPv${family}_OUT`,
        100,
        'OUT',
        used
          .filter((lb) => isDsr(lb) === dsr && lb.family === family)
          .map((lb) => lbRule(plan, lb, dsr)),
      ),
      type: `IPv${family}`,
    }));
  return [
    { name: 'LB', priority: 200, flags: STATEFUL, groups: groups('LB', false) },
    ...(plan.dsr
      ? [{ name: 'LB_DSR', priority: 210, flags: STATEFUL, groups: groups('LB_DSR', true) }]
      : []),
  ];
}

/** Overlay: one rule per peer subnet, and one for the node's own. */
function encapLayer(plan: NodePlan): SyntheticVfpLayer {
  const [own = ''] = plan.node.podCidr.split('/');
  const remote = plan.peers.map((peer): SyntheticVfpRule => {
    const [net = '', length = ''] = peer.podCidr.split('/');
    return {
      name: `REMOTESUBNETROUTE_ENCAP_${tag(peer.podCidr)}_${net}_${length}_${plan.vni}_${peer.ip}_${peer.drMac}`,
      priority: 10,
      type: 'routeencap',
      conditions: [['Destination IP', rangeOf(peer.podCidr)]],
      flowTtl: 0,
      data: [
        'Encap Type: VXLAN',
        'Fixing inner MAC',
        'Using source PA MAC',
        'Decrementing TTL',
        `Encap Source IP : ${plan.node.ip}`,
        'Encap Destination(s):',
        `    { IP address=${peer.ip}, MAC address=${peer.drMac}, GRE key=${plan.vni} }`,
      ],
    };
  });
  const local: SyntheticVfpRule = {
    name: `ENCAP_${own.replace(/\.\d+$/, '.1').replace(/\./g, '_')}`,
    priority: 100,
    type: 'mapencap',
    conditions: [['Destination IP', rangeOf(plan.node.podCidr)]],
    flowTtl: 0,
    data: [
      `Map space : ${plan.networkId.toUpperCase()}`,
      `GRE key : ${plan.vni}`,
      'Encap type : VXLAN',
      'CA routing enabled',
      `Encap Source IP : ${plan.node.ip}`,
    ],
  };
  return {
    name: 'VNET_ENCAP_LAYER',
    priority: 1800,
    groups: [group('VNET_GROUP_ENCAP_IPV4_OUT', 100, 'OUT', [...remote, local])],
  };
}

const routeLayers = (): SyntheticVfpLayer[] => [
  { name: 'CUSTOMER_ROUTE', priority: 1500, groups: [] },
];

function podPort(plan: NodePlan, pod: LocalPod): SyntheticVfpPort {
  return {
    name: pod.portGuid,
    friendlyName: `Container NIC ${pod.endpointId.slice(0, 8)}`,
    mac: pod.mac,
    portId: pod.portId,
    natRanges: (['TCP', 'UDP'] as const).map((p) => ({
      name: `SLB_NATPOOL_IPV4_${p}_${pod.ip}${plan.node.ip}`,
      lines: [
        `Address : ${plan.node.ip}`,
        `Port range : ${50048 + 128 * Number(pod.portId)} - ${50111 + 128 * Number(pod.portId)}`,
      ],
    })),
    layers: [
      aclLayer(plan),
      natLayer(plan, pod),
      { name: 'SLB_DECAP_LAYER_STATEFUL', priority: 100, flags: STATEFUL, groups: [] },
      ...lbLayers(plan),
      ...routeLayers(),
      ...(plan.mode === 'overlay' ? [encapLayer(plan)] : []),
      { name: 'VNET_PA_ROUTE_LAYER', priority: 2000, groups: [] },
    ],
  };
}

/** Container MACs leave the node as the host's: the fabric knows no other. */
function rewriteLayer(plan: NodePlan): SyntheticVfpLayer {
  return {
    name: 'EXTERNAL_L2_REWRITE_LAYER',
    priority: 500,
    flags: '',
    groups: [
      group(
        'EXTERNAL_L2_REWRITE_GROUP_IPV4_IN',
        0,
        'IN',
        plan.pods.map((pod) => ({
          name: `${pod.endpointId.toUpperCase()}_to_EN`,
          priority: 280,
          type: 'transposition',
          conditions: [['Source MAC', pod.mac]] as const,
          flowTtl: 0,
          data: ['Transposition:', '    Modify:', `        Source MAC: ${plan.node.hostMac}`],
        })),
      ),
    ],
  };
}

/** Ports of the pod network's switch: external, host, bridge and one a pod. */
export function vfpPorts(plan: NodePlan): SyntheticVfpPort[] {
  const overlay = plan.mode === 'overlay';
  const { bridge } = plan;
  return [
    {
      name: plan.externalPort,
      friendlyName: 'ExternalPort',
      portId: '1',
      layers: overlay ? [] : [rewriteLayer(plan)],
    },
    {
      name: plan.hostPort,
      friendlyName: 'Host NIC',
      mac: plan.node.hostMac,
      portId: '2',
      layers: [...lbLayers(plan), ...(overlay ? [encapLayer(plan)] : [])],
    },
    ...(bridge === undefined
      ? []
      : [
          {
            name: bridge.portGuid,
            friendlyName: 'Host NIC',
            mac: bridge.mac,
            portId: '3',
            layers: [...lbLayers(plan)],
          },
        ]),
    ...plan.pods.map((p) => podPort(plan, p)),
  ];
}

/** vfpOutput.txt with LF line ends. Newer collectors print counters with each rule. */
export function vfpOutputText(plan: NodePlan): string {
  return vfpText(vfpPorts(plan), { counters: plan.schema === 2 }).replace(/\r\n/g, '\n');
}
