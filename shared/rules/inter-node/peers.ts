import type { Evidence } from '../../model/evidence';
import type { EntityRef } from '../../model/finding';
import type { HnsNetwork, HnsPolicy } from '../../model/hns';
import { mac as canonicalMac } from '../../model/ids';
import { canonicalIp, cidrText, parseCidr } from '../../model/ip';
import type { KubeNode } from '../../model/kubernetes';
import { nodeRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { podFamilies } from '../cni/active-config';
import { lineWith } from '../evidence-lines';

/** A fact with the lines that say so. */
export interface Known<T> {
  readonly value: T;
  readonly evidence: readonly Evidence[];
}

/** Another node of the cluster, as far as the case tells. */
export interface Peer {
  readonly name: string;
  /** Canonical addresses by which the peer may be the next hop or provider. */
  readonly ips: readonly string[];
  /** Canonical prefixes of the peer's pods. */
  readonly podCidrs: readonly string[];
  readonly ready: boolean | undefined;
  /** Overlay: the MAC that encapsulated frames must carry to be taken by the peer. */
  readonly routerMac: Known<string> | undefined;
  readonly vni: Known<number> | undefined;
  readonly providerId: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly entity: EntityRef;
  /** The peer's own collection, when it is in the case. */
  readonly snapshot: NodeSnapshot | undefined;
}

export interface Peers {
  readonly peers: readonly Peer[];
  /** Where they come from, for people: "nodes.json", "lease lines of flanneld.log", "the other bundles". */
  readonly source: string;
}

/**
 * The other nodes with their pod subnets: from the Kubernetes node objects, else from flanneld's
 * lease lines (host-gw writes `Subnet added: A via B`), else from the other bundles of the case.
 * Undefined when none of them tells; an empty list means that this is the only node.
 */
export function peersOf(snapshot: NodeSnapshot, theCase: Case): Peers | undefined {
  const bundles = peerBundles(snapshot, theCase);
  const known =
    fromNodes(snapshot, bundles) ?? fromLeases(snapshot, bundles) ?? fromBundles(bundles);
  if (known === undefined) return undefined;
  // A subnet that is on-link is the node's own, whatever the node is called.
  const own = new Set(
    snapshot.routes.flatMap((r) =>
      r.nextHop === 'on-link' ? (canonicalCidr(r.destination) ?? []) : [],
    ),
  );
  return { ...known, peers: known.peers.filter((p) => !p.podCidrs.some((c) => own.has(c))) };
}

const lower = (text: string): string => text.toLowerCase();

/** Canonical text of a prefix, or undefined. */
export function canonicalCidr(text: string): string | undefined {
  const cidr = parseCidr(text);
  return cidr && cidrText(cidr);
}

const prefixes = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => canonicalCidr(text) ?? []);

const addresses = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => (text === undefined ? [] : (canonicalIp(text) ?? [])))),
];

function peerBundles(snapshot: NodeSnapshot, theCase: Case): NodeSnapshot[] {
  return theCase.nodes
    .filter((n) => lower(n.name) !== lower(snapshot.node))
    .flatMap((n) => n.snapshots.at(-1) ?? []);
}

/** The network that carries the pods of a snapshot. */
export function podNetworkOf(snapshot: NodeSnapshot): HnsNetwork | undefined {
  const { podNetworkId } = snapshot.mode;
  return podNetworkId === undefined ? undefined : snapshot.links.networkById.get(podNetworkId);
}

function fromNodes(snapshot: NodeSnapshot, bundles: readonly NodeSnapshot[]): Peers | undefined {
  const { nodes } = snapshot.cluster;
  const own = snapshot.addresses.managementIp?.value;
  const isSelf = (n: KubeNode): boolean =>
    lower(n.name) === lower(snapshot.node) ||
    (snapshot.nameGuessed && own !== undefined && n.internalIps.includes(own));
  const others = nodes.filter((n) => !isSelf(n));
  const usable = others.filter((n) => n.podCidrs.length > 0);
  // `kubectl get nodes` without -o json names nodes but no pod subnets: that tells nothing here.
  if (nodes.length === 0 || (others.length > 0 && usable.length === 0)) return undefined;
  const file = usable[0]?.evidence[0]?.file ?? nodes[0]?.evidence[0]?.file ?? 'the node objects';
  return { peers: usable.map((n) => peerOfNode(n, bundles)), source: file };
}

function peerOfNode(node: KubeNode, bundles: readonly NodeSnapshot[]): Peer {
  const bundle = bundles.find((b) => lower(b.node) === lower(node.name));
  const annotated = backendData(node);
  const network = bundle && podNetworkOf(bundle);
  return {
    name: node.name,
    ips: addresses([
      ...node.internalIps,
      node.annotations.get('flannel.alpha.coreos.com/public-ip'),
      node.annotations.get('flannel.alpha.coreos.com/public-ip-overwrite'),
      bundle?.addresses.managementIp?.value,
    ]),
    podCidrs: prefixes(node.podCidrs),
    ready: node.ready,
    routerMac: routerMacOf(network) ?? annotated.routerMac,
    vni: vniOf(network) ?? annotated.vni,
    providerId: node.providerId,
    evidence: node.evidence,
    entity: nodeRef(node),
    snapshot: bundle,
  };
}

/** What flannel (`backend-data`) and Calico write into a node's annotations of its VXLAN device. */
function backendData(node: KubeNode): Pick<Peer, 'routerMac' | 'vni'> {
  const { evidence } = node;
  const text = node.annotations.get('flannel.alpha.coreos.com/backend-data') ?? '';
  const calico = node.annotations.get('projectcalico.org/VXLANTunnelMACAddr') ?? '';
  const value = canonicalMac(/"VtepMAC"\s*:\s*"([^"]+)"/i.exec(text)?.[1] ?? calico);
  const vni = /"VNI"\s*:\s*(\d+)/i.exec(text)?.[1];
  return {
    routerMac: value === undefined ? undefined : { value, evidence },
    vni: vni === undefined ? undefined : { value: Number(vni), evidence },
  };
}

