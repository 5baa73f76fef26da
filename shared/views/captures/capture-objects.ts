import type { EndNames, NamesOf } from '../../capture/filter/match-filter';
import type { EntityRef } from '../../model/finding';
import { canonicalIp } from '../../model/ip';
import {
  endpointRef,
  loadBalancerRef,
  nodeRef,
  podRef,
  protocolName,
  serviceRef,
} from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';

/** What stands behind an address and port, the most telling first. */
export type ObjectsAt = (
  address: string,
  port: number | undefined,
  protocol: number,
) => readonly EntityRef[];

export interface CaptureObjects {
  readonly at: ObjectsAt;
  readonly names: NamesOf;
  /** Names that a filter may ask for, by kind. */
  readonly known: ReadonlyMap<'pod' | 'service' | 'node', readonly EntityRef[]>;
}

/** Finds the objects of a node, and the nodes of the case, by the addresses that packets carry. */
export function captureObjects(snapshot: NodeSnapshot, theCase: Case): CaptureObjects {
  const byAddress = new Map<string, EntityRef[]>();
  const byPort = new Map<string, EntityRef[]>();
  const put = (map: Map<string, EntityRef[]>, key: string, ref: EntityRef): void => {
    const refs = map.get(key);
    if (refs === undefined) map.set(key, [ref]);
    else if (!refs.some(({ kind, id }) => kind === ref.kind && id === ref.id)) refs.push(ref);
  };
  const putAddress = (address: string, ref: EntityRef): void =>
    put(byAddress, canonicalIp(address) ?? address, ref);

  // Pods in the network of their host have its address: the node says more there.
  for (const pod of snapshot.cluster.pods)
    if (pod.hostNetwork !== true) for (const ip of pod.ips) putAddress(ip, podRef(pod));
  for (const node of snapshot.cluster.nodes)
    for (const ip of node.internalIps) putAddress(ip, nodeRef(node));
  for (const node of theCase.nodes)
    for (const { addresses } of node.snapshots)
      if (addresses.managementIp !== undefined)
        putAddress(addresses.managementIp.value, { kind: 'node', id: node.name, name: node.name });
  for (const service of snapshot.cluster.services) {
    const ref = serviceRef(service);
    for (const ip of [...service.clusterIps, ...service.externalIps]) putAddress(ip, ref);
    for (const { nodePort, protocol } of service.ports)
      if (nodePort !== undefined) put(byPort, `${nodePort}/${protocol.toUpperCase()}`, ref);
  }
  for (const balancer of snapshot.loadBalancers)
    for (const vip of balancer.vips)
      if (!byAddress.has(vip)) putAddress(vip, loadBalancerRef(balancer));
  for (const endpoint of snapshot.endpoints) {
    const pod = snapshot.links.podOf.get(endpoint);
    for (const ip of endpoint.ipAddresses)
      putAddress(ip, pod === undefined ? endpointRef(endpoint) : podRef(pod));
  }

  const at: ObjectsAt = (address, port, protocol) => {
    const found = byAddress.get(address) ?? [];
    const isNode = found.some(({ kind }) => kind === 'node');
    const nodePort =
      isNode && port !== undefined ? byPort.get(`${port}/${protocolName(protocol)}`) : undefined;
    return nodePort === undefined ? found : [...nodePort, ...found];
  };
  return { at, names: namesBy(at), known: knownNames(byAddress) };
}

/** A pod is asked for by its name with or without its namespace; a service likewise. */
function namesBy(at: ObjectsAt): NamesOf {
  const kept = new Map<string, EndNames>();
  return (address, port, protocol) => {
    const key = `${address} ${port ?? ''} ${protocol}`;
    const before = kept.get(key);
    if (before !== undefined) return before;
    const refs = at(address, port, protocol);
    const of = (kind: EntityRef['kind']): string[] =>
      refs.filter((ref) => ref.kind === kind).flatMap(textsOf);
    const named: EndNames = {
      pods: of('pod'),
      services: of('service'),
      nodes: of('node'),
      others: [...of('endpoint'), ...of('load-balancer')],
    };
    // Every port of every client would be kept otherwise.
    if (kept.size < 100_000) kept.set(key, named);
    return named;
  };
}

function textsOf({ id, name }: EntityRef): string[] {
  const bare = id.slice(id.lastIndexOf('/') + 1);
  return [...new Set([id, name, bare].map((text) => text.toLowerCase()))];
}

function knownNames(byAddress: ReadonlyMap<string, readonly EntityRef[]>): CaptureObjects['known'] {
  const all = [...byAddress.values()].flat();
  return new Map(
    (['pod', 'service', 'node'] as const).map((kind) => {
      const unique = new Map(all.filter((ref) => ref.kind === kind).map((ref) => [ref.id, ref]));
      return [kind, [...unique.values()].sort((a, b) => a.name.localeCompare(b.name))] as const;
    }),
  );
}
