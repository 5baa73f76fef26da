import { COLLECTED_AT, fileTime } from './clock';
import { endpointSuffixes } from './dns-plan';
import { addressIn, guidOf, hexOf, prefixLength } from './names';
import type { LocalPod, NodePlan, RemoteEndpoint } from './node-plan';
import { formatTable, jsonOutput, type JsonObject } from './powershell-text';
import type { PlannedLoadBalancer } from './service-plan';

/** The HNS files in the V1 shape: network.txt, networkdetailed.txt, endpoint.txt, policy.txt. */

const VERSION = 38654705666;
const HOUR = 3_600_000;
const upper = (id: string): string => id.toUpperCase();
const health = (): JsonObject => ({
  LastErrorCode: 0,
  LastUpdateTime: BigInt(fileTime(COLLECTED_AT - HOUR)),
});

const extensions = (vfp: boolean): JsonObject[] => [
  {
    Id: 'E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A',
    IsEnabled: false,
    Name: 'Microsoft Windows Filtering Platform',
  },
  {
    Id: 'E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017',
    IsEnabled: vfp,
    Name: 'Microsoft Azure VFP Switch Extension',
  },
  { Id: 'EA24CD6C-D17A-4348-9190-09F0D5BE83DD', IsEnabled: true, Name: 'Microsoft NDIS Capture' },
];

const resources = (id: string, parent: string, allocators: readonly JsonObject[]): JsonObject => ({
  AdditionalParams: {},
  AllocationOrder: allocators.length,
  Allocators: allocators,
  Health: {},
  ID: upper(id),
  PortOperationTime: 0,
  State: 1,
  SwitchOperationTime: 0,
  VfpOperationTime: 0,
  parentId: upper(parent),
});

interface NetworkShape {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly prefix: string;
  readonly vfp: boolean;
  readonly endpoints: number;
  readonly vsid?: number;
  readonly managed: boolean;
  readonly policies?: readonly JsonObject[];
}

function networkShapes(plan: NodePlan): NetworkShape[] {
  const overlay = plan.mode === 'overlay';
  const type = overlay ? 'overlay' : 'l2bridge';
  const own =
    plan.pods.length + (plan.bridge === undefined ? 0 : 1) + (plan.sourceVip === undefined ? 0 : 1);
  const routes = overlay
    ? [
        { Type: 'HostRoute' },
        ...plan.peers.map((peer) => ({
          DestinationPrefix: peer.podCidr,
          DistributedRouterMacAddress: peer.drMac,
          IsolationId: plan.vni,
          ProviderAddress: peer.ip,
          Type: 'RemoteSubnetRoute',
        })),
      ]
    : [];
  return [
    {
      id: guidOf(`${plan.node.name}nat`),
      name: 'nat',
      type: 'nat',
      prefix: '172.17.48.0/20',
      vfp: false,
      endpoints: 0,
      managed: false,
    },
    {
      id: guidOf(`${plan.node.name}External`),
      name: 'External',
      type,
      prefix: '192.168.255.0/30',
      vfp: true,
      endpoints: 0,
      managed: true,
    },
    {
      id: plan.networkId,
      name: plan.networkName,
      type,
      prefix: plan.node.podCidr,
      vfp: true,
      endpoints: own + plan.remoteEndpoints.length,
      managed: true,
      policies: routes,
      ...(overlay ? { vsid: plan.vni } : {}),
    },
  ];
}

