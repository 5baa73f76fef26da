import type { Evidence } from '../model/evidence';
import type { HnsEndpoint } from '../model/hns';
import { canonicalIp, familyOf, inCidr, parseIp } from '../model/ip';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { targetOf, type Target } from './flow-target';
import {
  addressOf,
  endpointsById,
  nearby,
  NoAddress,
  podOf,
  preferred,
  Problem,
} from './named-objects';
import { nodeView, ownAddress, type NodeView } from './node-view';
import type { PacketHeader, TcpFlag } from './packet';

/** What a user asks: names and addresses as typed. */
export interface FlowQuestion {
  /** An address, the id of an endpoint, or a pod (`name` or `namespace/name`). */
  readonly from: string;
  /** An address with or without a port, a service (also as a DNS name), or a pod. */
  readonly to: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | undefined;
  readonly direction?: 'in' | 'out' | undefined;
  readonly sourcePort?: number | undefined;
  /** Of TCP; a SYN where left out. Without a SYN the packet belongs to a flow that is there already. */
  readonly tcpFlags?: readonly TcpFlag[] | undefined;
}

/** Where the packet begins. */
export type Origin =
  | { readonly kind: 'pod'; readonly endpoint: HnsEndpoint }
  | { readonly kind: 'host' }
  | { readonly kind: 'wire' };

/** One packet, ready to be walked. */
export interface Flow {
  readonly view: NodeView;
  readonly origin: Origin;
  readonly header: PacketHeader;
  /** How the question was read: what a name stands for, what was left out and chosen. */
  readonly notes: readonly string[];
}

export type FlowResult =
  | { readonly kind: 'flow'; readonly flow: Flow }
  /** The question names something that exists and has no address: no packet can begin. */
  | { readonly kind: 'no-address'; readonly text: string; readonly evidence: readonly Evidence[] }
  /** It cannot be answered as it stands, and why: what to write instead. */
  | { readonly kind: 'problem'; readonly text: string };

/** Reads a question against the case. What is ambiguous is explained, never picked. */
export function resolveFlow(question: FlowQuestion, theCase: Case): FlowResult {
  try {
    return { kind: 'flow', flow: resolve(question, theCase) };
  } catch (error) {
    if (error instanceof Problem) return { kind: 'problem', text: error.message };
    if (error instanceof NoAddress)
      return { kind: 'no-address', text: error.message, evidence: error.evidence };
    throw error;
  }
}

function resolve(question: FlowQuestion, theCase: Case): Flow {
  const snapshots = newestSnapshots(theCase);
  if (snapshots.length === 0) throw new Problem('the case holds no node');
  const ends = endsOf(question, snapshots, theCase);
  refuseUntraceable(question, ends.source, ends.target);
  return flowBetween(question, ends.source, ends.target, theCase, ends.notes);
}

/** Both ends in one address family, where names have one in common: IPv4 first. */
function endsOf(
  question: FlowQuestion,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): { readonly source: Source; readonly target: Target; readonly notes: readonly string[] } {
  const read = (family: 4 | 6 | undefined) => {
    const notes: string[] = [];
    const source = sourceOf(question.from, snapshots, theCase, notes, family);
    const target = targetOf(question, snapshots, theCase, notes, family ?? familyOf(source.ip));
    return { source, target, notes };
  };
  const first = read(undefined);
  const wanted = familyOf(first.target.ip);
  return familyOf(first.source.ip) === wanted ? first : read(wanted);
}

/** Addresses that are no single receiver, or whose packets do not come to a network card (RFC 6890, RFC 4291). */
const NO_WAY: readonly (readonly [prefix: string, what: string])[] = [
  ['127.0.0.0/8', 'a loopback address: its packets stay in their compartment and meet no VFP rule'],
  ['::1/128', 'a loopback address: its packets stay in their compartment and meet no VFP rule'],
  ['0.0.0.0/32', 'no address that a packet is sent between'],
  ['::/128', 'no address that a packet is sent between'],
  ['224.0.0.0/4', 'a multicast group: what has one receiver is traced'],
  ['ff00::/8', 'a multicast group: what has one receiver is traced'],
  ['255.255.255.255/32', 'the broadcast address: what has one receiver is traced'],
];

/** What never comes to a port, or to more than one, has no way to be told. @throws Problem */
function refuseUntraceable(question: FlowQuestion, source: Source, target: Target): void {
  for (const ip of [source.ip, target.ip]) {
    const known = NO_WAY.find(([prefix]) => inCidr(ip, prefix) === true);
    if (known !== undefined) throw new Problem(`${ip} is ${known[1]}`);
  }
  if (source.endpoint !== undefined && source.ip === target.ip && question.direction !== 'in')
    throw new Problem(
      `${target.ip} is the pod's own address: such a packet stays in its compartment and meets no VFP rule; for the way over a service to the pod itself, name the service`,
    );
}

/** The newest collection of every node. */
export const newestSnapshots = (theCase: Case): readonly NodeSnapshot[] =>
  theCase.nodes.flatMap((node) => node.snapshots.at(-1) ?? []);

