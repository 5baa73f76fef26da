import type { HnsEndpoint } from '../model/hns';
import { canonicalIp, familyOf } from '../model/ip';
import { dnsVips } from '../rules/dns-service';
import { peersOf } from '../rules/inter-node/peers';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { podEndpoints } from '../snapshot/vfp-ports';
import { newestSnapshots, type FlowQuestion } from './flow';
import { podName, unique } from './named-objects';
import { addressText } from './packet';

/** A pod that sends: one that a collected node has. */
export interface ReachabilityRow {
  /** `namespace/name` of the pod, else the endpoint's address. */
  readonly name: string;
  readonly node: string;
  readonly snapshotId: string;
  /** Undefined for a pod that never got one. */
  readonly endpointId: string | undefined;
  /** Canonical; of each family the first counts. None: the pod of that name cannot send. */
  readonly addresses: readonly string[];
}

export type ColumnKind = 'pod' | 'service' | 'dns' | 'internet' | 'node';

/** Where packets go: one address and port. */
export interface ReachabilityColumn {
  readonly kind: ColumnKind;
  readonly name: string;
  /** As a `FlowQuestion` names it: `10.96.0.10:53`, or an address for an echo request. */
  readonly to: string;
  readonly ip: string;
  readonly port: number | undefined;
  readonly protocol: NonNullable<FlowQuestion['protocol']>;
}

/** What is held against what. `notes` say what was left out. */
export interface ReachabilityAxes {
  readonly rows: readonly ReachabilityRow[];
  readonly columns: readonly ReachabilityColumn[];
  readonly notes: readonly string[];
}

/** Of a large cluster so many pods are columns; those of collected nodes come first. */
const MOST_PODS = 500;
/** A public address of each family, as an example of all others. */
const PUBLIC = ['8.8.8.8', '2001:4860:4860::8888'] as const;
const KUBELET_PORT = 10250;

/** Pods that send, and everything they may want to reach, from the newest collection of every node. */
export function reachabilityAxes(theCase: Case): ReachabilityAxes {
  const snapshots = newestSnapshots(theCase);
  const rows = snapshots.flatMap(rowsOf);
  const families = new Set(rows.flatMap(({ addresses }) => addresses.map(familyOf)));
  if (families.size === 0) families.add(4);
  const pods = podColumns(rows, snapshots, theCase);
  const columns = [
    ...pods.slice(0, MOST_PODS),
    ...serviceColumns(snapshots, theCase),
    ...PUBLIC.map((ip) => column('internet', 'the internet', ip, 443, 'tcp')),
    ...nodeColumns(snapshots, theCase),
  ].filter(({ ip }) => families.has(familyOf(ip)));
  return {
    rows,
    columns: unique(columns, ({ kind, to, protocol }) => `${kind} ${to} ${protocol}`),
    notes:
      pods.length <= MOST_PODS
        ? []
        : [`${pods.length - MOST_PODS} pods of other nodes are left out.`],
  };
}

/** The question whose trace is the cell's; undefined for a pod and itself, or without an address of the family. */
export function cellQuestion(
  row: ReachabilityRow,
  { ip, to, protocol }: ReachabilityColumn,
): FlowQuestion | undefined {
  if (row.addresses.length === 0) return { from: row.name, to, protocol };
  const from = row.addresses.find((address) => familyOf(address) === familyOf(ip));
  return from === undefined || row.addresses.includes(ip) ? undefined : { from, to, protocol };
}

function rowsOf(snapshot: NodeSnapshot): ReachabilityRow[] {
  const { node, id: snapshotId } = snapshot;
  const waiting = snapshot.cluster.pods
    .filter((pod) => pod.node === node && pod.ipKnown && pod.ips.length === 0)
    .filter(
      ({ hostNetwork, phase }) =>
        hostNetwork !== true && !/^(?:Succeeded|Failed)$/.test(phase ?? ''),
    )
    .map((pod): ReachabilityRow => ({
      name: podName(pod),
      node,
      snapshotId,
      endpointId: undefined,
      addresses: [],
    }));
  return [...endpointRows(snapshot), ...waiting];
}

function endpointRows(snapshot: NodeSnapshot): ReachabilityRow[] {
  return podEndpoints(snapshot).flatMap((endpoint): ReachabilityRow[] => {
    const addresses = endpoint.ipAddresses.flatMap((ip) => canonicalIp(ip) ?? []);
    const [first] = addresses;
    if (first === undefined) return [];
    const pod = snapshot.links.podOf.get(endpoint);
    return [
      {
        name: pod === undefined ? first : podName(pod),
        node: snapshot.node,
        snapshotId: snapshot.id,
        endpointId: endpoint.id,
        addresses,
      },
    ];
  });
}

function column(
  kind: ColumnKind,
  name: string,
  ip: string,
  port: number | undefined,
  protocol: ReachabilityColumn['protocol'],
): ReachabilityColumn {
  const to = port === undefined ? ip : addressText(ip, port, protocol === 'udp' ? 17 : 6);
  return { kind, name, to, ip, port, protocol };
}

