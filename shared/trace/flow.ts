import type { Evidence } from '../model/evidence';
import type { HnsEndpoint } from '../model/hns';
import { canonicalIp, parseIp } from '../model/ip';
import type { KubePod, KubeService } from '../model/kubernetes';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { nodeView, type NodeView } from './node-view';
import type { PacketHeader } from './packet';

/** What a user asks: names and addresses as typed. */
export interface FlowQuestion {
  /** An address, the id of an endpoint, or a pod (`name` or `namespace/name`). */
  readonly from: string;
  /** An address with or without a port, a service (also as a DNS name), or a pod. */
  readonly to: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | undefined;
  readonly direction?: 'in' | 'out' | undefined;
  readonly sourcePort?: number | undefined;
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

class Problem extends Error {
  override readonly name = 'Problem';
}

class NoAddress extends Error {
  override readonly name = 'NoAddress';
  constructor(
    message: string,
    readonly evidence: readonly Evidence[],
  ) {
    super(message);
  }
}

const PROTOCOL = { tcp: 6, udp: 17, icmp: 1 } as const;

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
  const snapshots = theCase.nodes.flatMap((node) => node.snapshots.at(-1) ?? []);
  if (snapshots.length === 0) throw new Problem('the case holds no node');
  const notes: string[] = [];
  const source = sourceOf(question.from, snapshots, theCase, notes);
  const target = targetOf(question, snapshots, theCase, notes);
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
    tcpFlags: target.protocol === 6 ? ['SYN'] : [],
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

interface Source {
  readonly ip: string;
  readonly snapshot: NodeSnapshot | undefined;
  /** Undefined for the host itself and for what is elsewhere. */
  readonly endpoint: HnsEndpoint | undefined;
}

function sourceOf(
  text: string,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
  notes: string[],
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
    const [address] = found.endpoint.ipAddresses;
    if (address === undefined)
      throw new NoAddress(`Endpoint ${found.endpoint.id} has no address.`, found.endpoint.evidence);
    if (found.endpoint.isRemote === true) return ownerOf(address, snapshots, theCase);
    return { ip: address, ...found };
  }
  const host = snapshots.filter((s) => s.node.toLowerCase() === text.toLowerCase());
  if (host[0] !== undefined) {
    const address = host[0].addresses.managementIp?.value;
    if (address === undefined) throw new NoAddress(`The address of node ${text} is not known.`, []);
    notes.push(`${text} is the node itself, ${address}.`);
    return { ip: address, snapshot: host[0], endpoint: undefined };
  }
  const pod = podOf(text, snapshots, theCase);
  if (pod === undefined)
    throw new Problem(
      `"${text}" is no address, endpoint, node or pod of the case${nearby(text, snapshots, theCase)}`,
    );
  const address = addressOf(pod);
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

/** By the whole GUID, or by its beginning of at least 8 digits. */
function endpointsById(
  text: string,
  snapshots: readonly NodeSnapshot[],
): { readonly snapshot: NodeSnapshot; readonly endpoint: HnsEndpoint }[] {
  const id = text.toLowerCase().replace(/[{}]/g, '');
  if (!/^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(id)) return [];
  return snapshots.flatMap((snapshot) =>
    snapshot.endpoints
      .filter((endpoint) => endpoint.id.startsWith(id))
      .map((endpoint) => ({ snapshot, endpoint })),
  );
}

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

const podName = (pod: KubePod): string => `${pod.namespace ?? 'default'}/${pod.name}`;

function podsOf(snapshots: readonly NodeSnapshot[], theCase: Case): KubePod[] {
  return unique([...theCase.cluster.pods, ...snapshots.flatMap((s) => s.cluster.pods)], podName);
}

const SHORTEST_BEGINNING = 3;

/** A pod by its name, or by a beginning of it that only one pod has. */
function podOf(
  text: string,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): KubePod | undefined {
  const pods = podsOf(snapshots, theCase);
  const exact = pods.filter((p) => p.name === text || podName(p) === text);
  const found =
    exact.length > 0 || text.length < SHORTEST_BEGINNING
      ? exact
      : pods.filter((p) => p.name.startsWith(text) || podName(p).startsWith(text));
  if (found.length > 1)
    throw new Problem(
      `"${text}" may be any of ${found.length} pods: ${found
        .slice(0, 6)
        .map((p) => `${podName(p)}${p.ips[0] === undefined ? '' : ` (${p.ips[0]})`}`)
        .join(', ')}`,
    );
  return found[0];
}

function addressOf(pod: KubePod): string {
  const [ip] = pod.ips;
  if (ip !== undefined) return ip;
  const status = pod.status ?? pod.phase;
  throw new NoAddress(
    `Pod ${podName(pod)} has no address${status === undefined ? '' : ` (${status})`}: no packet can begin or end there.`,
    pod.evidence,
  );
}

interface Target {
  readonly ip: string;
  readonly port: number | undefined;
  readonly protocol: number;
}

function targetOf(
  question: FlowQuestion,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
  notes: string[],
): Target {
  const { host, port } = splitPort(question.to);
  const ip = canonicalIp(host);
  if (ip !== undefined) return withProtocol(ip, port, question, snapshots, notes);
  const service = serviceOf(host, snapshots, theCase);
  if (service !== undefined) return serviceTarget(service, port, question, notes);
  const [byId, more] = endpointsById(host, snapshots);
  if (more !== undefined) throw new Problem(`endpoint ${host} is ambiguous`);
  const pod = byId === undefined ? podOf(host, snapshots, theCase) : undefined;
  const node = snapshots.find((s) => s.node.toLowerCase() === host.toLowerCase());
  const address =
    byId?.endpoint.ipAddresses[0] ??
    (pod === undefined ? node?.addresses.managementIp?.value : addressOf(pod));
  if (address === undefined)
    throw new Problem(
      `"${host}" is no address, service, pod, endpoint or node of the case${nearby(host, snapshots, theCase)}`,
    );
  notes.push(`${host} is ${address}.`);
  return withProtocol(address, port, question, snapshots, notes);
}

function splitPort(text: string): { readonly host: string; readonly port: string | undefined } {
  const bracketed = /^\[([^\]]+)\](?::(.+))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] };
  if (canonicalIp(text) !== undefined) return { host: text, port: undefined };
  const colon = text.lastIndexOf(':');
  return colon === -1
    ? { host: text, port: undefined }
    : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function portNumber(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= 65535)) throw new Problem(`"${text}" is no port`);
  return value;
}

