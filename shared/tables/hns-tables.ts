import { shortGuid, macText } from '../model/ids';
import type { HnsEndpoint, HnsLoadBalancer } from '../model/hns';
import { lackTone, toneOf, type ViewContext } from '../inspect/view-context';
import {
  compartmentRef,
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  namespaceRef,
  networkRef,
  podRef,
  serviceRef,
} from '../snapshot/entity-ref';
import { link, list, number, plain, source, text, yesNo } from './cells';
import { rowsOf, type Table } from './table';

const ENDPOINT_STATES = [
  'uninitialized',
  'created',
  'attached',
  'attached-sharing',
  'detached',
  'degraded',
  'destroyed',
];

/** HNS endpoint state in words (hcsshim's EndpointState). */
export function endpointStateText(state: number | undefined): string | undefined {
  return state === undefined ? undefined : `${state} ${ENDPOINT_STATES[state] ?? 'unknown'}`;
}

export const networksTable: Table = {
  columns: [
    { id: 'name', title: 'Name', width: 160 },
    { id: 'type', title: 'Type', width: 100 },
    { id: 'subnets', title: 'Subnets', width: 160, mono: true },
    { id: 'gateway', title: 'Gateway', width: 120, mono: true },
    { id: 'management', title: 'Management IP', width: 130, mono: true },
    { id: 'vsid', title: 'VSID', width: 70, align: 'end' },
    { id: 'endpoints', title: 'Endpoints', width: 90, align: 'end' },
    { id: 'id', title: 'Id', width: 90, mono: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No HNS networks were collected. They are in network.txt or hnsdiag.txt.',
    command: 'Get-HnsNetwork | ConvertTo-Json -Depth 20',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.networks.map((network) => {
        const ref = networkRef(network);
        const endpoints = context.snapshot.endpoints.filter(
          (e) => context.snapshot.links.networkOf.get(e) === network,
        ).length;
        return {
          key: network.id,
          ref,
          evidence: network.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            link(context, ref),
            text(network.type),
            list(network.subnets.map((s) => s.prefix)),
            list(network.subnets.flatMap((s) => (s.gateway === undefined ? [] : [s.gateway]))),
            text(network.managementIp),
            plain(network.subnets.find((s) => s.vsid !== undefined)?.vsid),
            number(endpoints),
            text(shortGuid(network.id)),
            source(network),
          ],
        };
      }),
    ),
};

function where(endpoint: HnsEndpoint): string {
  return endpoint.isRemote === true ? 'remote' : endpoint.isRemote === false ? 'local' : '—';
}

export const endpointsTable: Table = {
  columns: [
    { id: 'ip', title: 'Address', width: 130, mono: true },
    { id: 'where', title: 'Local', width: 80 },
    { id: 'pod', title: 'Pod', width: 180, middle: true },
    { id: 'mac', title: 'MAC', width: 150, mono: true },
    { id: 'state', title: 'State', width: 156 },
    { id: 'network', title: 'Network', width: 80 },
    { id: 'compartment', title: 'Compartment', width: 132 },
    { id: 'lbs', title: 'Load balancers', width: 110, align: 'end' },
    { id: 'name', title: 'Name', width: 180, mono: true, middle: true },
    { id: 'id', title: 'Id', width: 90, mono: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No HNS endpoints were collected. They are in endpoint.txt or hnsdiag.txt.',
    command: 'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
  },
  rows: (context) => {
    const { links } = context.snapshot;
    return rowsOf(
      context.snapshot.endpoints.map((endpoint) => {
        const ref = endpointRef(endpoint);
        const pod = links.podOf.get(endpoint);
        const network = links.networkOf.get(endpoint);
        const place = links.adapterOf.get(endpoint);
        return {
          key: endpoint.id,
          ref,
          evidence: endpoint.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { ...list(endpoint.ipAddresses), ref, tone: toneOf(context, ref) },
            text(where(endpoint)),
            link(context, pod && podRef(pod)),
            text(endpoint.mac === undefined ? undefined : macText(endpoint.mac)),
            text(endpointStateText(endpoint.state)),
            network ? link(context, networkRef(network)) : text(endpoint.networkName),
            link(context, place && compartmentRef(place.compartment)),
            number(links.loadBalancersOf.get(endpoint.id)?.length ?? 0),
            text(endpoint.name),
            text(shortGuid(endpoint.id)),
            source(endpoint),
          ],
        };
      }),
    );
  },
};

