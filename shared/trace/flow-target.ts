import { canonicalIp } from '../model/ip';
import type { KubeService } from '../model/kubernetes';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import type { FlowQuestion } from './flow';
import {
  addressOf,
  endpointsById,
  nearby,
  podOf,
  preferred,
  Problem,
  unique,
} from './named-objects';
import { ownAddress } from './node-view';

const PROTOCOL = { tcp: 6, udp: 17, icmp: 1 } as const;

/** Where a packet goes, read. `protocol` is the number of IP. */
export interface Target {
  readonly ip: string;
  readonly port: number | undefined;
  readonly protocol: number;
}

/** Reads where a packet goes. @throws Problem, NoAddress */
export function targetOf(
  question: FlowQuestion,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
  notes: string[],
  family?: 4 | 6,
): Target {
  const { host, port } = splitPort(question.to);
  const ip = canonicalIp(host);
  if (ip !== undefined) return withProtocol(ip, port, question, snapshots, notes);
  const service = serviceOf(host, snapshots, theCase);
  if (service !== undefined) return serviceTarget(service, port, question, notes, family);
  const [byId, more] = endpointsById(host, snapshots);
  if (more !== undefined) throw new Problem(`endpoint ${host} is ambiguous`);
  const pod = byId === undefined ? podOf(host, snapshots, theCase) : undefined;
  const node = snapshots.find((s) => s.node.toLowerCase() === host.toLowerCase());
  const address =
    (byId && preferred(byId.endpoint.ipAddresses, family)) ??
    (pod === undefined ? node && ownAddress(node, family) : addressOf(pod, family));
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
  family: 4 | 6 | undefined,
): Target {
  const name = `${service.namespace ?? 'default'}/${service.name}`;
  const ip = preferred(
    service.clusterIps.flatMap((each) => canonicalIp(each) ?? []),
    family,
  );
  if (ip === undefined)
    throw new Problem(
      `service ${name} has no cluster address${service.headless ? ' (it is headless)' : ''}: name one of its pods`,
    );
  if (protocol === 'icmp') {
    notes.push(`Service ${name} is ${ip}.`);
    return { ip, port: undefined, protocol: PROTOCOL.icmp };
  }
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