/** The packet of a question whose names were read already. @throws Problem */
export function flowBetween(
  question: Omit<FlowQuestion, 'from' | 'to'> & Pick<FlowQuestion, 'from'>,
  source: Source,
  target: Target,
  theCase: Case,
  notes: readonly string[] = [],
): Flow {
  const snapshots = newestSnapshots(theCase);
  if (parseIp(source.ip)?.family !== parseIp(target.ip)?.family)
    throw new Problem(`${source.ip} and ${target.ip} are of different address families`);
  const isV6 = source.ip.includes(':');
  const base: PacketHeader = {
    sourceMac: undefined,
    destinationMac: undefined,
    sourceIp: source.ip,
    destinationIp: target.ip,
    protocol: target.protocol === 1 && isV6 ? 58 : target.protocol,
    sourcePort: target.protocol === 1 ? undefined : question.sourcePort,
    destinationPort: target.port,
    tcpFlags: target.protocol === 6 ? (question.tcpFlags ?? ['SYN']) : [],
    encap: [],
  };
  const inbound = question.direction === 'in';
  if (source.snapshot !== undefined && !inbound) {
    const view = nodeView(source.snapshot, theCase);
    return source.endpoint === undefined
      ? {
          view,
          origin: { kind: 'host' },
          header: { ...base, sourceMac: source.snapshot.addresses.hostMac?.value },
          notes,
        }
      : {
          view,
          origin: { kind: 'pod', endpoint: source.endpoint },
          header: { ...base, sourceMac: source.endpoint.mac },
          notes,
        };
  }
  if (question.direction === 'out')
    throw new Problem(
      `${question.from} is on no node of the case, so no packet of it leaves one; --direction in traces its arrival`,
    );
  return { ...arriving(base, source, snapshots, theCase), notes };
}

/** A packet that comes from outside to the node that has its destination. */
function arriving(
  header: PacketHeader,
  source: Source,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): Omit<Flow, 'notes'> {
  const owners = snapshots.filter((s) => {
    const view = nodeView(s, theCase);
    return (
      view.isHostAddress(header.destinationIp) ||
      view.localEndpoint(header.destinationIp) !== undefined
    );
  });
  const [owner] = owners;
  if (owner === undefined)
    throw new Problem(
      `neither ${header.sourceIp} nor ${header.destinationIp} is on a node of the case: the trace needs the bundle of one of the two nodes`,
    );
  if (owners.length > 1)
    throw new Problem(
      `${header.destinationIp} is on several nodes: ${owners.map((s) => s.node).join(', ')}`,
    );
  if (source.snapshot?.id === owner.id)
    throw new Problem(
      `${header.sourceIp} and ${header.destinationIp} are on ${owner.node} both, so nothing comes in from outside; leave --direction in away`,
    );
  return {
    view: nodeView(owner, theCase),
    origin: { kind: 'wire' },
    header: { ...header, destinationMac: owner.addresses.hostMac?.value },
  };
}

/** Who sends, read. */
export interface Source {
  readonly ip: string;
  readonly snapshot: NodeSnapshot | undefined;
  /** Undefined for the host itself and for what is elsewhere. */
  readonly endpoint: HnsEndpoint | undefined;
}

/** Reads who sends. @throws Problem, NoAddress */
export function sourceOf(
  text: string,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
  notes: string[],
  family?: 4 | 6,
): Source {
  const ip = canonicalIp(text);
  if (ip !== undefined) return ownerOf(ip, snapshots, theCase);
  const byId = endpointsById(text, snapshots);
  if (byId.length > 1)
    throw new Problem(
      `endpoint ${text} is ambiguous: ${byId.map(({ endpoint }) => endpoint.id).join(', ')}`,
    );
  const [found] = byId;
  if (found !== undefined) {
    const address = preferred(found.endpoint.ipAddresses, family);
    if (address === undefined)
      throw new NoAddress(`Endpoint ${found.endpoint.id} has no address.`, found.endpoint.evidence);
    if (found.endpoint.isRemote === true) return ownerOf(address, snapshots, theCase);
    return { ip: address, ...found };
  }
  const host = snapshots.filter((s) => s.node.toLowerCase() === text.toLowerCase());
  if (host[0] !== undefined) {
    const address = ownAddress(host[0], family);
    if (address === undefined) throw new NoAddress(`The address of node ${text} is not known.`, []);
    notes.push(`${text} is the node itself, ${address}.`);
    return { ip: address, snapshot: host[0], endpoint: undefined };
  }
  const pod = podOf(text, snapshots, theCase);
  if (pod === undefined)
    throw new Problem(
      `"${text}" is no address, endpoint, node or pod of the case${nearby(text, snapshots, theCase)}`,
    );
  const address = addressOf(pod, family);
  notes.push(`Pod ${pod.name} has ${address}.`);
  return ownerOf(address, snapshots, theCase);
}

type OwnedSource = Source & { readonly snapshot: NodeSnapshot };

function ownerOf(ip: string, snapshots: readonly NodeSnapshot[], theCase: Case): Source {
  const owners = snapshots.flatMap((snapshot): OwnedSource[] => {
    const view = nodeView(snapshot, theCase);
    const endpoint = view.localEndpoint(ip);
    return view.isHostAddress(ip)
      ? [{ ip, snapshot, endpoint: undefined }]
      : endpoint === undefined
        ? []
        : [{ ip, snapshot, endpoint }];
  });
  if (owners.length > 1)
    throw new Problem(
      `${ip} is on several nodes: ${owners.map(({ snapshot }) => snapshot.node).join(', ')}; name the endpoint by its id`,
    );
  return owners[0] ?? { ip, snapshot: undefined, endpoint: undefined };
}
