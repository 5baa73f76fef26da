import type { CapturedFlow } from '../../model/capture';
import { parseIp, type Ip, type IpRange } from '../../model/ip';
import { NOT_IP, TCP } from '../headers';
import type { Filter } from './parse-filter';

/** Names of what an end of a flow is: pod, service, node; lower case. */
export interface EndNames {
  readonly pods: readonly string[];
  readonly services: readonly string[];
  readonly nodes: readonly string[];
  readonly others: readonly string[];
}

/** Knows what stands behind an address and port. */
export type NamesOf = (address: string, port: number | undefined, protocol: number) => EndNames;

export type FlowTest = (flow: CapturedFlow) => boolean;

/** Makes a filter a test of flows. */
export function flowTest(filter: Filter, namesOf: NamesOf): FlowTest {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const tests = filter.parts.map((part) => flowTest(part, namesOf));
      return (flow) => tests.every((test) => test(flow));
    }
    case 'or': {
      const tests = filter.parts.map((part) => flowTest(part, namesOf));
      return (flow) => tests.some((test) => test(flow));
    }
    case 'not': {
      const test = flowTest(filter.part, namesOf);
      return (flow) => !test(flow);
    }
    case 'flag':
      return FLAGS[filter.word] ?? (() => false);
    case 'address':
      return addressTest(filter.word, filter.range);
    case 'number':
      return numberTest(filter);
    case 'text':
      return textTest(filter, namesOf);
  }
}

const isDns = (flow: CapturedFlow): boolean =>
  flow.dnsQueries > 0 || flow.dnsNames.length > 0 || flow.dnsErrors > 0 || flow.dnsNotFound > 0;

const FLAGS: Readonly<Record<string, FlowTest>> = {
  tcp: (flow) => flow.protocolNumber === 6,
  udp: (flow) => flow.protocolNumber === 17,
  icmp: (flow) => flow.protocolNumber === 1 || flow.protocolNumber === 58,
  arp: (flow) => flow.protocolNumber === NOT_IP + 0x0806,
  dns: isDns,
  ipv6: (flow) => flow.client.address.includes(':'),
  unanswered: (flow) => flow.unansweredOpening || flow.dnsUnanswered > 0,
  retransmitted: (flow) => flow.client.retransmissions + flow.server.retransmissions > 0,
  reset: (flow) => flow.client.resets + flow.server.resets > 0,
  refused: isRefused,
  dropped: (flow) => flow.dropped > 0,
  'dns.error': (flow) => flow.dnsErrors > 0,
  'dns.notfound': (flow) => flow.dnsNotFound > 0,
  'icmp.error': (flow) => flow.icmpErrors > 0,
  fragmented: (flow) => flow.fragments > 0,
  tunnelled: (flow) => flow.tunnel !== undefined,
};

/** The server answered the SYN with RST and never with SYN, ACK. */
export function isRefused(flow: CapturedFlow): boolean {
  return flow.synPackets > 0 && flow.server.resets > 0 && (flow.server.tcpFlags & TCP.syn) === 0;
}

function addressTest(word: string, range: IpRange): FlowTest {
  const known = new Map<string, boolean>();
  const inside = (address: string): boolean => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const found = has(range, parseIp(address));
    known.set(address, found);
    return found;
  };
  switch (word) {
    case 'client':
      return (flow) => inside(flow.client.address);
    case 'server':
      return (flow) => inside(flow.server.address);
    case 'outer':
      return ({ tunnel }) =>
        tunnel !== undefined && (inside(tunnel.outerFrom) || inside(tunnel.outerTo));
    default:
      return (flow) => inside(flow.client.address) || inside(flow.server.address);
  }
}

const has = (range: IpRange, ip: Ip | undefined): boolean =>
  ip !== undefined && ip.family === range.family && ip.value >= range.from && ip.value <= range.to;

function numberTest(filter: Extract<Filter, { kind: 'number' }>): FlowTest {
  const test = (value: number): boolean => {
    switch (filter.comparison) {
      case '=':
        return value >= filter.from && value <= filter.to;
      case '!=':
        return value < filter.from || value > filter.to;
      case '>':
        return value > filter.to;
      case '>=':
        return value >= filter.from;
      case '<':
        return value < filter.from;
      case '<=':
        return value <= filter.to;
    }
  };
  const either = (flow: CapturedFlow): boolean => {
    const ports = [flow.client.port, flow.server.port].filter((port) => port !== undefined);
    // "port != 80" means that no end has it.
    return ports.length > 0 && (filter.comparison === '!=' ? ports.every(test) : ports.some(test));
  };
  switch (filter.word) {
    case 'port':
      return either;
    case 'tcp.port':
      return (flow) => flow.protocolNumber === 6 && either(flow);
    case 'udp.port':
      return (flow) => flow.protocolNumber === 17 && either(flow);
    case 'server.port':
      return (flow) => flow.server.port !== undefined && test(flow.server.port);
    case 'vni':
      return (flow) => flow.tunnel !== undefined && test(flow.tunnel.network);
    case 'vlan':
      return (flow) => flow.vlan !== 0 && test(flow.vlan);
    case 'packets':
      return (flow) => test(flow.client.packets + flow.server.packets);
    case 'bytes':
      return (flow) => test(flow.client.bytes + flow.server.bytes);
    case 'seconds':
      return (flow) => test((flow.lastTime - flow.firstTime) / 1000);
    default:
      return () => false;
  }
}

function textTest(filter: Extract<Filter, { kind: 'text' }>, namesOf: NamesOf): FlowTest {
  const fits = (text: string): boolean =>
    filter.comparison === '~' ? text.includes(filter.value) : text === filter.value;
  const any = (texts: readonly string[]): boolean =>
    filter.comparison === '!=' ? !texts.some((text) => text === filter.value) : texts.some(fits);
  const named =
    (pick: (names: EndNames) => readonly string[]): FlowTest =>
    ({ client, server, protocolNumber }) =>
      any([
        ...pick(namesOf(client.address, client.port, protocolNumber)),
        ...pick(namesOf(server.address, server.port, protocolNumber)),
      ]);
  switch (filter.word) {
    case 'pod':
      return named(({ pods }) => pods);
    case 'service':
      return named(({ services }) => services);
    case 'node':
      return named(({ nodes }) => nodes);
    case 'name':
      return named((names) => [...names.pods, ...names.services, ...names.nodes, ...names.others]);
    case 'dns.name':
      return ({ dnsNames }) => any(dnsNames);
    case 'protocol':
      return ({ protocol }) => any([protocol.toLowerCase()]);
    default:
      return () => false;
  }
}
