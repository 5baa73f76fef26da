import { addressIn, guidOf, hexOf, ipv6Of, ipv6Subnet, prefixLength } from './names';
import type { LocalPod, NodePlan } from './node-plan';
import { formatList, formatTable, jsonOutput, type JsonObject } from './powershell-text';
import { endpointSuffixes } from './dns-plan';
import type { PlannedLoadBalancer } from './service-plan';

/** The HNS files in the V2 (HCN) shape: network.txt, endpoint.txt, policy.txt, namespaces.txt. */

const schemaVersion = { Major: 2, Minor: 0 };
const health = { LastErrorCode: 0 };
const NO_NAMESPACE = '00000000-0000-0000-0000-000000000000';

function networkObject(plan: NodePlan): JsonObject {
  const overlay = plan.mode === 'overlay';
  const pool = `00-15-5D-${hexOf(`${plan.networkId}pool`, 2).toUpperCase()}`;
  const vsid = { Settings: { IsolationId: plan.vni }, Type: 'VSID' };
  const policies: JsonObject[] = [
    { Settings: { Address: plan.node.hostMac }, Type: 'SourceMacAddress' },
    { Settings: { NetworkAdapterName: 'Ethernet0' }, Type: 'NetAdapterName' },
    {
      Settings: { ExtensionId: 'F74F241B-440F-4433-BB28-00F89EAD20D8', IsEnabled: true },
      Type: 'VSwitchExtension',
    },
    { Settings: { ProviderAddress: plan.node.ip }, Type: 'ProviderAddress' },
    ...(overlay
      ? [
          { Settings: { Address: plan.node.drMac }, Type: 'DrMacAddress' },
          { Settings: {}, Type: 'HostRoute' },
          ...plan.peers.map((peer) => ({
            Settings: {
              DestinationPrefix: peer.podCidr,
              DistributedRouterMacAddress: peer.drMac,
              IsolationId: plan.vni,
              ProviderAddress: peer.ip,
            },
            Type: 'RemoteSubnetRoute',
          })),
        ]
      : []),
  ];
  return {
    Dns: {},
    Flags: 0,
    Health: { ...health, LastUpdateTime: 133601411823871264n },
    ID: plan.networkId,
    Ipams: [
      {
        Subnets: [
          {
            IpAddressPrefix: plan.node.podCidr,
            Policies: overlay ? [vsid] : [],
            Routes: [{ DestinationPrefix: '0.0.0.0/0', NextHop: addressIn(plan.node.podCidr, 1) }],
          },
          ...(plan.dualStack === 'node'
            ? [
                {
                  IpAddressPrefix: ipv6Subnet(plan.node.podCidr),
                  Policies: [],
                  Routes: [
                    {
                      DestinationPrefix: '::/0',
                      NextHop: ipv6Of(addressIn(plan.node.podCidr, 1)),
                    },
                  ],
                },
              ]
            : []),
        ],
        Type: 'Static',
      },
    ],
    MacPool: { Ranges: [{ EndMacAddress: `${pool}-FF-FF`, StartMacAddress: `${pool}-F0-00` }] },
    Name: plan.networkName,
    Policies: policies,
    SchemaVersion: schemaVersion,
    Type: overlay ? 'Overlay' : 'L2Bridge',
  };
}

/** network.txt in the V2 shape. */
export function networkTextV2(plan: NodePlan): string {
  const table = formatTable(
    [
      { name: 'Name', width: 10 },
      { name: 'Type', width: 10 },
      { name: 'ID', width: 36 },
      { name: 'AddressPrefix', width: 20 },
    ],
    [[plan.networkName, plan.mode === 'overlay' ? 'Overlay' : 'L2Bridge', plan.networkId, '']],
  );
  return table + jsonOutput([networkObject(plan)]);
}

function podPolicies(plan: NodePlan): JsonObject[] {
  const nat = { Settings: { Exceptions: [...plan.exceptions] }, Type: 'OutBoundNAT' };
  const route = {
    Settings: { DestinationPrefix: plan.serviceCidr, NeedEncap: true },
    Type: 'SDNRoute',
  };
  const encap = { Settings: { Overhead: 50 }, Type: 'EncapOverhead' };
  return plan.mode === 'overlay'
    ? [nat, route, { Settings: { ProviderAddress: plan.node.ip }, Type: 'ProviderAddress' }, encap]
    : [
        nat,
        route,
        {
          Settings: { DestinationPrefix: `${plan.node.ip}/32`, NeedEncap: true },
          Type: 'SDNRoute',
        },
        { Settings: {}, Type: 'L2Driver' },
        encap,
      ];
}

function endpointObject(
  plan: NodePlan,
  about: {
    id: string;
    name: string;
    ip: string;
    /** The second address of a dual-stack pod. */
    ip6?: string | undefined;
    mac: string;
    flags: number;
    state: number;
    namespaceId?: string;
    gateway?: string;
    policies: readonly JsonObject[];
    dns: JsonObject;
  },
): JsonObject {
  return {
    Dns: about.dns,
    Flags: about.flags,
    Health: { ...health, LastUpdateTime: 133601411831274411n },
    HostComputeNamespace: about.namespaceId ?? NO_NAMESPACE,
    HostComputeNetwork: plan.networkId,
    ID: about.id,
    IpConfigurations: [
      {
        IpAddress: about.ip,
        PrefixLength: about.ip.includes(':')
          ? 128
          : about.flags === 1
            ? 32
            : prefixLength(plan.node.podCidr),
      },
      ...(about.ip6 === undefined ? [] : [{ IpAddress: about.ip6, PrefixLength: 64 }]),
    ],
    MacAddress: about.mac,
    Name: about.name,
    Policies: about.policies,
    Routes:
      about.gateway === undefined
        ? []
        : [{ DestinationPrefix: '0.0.0.0/0', NextHop: about.gateway }],
    SchemaVersion: schemaVersion,
    State: about.state,
  };
}