/** `DSR, local routed VIP`: the flags of a load balancer in words. */
export function loadBalancerFlags(lb: HnsLoadBalancer): string {
  const flags = [
    lb.isDsr === true ? 'DSR' : lb.isDsr === false ? 'not DSR' : '',
    lb.isIlb === true ? 'ILB' : '',
    lb.localRoutedVip === true ? 'local routed VIP' : '',
    lb.isIpv6 === true ? 'IPv6' : '',
  ].filter((f) => f !== '');
  return flags.join(', ');
}

/** Says of how many pod ports VFP holds the rules of a load balancer; undefined when there is no dump. */
export type PortCoverage = (
  context: ViewContext,
  lb: HnsLoadBalancer,
) => { readonly complete: number; readonly ports: number } | undefined;

export function loadBalancersTable(coverage: PortCoverage): Table {
  return {
    columns: [
      { id: 'frontend', title: 'VIP:port/protocol', width: 190, mono: true },
      { id: 'service', title: 'Service', width: 190, middle: true },
      { id: 'backends', title: 'Backends', width: 110 },
      { id: 'vfp', title: 'In VFP', width: 150 },
      { id: 'dips', title: 'DIPs', width: 200, mono: true },
      { id: 'internal', title: 'Internal port', width: 100, align: 'end' },
      { id: 'nodeport', title: 'NodePort', width: 80, align: 'end' },
      { id: 'flags', title: 'Flags', width: 110 },
      { id: 'id', title: 'Id', width: 90, mono: true },
      { id: 'source', title: 'Evidence', width: 150, mono: true },
    ],
    empty: {
      text: 'No HNS load balancers were collected. They are in policy.txt or hnsdiag.txt.',
      command: 'Get-HnsPolicyList | ConvertTo-Json -Depth 20',
    },
    rows: (context) => {
      const { links, loadBalancers } = context.snapshot;
      return rowsOf(
        loadBalancers.map((lb) => {
          const ref = loadBalancerRef(lb);
          const service = links.serviceOf.get(lb);
          const found = lb.endpointIds.map((id) => links.endpointById.get(id));
          const missing = found.filter((e) => e === undefined).length;
          const nodePort = service?.service.ports.find((p) => p.nodePort !== undefined)?.nodePort;
          const vfp = coverage(context, lb);
          return {
            key: lb.id,
            ref,
            evidence: lb.evidence[0],
            tone: toneOf(context, ref),
            cells: [
              { text: loadBalancerName(lb), ref, tone: toneOf(context, ref) },
              link(context, service && serviceRef(service.service)),
              {
                text:
                  missing > 0
                    ? `${found.length - missing} of ${found.length} exist`
                    : String(found.length),
                tone: missing > 0 || found.length === 0 ? 'warning' : undefined,
                sort: found.length,
              },
              vfp
                ? {
                    text: `${vfp.complete} of ${vfp.ports} ports`,
                    tone: vfp.complete < vfp.ports ? lackTone(context, ref) : 'ok',
                    sort: vfp.ports === 0 ? 1 : vfp.complete / vfp.ports,
                  }
                : text(undefined),
              list(found.map((e, i) => e?.ipAddresses[0] ?? shortGuid(lb.endpointIds[i] ?? ''))),
              plain(lb.ports[0]?.internalPort),
              lb.vips.length === 0 ? plain(lb.ports[0]?.externalPort) : plain(nodePort),
              text(loadBalancerFlags(lb)),
              text(shortGuid(lb.id)),
              source(lb),
            ],
          };
        }),
      );
    },
  };
}