function routerMacOf(network: HnsNetwork | undefined): Known<string> | undefined {
  if (network?.drMac === undefined) return undefined;
  return { value: network.drMac, evidence: network.evidence.slice(0, 1) };
}

function vniOf(network: HnsNetwork | undefined): Known<number> | undefined {
  const vsid = network?.subnets.find((s) => s.vsid !== undefined)?.vsid;
  if (network === undefined || vsid === undefined) return undefined;
  return { value: vsid, evidence: network.evidence.slice(0, 1) };
}

const LEASE = /Subnet (added|removed): (\S+)(?: via (\S+))?/;

function fromLeases(snapshot: NodeSnapshot, bundles: readonly NodeSnapshot[]): Peers | undefined {
  const leases = new Map<string, { via: string; evidence: Evidence }>();
  let file: string | undefined;
  for (const log of snapshot.logs) {
    if (log.component !== 'flanneld') continue;
    for (const index of log.find('Subnet ')) {
      const { text, evidence } = log.entry(index);
      const match = LEASE.exec(text);
      const prefix = match?.[2] === undefined ? undefined : canonicalCidr(match[2]);
      if (match === null || prefix === undefined) continue;
      file = log.file;
      const via = canonicalIp(match[3] ?? '');
      if (match[1] === 'removed') leases.delete(prefix);
      else if (via !== undefined) leases.set(prefix, { via, evidence });
    }
  }
  const own = snapshot.addresses;
  const others = [...leases].filter(
    ([prefix, { via }]) => via !== own.managementIp?.value && prefix !== own.podCidr?.value,
  );
  if (file === undefined) return undefined;
  return {
    source: `lease lines of ${file}`,
    peers: others.map(([prefix, { via, evidence }]): Peer => {
      const bundle = bundles.find((b) => b.addresses.managementIp?.value === via);
      const network = bundle && podNetworkOf(bundle);
      const name = bundle?.node ?? via;
      return {
        name,
        ips: [via],
        podCidrs: [prefix],
        ready: undefined,
        routerMac: routerMacOf(network),
        vni: vniOf(network),
        providerId: undefined,
        evidence: [evidence],
        entity: { kind: 'node', id: name, name },
        snapshot: bundle,
      };
    }),
  };
}

function fromBundles(bundles: readonly NodeSnapshot[]): Peers | undefined {
  const usable = bundles.flatMap((bundle): Peer[] => {
    const { podCidr, managementIp } = bundle.addresses;
    if (podCidr === undefined || managementIp === undefined) return [];
    const network = podNetworkOf(bundle);
    return [
      {
        name: bundle.node,
        ips: addresses([managementIp.value]),
        podCidrs: prefixes([podCidr.value]),
        ready: undefined,
        routerMac: routerMacOf(network),
        vni: vniOf(network),
        providerId: undefined,
        evidence: [...podCidr.evidence, ...managementIp.evidence],
        entity: { kind: 'node', id: bundle.node, name: bundle.node },
        snapshot: bundle,
      },
    ];
  });
  return usable.length === 0 ? undefined : { peers: usable, source: 'the other bundles' };
}

/** Peers that take part: a node that is not Ready may rightly have no route yet. */
export const readyPeers = (peers: readonly Peer[]): Peer[] =>
  peers.filter((p) => p.ready !== false);

export type RemoteSubnetRoute = Extract<HnsPolicy, { readonly kind: 'remote-subnet-route' }>;

/** RemoteSubnetRoute policies of a network. */
export function remoteSubnetRoutes(network: HnsNetwork): RemoteSubnetRoute[] {
  return network.policies.filter((p) => p.kind === 'remote-subnet-route');
}

/** RemoteSubnetRoutes for exactly this prefix. */
export function routesTo(network: HnsNetwork, prefix: string): RemoteSubnetRoute[] {
  return remoteSubnetRoutes(network).filter((r) => canonicalCidr(r.destinationPrefix) === prefix);
}

/** A pod subnet of a peer. */
export interface PeerSubnet {
  readonly peer: Peer;
  readonly prefix: string;
}

/**
 * Pod subnets of peers that this node has to reach: those of the address families its own pods have.
 * In a dual-stack cluster many Windows nodes have IPv4 pods only.
 */
export function subnetsOf(peers: readonly Peer[], snapshot: NodeSnapshot): PeerSubnet[] {
  const families = podFamilies(snapshot);
  const all = peers.flatMap((peer) => peer.podCidrs.map((prefix) => ({ peer, prefix })));
  const own = all.filter(({ prefix }) => families.has(prefix.includes(':') ? 6 : 4));
  return own.length > 0 ? own : all;
}

/** `3 of 3 peers`, `the only node`. */
export function counted(n: number, all: number): string {
  return `${n} of ${all} ${all === 1 ? 'peer' : 'peers'}`;
}

/** A Node object is known by the line of its name; its pod subnet stands a few lines below. */
const NODE_HEAD = 12;

/** The line of a peer's evidence that holds a text (its pod subnet, its address); else the first. */
export function peerLine(snapshot: NodeSnapshot, peer: Peer, text: string): Evidence[] {
  const narrowed = lineWith(snapshot, peer.evidence, text, NODE_HEAD).find(
    (place, i) => place !== peer.evidence[i],
  );
  return narrowed ? [narrowed] : peer.evidence.slice(0, 1);
}