/** Pods by their addresses: a port that a service sends to where one is known, else an echo request. */
function podColumns(
  rows: readonly ReachabilityRow[],
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): ReachabilityColumn[] {
  const served = new Map<string, { readonly port: number; readonly protocol: 'tcp' | 'udp' }>();
  for (const snapshot of snapshots) {
    for (const { endpointIds, ports } of snapshot.loadBalancers) {
      const [first] = ports;
      if (first?.internalPort === undefined || first.protocol === undefined) continue;
      const protocol = first.protocol === 17 ? 'udp' : 'tcp';
      for (const id of endpointIds) {
        const endpoint: HnsEndpoint | undefined = snapshot.links.endpointById.get(id);
        for (const ip of endpoint?.ipAddresses ?? [])
          if (served.get(ip)?.protocol !== 'tcp')
            served.set(ip, { port: first.internalPort, protocol });
      }
    }
  }
  const all = [
    ...rows.flatMap(({ name, addresses }) => addresses.map((ip) => ({ name, ip }))),
    ...[...theCase.cluster.pods, ...snapshots.flatMap((s) => s.cluster.pods)]
      .filter((pod) => pod.hostNetwork !== true)
      .flatMap((pod) =>
        pod.ips.flatMap((text) => {
          const ip = canonicalIp(text);
          return ip === undefined || isNodeAddress(ip, snapshots)
            ? []
            : [{ name: podName(pod), ip }];
        }),
      ),
  ];
  const seen = new Set<string>();
  return all.flatMap(({ name, ip }) => {
    if (seen.has(ip)) return [];
    seen.add(ip);
    const port = served.get(ip);
    return [column('pod', name, ip, port?.port, port?.protocol ?? 'icmp')];
  });
}

const isNodeAddress = (ip: string, snapshots: readonly NodeSnapshot[]): boolean =>
  snapshots.some(
    (s) =>
      s.addresses.managementIp?.value === ip ||
      s.cluster.nodes.some(({ internalIps }) => internalIps.includes(ip)),
  );

/** Every port of every cluster address, and load balancers whose address is of no service. */
function serviceColumns(snapshots: readonly NodeSnapshot[], theCase: Case): ReachabilityColumn[] {
  const dns = new Set(snapshots.flatMap((s) => dnsVips(s).map(({ ip }) => ip)));
  const of = (name: string, ip: string, port: number, protocol: string): ReachabilityColumn[] =>
    /^(?:tcp|udp)$/i.test(protocol)
      ? [
          column(
            dns.has(ip) && port === 53 ? 'dns' : 'service',
            name,
            ip,
            port,
            protocol.toLowerCase() === 'udp' ? 'udp' : 'tcp',
          ),
        ]
      : [];
  const services = [...theCase.cluster.services, ...snapshots.flatMap((s) => s.cluster.services)];
  const named = services.flatMap((service) =>
    service.clusterIps.flatMap((text) => {
      const ip = canonicalIp(text);
      if (ip === undefined) return [];
      const name = `${service.namespace ?? 'default'}/${service.name}`;
      return service.ports.flatMap(({ port, protocol }) => of(name, ip, port, protocol));
    }),
  );
  const known = new Set(named.map(({ ip }) => ip));
  const balanced = snapshots.flatMap((s) =>
    s.loadBalancers.flatMap((lb) =>
      lb.vips
        .filter((ip) => !known.has(ip))
        .flatMap((ip) =>
          lb.ports.flatMap(({ externalPort, protocol }) =>
            externalPort === undefined || protocol === undefined
              ? []
              : of(ip, ip, externalPort, protocol === 17 ? 'udp' : protocol === 6 ? 'tcp' : ''),
          ),
        ),
    ),
  );
  const all = [...named, ...balanced];
  return [...all.filter(({ kind }) => kind === 'dns'), ...all.filter(({ kind }) => kind !== 'dns')];
}

/** NodePorts of a node at its own address. They are in no matrix: the services behind them are. */
export function nodePortColumns(snapshot: NodeSnapshot): readonly ReachabilityColumn[] {
  const { managementIp, managementIpv6 } = snapshot.addresses;
  return snapshot.loadBalancers
    .filter(({ vips }) => vips.length === 0)
    .flatMap((lb) => {
      const ip = (lb.isIpv6 === true ? managementIpv6 : managementIp)?.value;
      return lb.ports.flatMap(({ externalPort, protocol }) =>
        ip === undefined || externalPort === undefined || (protocol !== 6 && protocol !== 17)
          ? []
          : [
              column(
                'service',
                snapshot.links.serviceOf.get(lb)?.service.name ?? `NodePort ${externalPort}`,
                ip,
                externalPort,
                protocol === 17 ? 'udp' : 'tcp',
              ),
            ],
      );
    });
}

/** The kubelet of every node that the case knows. */
function nodeColumns(snapshots: readonly NodeSnapshot[], theCase: Case): ReachabilityColumn[] {
  return snapshots.flatMap((snapshot) => {
    const { managementIp, managementIpv6 } = snapshot.addresses;
    const nodes = [
      ...[managementIp, managementIpv6].flatMap((own) =>
        own === undefined ? [] : [{ name: snapshot.node, ip: own.value }],
      ),
      ...(peersOf(snapshot, theCase)?.peers ?? []).flatMap(({ name, ips }) =>
        ips.map((ip) => ({ name, ip })),
      ),
    ];
    return nodes.map(({ name, ip }) => column('node', name, ip, KUBELET_PORT, 'tcp'));
  });
}