function networkObject(plan: NodePlan, shape: NetworkShape, detailed: boolean): JsonObject {
  const activity = guidOf(`${shape.id}activity`);
  const layered = guidOf(`${plan.node.name}switch`);
  const pool = `00-15-5D-${hexOf(`${shape.id}pool`, 2).toUpperCase()}`;
  return {
    ActivityId: upper(activity),
    AdditionalParams: {},
    CurrentEndpointCount: shape.endpoints,
    ...(plan.mode === 'overlay' && shape.managed ? { DrMacAddress: plan.node.drMac } : {}),
    DNSServerCompartment: 3,
    Extensions: extensions(shape.vfp),
    Flags: 0,
    Health: health(),
    ID: upper(shape.id),
    IPv6: false,
    LayeredOn: upper(layered),
    MacPools: [{ EndMacAddress: `${pool}-FF-FF`, StartMacAddress: `${pool}-F0-00` }],
    ...(shape.managed ? { ManagementIP: plan.node.ip } : {}),
    MaxConcurrentEndpoints: shape.endpoints,
    Name: shape.name,
    ...(shape.managed
      ? { NetworkAdapterName: 'Ethernet0' }
      : { NatName: 'ICS0D2B2C53-0F1A-4DE6-8D1C-29A6D8A3C6D0' }),
    Policies: shape.policies ?? [],
    ...(detailed
      ? {
          Resources: resources(activity, layered, [
            {
              AdditionalParams: {},
              AllocationOrder: 0,
              ExternalNicPortGuid: upper(plan.externalPort),
              Health: health(),
              ID: upper(guidOf(`${shape.id}adapter`)),
              IsPolicy: false,
              State: 3,
              Tag: 'External Adapter Info',
            },
            {
              AdditionalParams: {},
              AllocationOrder: 1,
              EndpointPortGuid: upper(plan.hostPort),
              Health: health(),
              ID: upper(guidOf(`${shape.id}vnic`)),
              IsPolicy: false,
              State: 3,
              Tag: 'Host Vnic',
            },
          ]),
        }
      : {}),
    ...(shape.managed ? { SourceMac: plan.node.hostMac } : {}),
    State: 1,
    Subnets: [
      {
        AdditionalParams: {},
        AddressPrefix: shape.prefix,
        GatewayAddress: addressIn(shape.prefix, 1),
        Health: {},
        ID: upper(guidOf(`${shape.id}subnet`)),
        ObjectType: 5,
        Policies: shape.vsid === undefined ? [] : [{ Type: 'VSID', VSID: shape.vsid }],
        State: 0,
      },
    ],
    TotalEndpoints: shape.endpoints,
    Type: shape.type,
    Version: VERSION,
  };
}

/** network.txt: the table, then the JSON. */
export function networkText(plan: NodePlan): string {
  const shapes = networkShapes(plan);
  const table = formatTable(
    [
      { name: 'Name', width: 10 },
      { name: 'Type', width: 10 },
      { name: 'ID', width: 36 },
      { name: 'AddressPrefix', width: 20 },
    ],
    shapes.map((s) => [s.name, s.type, upper(s.id), '']),
  );
  return table + jsonOutput(shapes.map((s) => networkObject(plan, s, false)));
}

/** networkdetailed.txt: JSON with Resources. */
export function networkDetailedText(plan: NodePlan): string {
  return jsonOutput(networkShapes(plan).map((s) => networkObject(plan, s, true)));
}

/** Policies of a pod's endpoint as the CNI plugin asked for them. */
function podPolicies(plan: NodePlan): JsonObject[] {
  const nat = { ExceptionList: [...plan.exceptions], Type: 'OutBoundNAT' };
  const route = { DestinationPrefix: plan.serviceCidr, NeedEncap: true, Type: 'ROUTE' };
  return plan.mode === 'overlay'
    ? [nat, route, { PA: plan.node.ip, Type: 'PA' }]
    : [
        nat,
        route,
        { DestinationPrefix: `${plan.node.ip}/32`, NeedEncap: true, Type: 'ROUTE' },
        { Type: 'L2Driver' },
      ];
}

function podEndpoint(plan: NodePlan, pod: LocalPod): JsonObject {
  const activity = guidOf(`${pod.endpointId}activity`);
  const created = BigInt(fileTime(COLLECTED_AT - HOUR));
  return {
    ActivityId: upper(activity),
    AdditionalParams: {},
    CreateProcessingStartTime: created,
    DNSServerList: plan.dnsVip,
    DNSSuffix: endpointSuffixes(plan, pod).join(','),
    EncapOverhead: 50,
    GatewayAddress: plan.podGateway,
    Health: health(),
    ID: upper(pod.endpointId),
    IPAddress: pod.ip,
    MacAddress: pod.mac,
    Name: pod.endpointName,
    Policies: podPolicies(plan),
    PrefixLength: prefixLength(plan.node.podCidr),
    Resources: resources(activity, plan.networkId, [
      {
        AdditionalParams: {},
        AllocationOrder: 0,
        CompartmendId: pod.compartment,
        EndpointPortGuid: upper(pod.portGuid),
        Flags: 0,
        Health: health(),
        ID: upper(guidOf(`${pod.endpointId}port`)),
        IsPolicy: false,
        State: 3,
        Tag: 'Endpoint Port',
      },
      {
        AdditionalParams: {},
        AllocationOrder: 1,
        Flags: 0,
        Health: health(),
        ID: upper(guidOf(`${pod.endpointId}nat`)),
        IsPolicy: true,
        State: 3,
        Tag: 'VFP OutBound NAT Policy',
      },
    ]),
    SharedContainers: [pod.sandboxId, pod.containerId],
    StartTime: created,
    State: 3,
    Type: plan.mode === 'overlay' ? 'overlay' : 'L2Bridge',
    Version: VERSION,
    VirtualNetwork: upper(plan.networkId),
    VirtualNetworkName: plan.networkName,
  };
}