/** On how many of the pod ports the rule of this load balancer lists a DIP. */
export type DipCoverage = (
  context: ViewContext,
  lb: HnsLoadBalancer,
  ip: string,
) => { readonly present: number; readonly ports: number } | undefined;

/** `scope` is a load balancer's id: one row for each of its DIPs. */
export function lbBackendsTable(coverage: DipCoverage): Table {
  return {
    columns: [
      { id: 'ip', title: 'DIP', width: 132, mono: true },
      { id: 'exists', title: 'Endpoint exists', width: 122 },
      { id: 'vfp', title: 'VFP rule on', width: 150 },
      { id: 'where', title: 'Local', width: 80 },
      { id: 'pod', title: 'Pod', width: 160, middle: true },
      { id: 'state', title: 'State', width: 156 },
      { id: 'id', title: 'Endpoint id', width: 280, mono: true },
    ],
    empty: { text: 'This load balancer has no backends: its VIP answers nobody.' },
    rows: (context, scope) => {
      const lb =
        scope === undefined ? undefined : context.snapshot.links.loadBalancerById.get(scope);
      if (!lb) return rowsOf([]);
      const lack = lackTone(context, loadBalancerRef(lb));
      return rowsOf(
        lb.endpointIds.map((id) => {
          const endpoint = context.snapshot.links.endpointById.get(id);
          const ref = endpoint && endpointRef(endpoint);
          const pod = endpoint && context.snapshot.links.podOf.get(endpoint);
          const ip = endpoint?.ipAddresses[0];
          const vfp = ip === undefined ? undefined : coverage(context, lb, ip);
          const lacking = vfp !== undefined && vfp.present < vfp.ports;
          return {
            key: id,
            ref,
            evidence: endpoint?.evidence[0] ?? lb.evidence[0],
            tone: endpoint ? (lacking ? lack : undefined) : ('error' as const),
            cells: [
              // What is wrong with the endpoint elsewhere is not what is wrong with it as a backend.
              ref
                ? {
                    text: ref.name,
                    ref,
                    tone: lacking ? lack : undefined,
                  }
                : text(undefined),
              yesNo(endpoint !== undefined, false),
              vfp
                ? {
                    text: `${vfp.present} of ${vfp.ports} ports`,
                    tone: lacking ? lack : ('ok' as const),
                    sort: vfp.present,
                  }
                : text(undefined),
              text(endpoint && where(endpoint)),
              link(context, pod && podRef(pod)),
              text(endpointStateText(endpoint?.state)),
              text(id),
            ],
          };
        }),
      );
    },
  };
}

export const namespacesTable: Table = {
  columns: [
    { id: 'id', title: 'Namespace', width: 280, mono: true },
    { id: 'compartment', title: 'Compartment', width: 110, align: 'end' },
    { id: 'type', title: 'Type', width: 110 },
    { id: 'endpoints', title: 'Endpoints', width: 220 },
    { id: 'containers', title: 'Containers', width: 240, mono: true, middle: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No HNS namespaces were collected. They are in namespaces.txt (2022 and later collectors) or hnsdiag.txt.',
    command: 'Get-HnsNamespace | ConvertTo-Json -Depth 10',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.namespaces.map((namespace) => {
        const ref = namespaceRef(namespace);
        const endpoints = namespace.endpointIds.map((id) =>
          context.snapshot.links.endpointById.get(id),
        );
        return {
          key: namespace.id,
          ref,
          evidence: namespace.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: namespace.id, ref },
            plain(namespace.compartmentId),
            text(namespace.type ?? (namespace.isDefault === true ? 'default' : undefined)),
            list(
              endpoints.map((e, i) =>
                e ? endpointRef(e).name : shortGuid(namespace.endpointIds[i] ?? ''),
              ),
            ),
            list(namespace.containerIds),
            source(namespace),
          ],
        };
      }),
    ),
};