function withProtocol(
  ip: string,
  port: string | undefined,
  { protocol }: FlowQuestion,
  snapshots: readonly NodeSnapshot[],
  notes: string[],
): Target {
  if (protocol === 'icmp') return { ip, port: undefined, protocol: PROTOCOL.icmp };
  if (port === undefined) {
    if (protocol !== undefined)
      throw new Problem(
        `${protocol} needs a port: write --to ${ip.includes(':') ? `[${ip}]` : ip}:PORT`,
      );
    notes.push('No port was named, so the packet is an ICMP echo request.');
    return { ip, port: undefined, protocol: PROTOCOL.icmp };
  }
  const number = portNumber(port);
  if (protocol !== undefined) return { ip, port: number, protocol: PROTOCOL[protocol] };
  const known = new Set(
    snapshots.flatMap((s) =>
      s.loadBalancers
        .filter((lb) => lb.vips.includes(ip))
        .flatMap((lb) => lb.ports.filter((p) => p.externalPort === number))
        .flatMap((p) => p.protocol ?? []),
    ),
  );
  const only = known.size === 1 ? [...known][0] : undefined;
  const chosen = only ?? PROTOCOL.tcp;
  notes.push(`No protocol was named; ${chosen === PROTOCOL.udp ? 'UDP' : 'TCP'} is traced.`);
  return { ip, port: number, protocol: chosen };
}

/** `name`, `namespace/name`, or a DNS name below `svc`. */
function serviceOf(
  text: string,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): KubeService | undefined {
  const services = unique(
    [...theCase.cluster.services, ...snapshots.flatMap((s) => s.cluster.services)],
    (s) => `${s.namespace ?? 'default'}/${s.name}`,
  );
  const dns = /^([^.]+)\.([^.]+)(?:\.svc(?:\..+)?)?\.?$/.exec(text);
  const found = services.filter((s) => {
    const full = `${s.namespace ?? 'default'}/${s.name}`;
    return s.name === text || full === text || (dns && full === `${dns[2] ?? ''}/${dns[1] ?? ''}`);
  });
  if (found.length > 1)
    throw new Problem(
      `"${text}" may be any of ${found.map((s) => `${s.namespace ?? 'default'}/${s.name}`).join(', ')}`,
    );
  return found[0];
}

function serviceTarget(
  service: KubeService,
  port: string | undefined,
  { protocol }: FlowQuestion,
  notes: string[],
): Target {
  const name = `${service.namespace ?? 'default'}/${service.name}`;
  const [ip] = service.clusterIps.flatMap((each) => canonicalIp(each) ?? []);
  if (ip === undefined)
    throw new Problem(
      `service ${name} has no cluster address${service.headless ? ' (it is headless)' : ''}: name one of its pods`,
    );
  const wanted = service.ports.filter(
    (p) =>
      (port === undefined || String(p.port) === port || p.name === port) &&
      (protocol === undefined || p.protocol.toLowerCase() === protocol),
  );
  const [only, second] = wanted;
  const listed = (ports: KubeService['ports']): string =>
    ports.map((p) => `${p.port}/${p.protocol}`).join(', ');
  if (only === undefined)
    throw new Problem(`service ${name} has no such port; its ports are ${listed(service.ports)}`);
  if (second !== undefined)
    throw new Problem(
      `service ${name} has several ports that may be meant: ${listed(wanted)}; write --to ${service.name}:PORT --protocol tcp|udp`,
    );
  notes.push(`Service ${name} is ${ip}, port ${only.port}/${only.protocol}.`);
  return { ip, port: only.port, protocol: only.protocol.toUpperCase() === 'UDP' ? 17 : 6 };
}

/** Pods that the name may have meant, for a message. */
function nearby(text: string, snapshots: readonly NodeSnapshot[], theCase: Case): string {
  const part = text.toLowerCase().replace(/^.*\//, '').slice(0, 5);
  const some = podsOf(snapshots, theCase)
    .filter((p) => part.length >= 3 && p.name.toLowerCase().includes(part))
    .slice(0, 3)
    .map((p) => p.name);
  return some.length === 0 ? '' : `; there is ${some.join(', ')}`;
}