function plainEndpoint(
  plan: NodePlan,
  about: {
    id: string;
    ip: string;
    mac: string;
    name: string;
    state: number;
    remote: boolean;
    pa?: string | undefined;
    gateway?: string;
  },
): JsonObject {
  const policies: JsonObject[] =
    about.pa === undefined ? [{ Type: 'L2Driver' }] : [{ PA: about.pa, Type: 'PA' }];
  return {
    ActivityId: upper(guidOf(`${about.id}activity`)),
    AdditionalParams: {},
    EncapOverhead: 50,
    ...(about.gateway === undefined ? {} : { GatewayAddress: about.gateway }),
    Health: health(),
    ID: upper(about.id),
    IPAddress: about.ip,
    ...(about.remote ? { IsRemoteEndpoint: true } : {}),
    MacAddress: about.mac,
    Name: about.name,
    Policies: policies,
    PrefixLength: about.remote ? 32 : prefixLength(plan.node.podCidr),
    Resources: resources(guidOf(`${about.id}activity`), plan.networkId, []),
    SharedContainers: [],
    State: about.state,
    Type: plan.mode === 'overlay' ? 'overlay' : 'L2Bridge',
    Version: VERSION,
    VirtualNetwork: upper(plan.networkId),
    VirtualNetworkName: plan.networkName,
  };
}

function endpointObjects(plan: NodePlan): JsonObject[] {
  const { bridge, sourceVip } = plan;
  const remote = (e: RemoteEndpoint): JsonObject =>
    plainEndpoint(plan, { ...e, name: 'Ethernet', state: 1, remote: true, pa: e.providerAddress });
  return [
    ...(bridge === undefined
      ? []
      : [
          plainEndpoint(plan, {
            ...bridge,
            state: 2,
            remote: false,
            gateway: addressIn(plan.node.podCidr, 1),
          }),
        ]),
    ...(sourceVip === undefined
      ? []
      : [
          plainEndpoint(plan, {
            ...sourceVip,
            name: 'Ethernet',
            state: 1,
            remote: false,
            pa: plan.node.ip,
          }),
        ]),
    ...plan.pods.map((p) => podEndpoint(plan, p)),
    ...plan.remoteEndpoints.map(remote),
  ];
}

/** endpoint.txt: the table (IpAddress, MacAddress, IsRemoteEndpoint, State), then the JSON. */
export function endpointText(plan: NodePlan): string {
  const objects = endpointObjects(plan);
  const text = (value: unknown): string =>
    value === undefined ? '' : value === true ? 'True' : String(value);
  const table = formatTable(
    [
      { name: 'IPAddress', width: 15 },
      { name: 'MacAddress', width: 17 },
      { name: 'IsRemoteEndpoint', width: 16, right: true },
      { name: 'State', width: 5, right: true },
    ],
    objects.map((o) => [
      text(o['IPAddress']),
      text(o['MacAddress']),
      text(o['IsRemoteEndpoint']),
      text(o['State']),
    ]),
  );
  return table + jsonOutput(objects);
}

function policyList(plan: NodePlan, lb: PlannedLoadBalancer): JsonObject {
  const sourceVip = lb.sourceVip;
  return {
    ActivityId: upper(guidOf(`${lb.id}activity`)),
    AdditionalParams: {},
    Health: health(),
    ID: upper(lb.id),
    IsApplied: false,
    Policies: [
      {
        ExternalPort: lb.externalPort,
        InternalPort: lb.internalPort,
        ...(plan.dsr && lb.vip !== undefined ? { IsDSR: true } : {}),
        ...(lb.vip === undefined ? { LocalRoutedVip: true } : {}),
        Protocol: lb.protocol,
        ...(sourceVip === undefined ? {} : { SourceVIP: sourceVip }),
        Type: 'ELB',
        ...(lb.vip === undefined ? {} : { VIPs: [lb.vip] }),
      },
    ],
    References: lb.endpointIds.map((id) => `/endpoints/${id}`),
    Resources: resources(guidOf(`${lb.id}activity`), plan.networkId, []),
    State: 2,
    Version: VERSION,
  };
}

/** policy.txt: Get-HnsPolicyList as JSON. */
export function policyText(plan: NodePlan): string {
  return jsonOutput(plan.loadBalancers.map((lb) => policyList(plan, lb)));
}

/** The objects of a whole node, for `hnsdiag list all -d`. */
export function hnsdiagObjects(plan: NodePlan): JsonObject[] {
  return [
    ...networkShapes(plan)
      .filter((s) => plan.schema === 1 || s.name === plan.networkName)
      .map((s) => networkObject(plan, s, true)),
    ...endpointObjects(plan),
    ...plan.loadBalancers.map((lb) => policyList(plan, lb)),
  ];
}
