import type { Capture, CapturedFlow } from '../../model/capture';
import type { Evidence } from '../../model/evidence';
import type { EntityRef } from '../../model/finding';
import type { HnsEndpoint } from '../../model/hns';
import { mac as canonicalMac } from '../../model/ids';
import { inCidr, parseIp, withPort } from '../../model/ip';
import { endpointRef, fileRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { peersOf, type Peer } from '../inter-node/peers';
import { podEndpoints } from '../pod-endpoints';
import { flowsOf } from './capture-facts';
import type { Expectation } from './expected-ways';
import { holdPath, type HeldPath } from './hold-path';
import { flowsBefore, stagesOf, type Stage } from './observed-changes';

/**
 * A flow as a pod of this node sends it, and what became of its packets. The place is certain: only
 * at the port of the pod do packets have the address of the pod and no tunnel around them before
 * anything changed them.
 */
export interface ObservedPath {
  readonly capture: Capture;
  readonly endpoint: HnsEndpoint;
  readonly flow: CapturedFlow;
  readonly stages: readonly Stage[];
  readonly to: Destination;
}

export type Destination =
  | { readonly kind: 'own-pod' | 'node' | 'other' }
  | { readonly kind: 'service' }
  | { readonly kind: 'remote-pod'; readonly peer: Peer }
  | { readonly kind: 'internet' };

const made = new WeakMap<NodeSnapshot, readonly ObservedPath[]>();

/** Every flow that a pod of the node opens, in all captures; made once for all rules. */
export function observedPaths(snapshot: NodeSnapshot, theCase: Case): readonly ObservedPath[] {
  const known = made.get(snapshot);
  if (known !== undefined) return known;
  const pods = new Map(
    podEndpoints(snapshot).flatMap((endpoint) =>
      endpoint.ipAddresses.map((ip) => [ip, endpoint] as const),
    ),
  );
  const destination = destinations(snapshot, theCase);
  const paths = snapshot.captures.flatMap((capture) => {
    const changed = flowsBefore(capture);
    return (flowsOf(capture) ?? []).flatMap((flow): ObservedPath[] => {
      const endpoint = pods.get(flow.client.address);
      if (endpoint === undefined || flow.tunnel !== undefined || flow.client.packets === 0)
        return [];
      // Elsewhere its packets have the MAC of the host, or are what another flow was changed to.
      const [source] = capture.macsOf(flow.firstPacket) ?? [];
      if (!isMac(source, endpoint.mac) || changed.has(flow.index)) return [];
      const stages = stagesOf(capture, flow);
      return [{ capture, endpoint, flow, stages, to: destination(flow) }];
    });
  });
  made.set(snapshot, paths);
  return paths;
}

/** Equal MACs; false where one is not known. */
export function isMac(a: string | undefined, b: string | undefined): boolean {
  const canonical = canonicalMac(a ?? '');
  return canonical !== undefined && canonical === canonicalMac(b ?? '');
}

/** Private, shared, link-local and other addresses that are no public ones (RFC 1918, 6598, 4193). */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

function destinations(snapshot: NodeSnapshot, theCase: Case): (flow: CapturedFlow) => Destination {
  const { cluster, loadBalancers, links, addresses } = snapshot;
  const services = new Set([
    ...cluster.services.flatMap(({ clusterIps }) => clusterIps),
    ...loadBalancers.flatMap(({ vips }) => vips),
  ]);
  const nodes = new Set([
    ...cluster.nodes.flatMap(({ internalIps }) => internalIps),
    addresses.managementIp?.value,
  ]);
  const peers = peersOf(snapshot, theCase)?.peers ?? [];
  return ({ server: { address } }) => {
    if (services.has(address)) return { kind: 'service' };
    if (nodes.has(address)) return { kind: 'node' };
    if (links.endpointsByIp.get(address)?.some(({ isRemote }) => isRemote !== true) === true)
      return { kind: 'own-pod' };
    const peer = peers.find(({ podCidrs }) =>
      podCidrs.some((cidr) => inCidr(address, cidr) === true),
    );
    if (peer !== undefined) return { kind: 'remote-pod', peer };
    const isPublic =
      parseIp(address) !== undefined && NOT_PUBLIC.every((cidr) => inCidr(address, cidr) !== true);
    return { kind: isPublic ? 'internet' : 'other' };
  };
}

/** Did any packet of a pod, in this capture, show what it looks like when it leaves the node? */
export function holdsOutside(snapshot: NodeSnapshot, paths: readonly ObservedPath[]): boolean {
  return paths.some(({ stages }) => stages.some((stage) => leaves(snapshot, stage)));
}

/** A packet that has the MAC of the host, or a tunnel from the node, is on its way out. */
export function leaves(snapshot: NodeSnapshot, { flow, rewrite }: Stage): boolean {
  const { hostMac, managementIp } = snapshot.addresses;
  if (flow.tunnel !== undefined) return flow.tunnel.outerFrom === managementIp?.value;
  return isMac(rewrite.macs?.to[0], hostMac?.value);
}

/** The path held against the trace, by the one judge that findings and the window share. */
export const heldPath = (
  path: ObservedPath,
  snapshot: NodeSnapshot,
  traced: Expectation | undefined,
): HeldPath =>
  holdPath(
    path,
    path.stages.filter((stage) => leaves(snapshot, stage)),
    snapshot,
    traced,
  );

/** What a finding about a path concerns: the endpoint of its pod, and the capture it is in. */
export const pathEntities = ({ endpoint, capture }: ObservedPath): EntityRef[] => [
  endpointRef(endpoint),
  fileRef(capture.file),
];

/** `10.96.0.10:53/UDP`. */
export function targetText({ server, protocol }: CapturedFlow): string {
  const at = server.port === undefined ? server.address : withPort(server.address, server.port);
  return `${at}/${protocol}`;
}

/** The first packet of a path, and what it is after its last change. */
export function packetEvidence({ capture, flow, stages }: ObservedPath): Evidence[] {
  const last = stages.at(-1)?.rewrite.packets;
  return (last ?? [flow.firstPacket]).flatMap((packet) =>
    capture.evidence.map((all) => ({ ...all, packet: { number: packet + 1, flow: flow.index } })),
  );
}

/** `packets 12 and 14 of trace.pcapng`, as the packet list counts them. */
export function packetsText({ capture, flow, stages }: ObservedPath): string {
  const { name } = fileRef(capture.file);
  const last = stages.at(-1)?.rewrite.packets;
  return last === undefined
    ? `packet ${flow.firstPacket + 1} of ${name}`
    : `packets ${last[0] + 1} and ${last[1] + 1} of ${name}`;
}