const pa = (address: string): JsonObject[] => [
  { Settings: { ProviderAddress: address }, Type: 'ProviderAddress' },
];

function endpointObjects(plan: NodePlan): JsonObject[] {
  const pod = (p: LocalPod): JsonObject =>
    endpointObject(plan, {
      id: p.endpointId,
      name: p.endpointName,
      ip: p.ip,
      ip6: plan.dualStack === 'node' ? ipv6Of(p.ip) : undefined,
      mac: p.mac,
      flags: 0,
      state: 3,
      namespaceId: p.namespaceId,
      gateway: plan.podGateway,
      policies: podPolicies(plan),
      dns: {
        Domain: endpointSuffixes(plan, p)[0] ?? '',
        Search: endpointSuffixes(plan, p),
        ServerList: [plan.dnsVip],
      },
    });
  const { bridge, sourceVip } = plan;
  return [
    ...(bridge === undefined
      ? []
      : [
          endpointObject(plan, {
            ...bridge,
            flags: 0,
            state: 2,
            gateway: addressIn(plan.node.podCidr, 1),
            policies: [{ Settings: {}, Type: 'L2Driver' }],
            dns: {},
          }),
        ]),
    ...(sourceVip === undefined
      ? []
      : [
          endpointObject(plan, {
            ...sourceVip,
            name: 'Ethernet',
            flags: 0,
            state: 1,
            policies: pa(plan.node.ip),
            dns: {},
          }),
        ]),
    ...plan.pods.map(pod),
    ...plan.remoteEndpoints.map((e) =>
      endpointObject(plan, {
        ...e,
        name: 'Ethernet',
        flags: 1,
        state: 1,
        policies: e.providerAddress === undefined ? [] : pa(e.providerAddress),
        dns: {},
      }),
    ),
  ];
}

/** endpoint.txt: the V1 columns stay empty in the table as the objects have no such fields; then the JSON. */
export function endpointTextV2(plan: NodePlan): string {
  const objects = endpointObjects(plan);
  const table = formatTable(
    [
      { name: 'IpAddress', width: 9 },
      { name: 'MacAddress', width: 17 },
      { name: 'IsRemoteEndpoint', width: 16 },
      { name: 'State', width: 5, right: true },
    ],
    objects.map((o) => ['', String(o['MacAddress']), '', String(o['State'])]),
  );
  return table + jsonOutput(objects);
}

function loadBalancerObject(plan: NodePlan, lb: PlannedLoadBalancer): JsonObject {
  return {
    Flags: (plan.dsr && lb.vip !== undefined ? 1 : 0) + (lb.family === 6 ? 2 : 0),
    FrontendVIPs: lb.vip === undefined ? [] : [lb.vip],
    Health: { ...health, LastUpdateTime: 133601411840022518n },
    HostComputeEndpoints: [...lb.endpointIds],
    ID: lb.id,
    PortMappings: [
      {
        DistributionType: 0,
        ExternalPort: lb.externalPort,
        Flags: lb.vip === undefined ? 2 : 0,
        InternalPort: lb.internalPort,
        Protocol: lb.protocol,
      },
    ],
    SchemaVersion: schemaVersion,
    SourceVIP: lb.sourceVip ?? '',
    State: 2,
  };
}

/** policy.txt: Get-HnsLoadBalancer as JSON. */
export function policyTextV2(plan: NodePlan): string {
  return jsonOutput(plan.loadBalancers.map((lb) => loadBalancerObject(plan, lb)));
}

/** namespaces.txt: five properties print as a list; then the JSON. */
export function namespacesText(plan: NodePlan): string {
  const list = formatList(
    plan.pods.map((p) => [
      ['ID', p.namespaceId],
      ['CompartmentId', String(p.compartment)],
      ['CompartmentGuid', p.compartmentGuid],
      ['Type', 'Guest'],
      ['EndpointID', p.endpointId],
    ]),
  );
  const objects = plan.pods.map((p) => ({
    Health: { ...health, LastUpdateTime: 133601411829917733n },
    ID: p.namespaceId,
    NamespaceGuid: p.compartmentGuid,
    NamespaceId: p.compartment,
    Resources: [
      { Data: { Id: p.sandboxId }, Type: 'Container' },
      { Data: { Id: p.containerId }, Type: 'Container' },
      { Data: { Id: p.endpointId }, Type: 'Endpoint' },
    ],
    SchemaVersion: schemaVersion,
    Type: 'Guest',
  }));
  return list + jsonOutput(objects);
}

/** Id of the pod network's vSwitch. */
export const switchIdOf = (plan: NodePlan): string => guidOf(`${plan.node.name}switch`);
