import { pcapngSection, type CapturedPacket } from './capture-file';
import { COLLECTED_AT } from './clock';
import { hyperVMac, NODE_GATEWAY_MAC } from './names';
import type { LocalPod, NodePlan } from './node-plan';
import * as p from './packets';

/*
 * Captures of a synthetic node as pktmon makes them: each packet is seen at the pod's port, at the
 * external port and at the network card, as VFP leaves it there. They begin a minute before the
 * node is collected.
 */

const INTERNET = '203.0.113.80';
const TCP = { fin: 1, syn: 2, push: 8, ack: 16 };
const OPTIONS = [2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2];
/** Components of the node, by their place in `interfaces`. */
const EXTERNAL = 0;
const CARD = 1;
const podPort = (index: number): number => 2 + index;

/** One end-to-end packet as it looks at one component. */
interface Hop {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly macs: readonly [source: string, destination: string];
  /** Outer packet around it. */
  readonly tunnel?: { readonly from: string; readonly to: string; readonly macs: Hop['macs'] };
}

interface Way {
  readonly out: readonly Hop[];
  readonly back: readonly Hop[];
}

export interface CaptureFault {
  /** What the first connection to another node meets; all others are answered. */
  readonly kind: 'no-route' | 'stale-router-mac' | 'no-nat';
  /** The old router MAC of `stale-router-mac`. */
  readonly mac?: string;
  /** Prefix of the pods that are not reached. */
  readonly unreached?: string;
}

/** A capture of the node's pods asking a service, DNS, each other and the internet. */
export function nodeCapture(plan: NodePlan, fault?: CaptureFault): p.Bytes {
  const script = new Script(plan);
  const [pod, second] = plan.pods;
  if (pod === undefined || second === undefined) throw new Error('the node has too few pods');
  const ways = new Ways(plan, fault);
  for (let n = 0; n < 6; n += 1) {
    const asking = plan.pods[n % plan.pods.length] ?? pod;
    script.exchange(n * 4200, ways.toService(asking, 50100 + n), 'GET / HTTP/1.1\r\n\r\n');
    script.lookup(n * 4200 + 40, ways.toDns(asking, 53100 + n), 0x1000 + n);
  }
  script.exchange(9000, ways.toPod(pod, second, 50200), 'GET /healthz HTTP/1.1\r\n\r\n');
  const reached = plan.remotePods.find(({ ip }) => !ip.startsWith(fault?.unreached ?? '?'));
  if (reached !== undefined)
    script.exchange(
      6000,
      ways.toRemote(pod, reached.ip, 80, 50250),
      'GET /direct HTTP/1.1\r\n\r\n',
    );
  if (fault?.kind === 'no-nat') script.unanswered(12_000, ways.toInternet(pod, 50300));
  else script.exchange(12_000, ways.toInternet(pod, 50300), 'GET /index HTTP/1.1\r\n\r\n');
  const unreached = plan.remotePods.find(({ ip }) => ip.startsWith(fault?.unreached ?? '?'));
  if (unreached !== undefined)
    script.unanswered(15_000, ways.toRemote(pod, unreached.ip, 80, 50400));
  return script.file();
}

class Ways {
  constructor(
    private readonly plan: NodePlan,
    private readonly fault: CaptureFault | undefined,
  ) {}

  toService(pod: LocalPod, port: number): Way {
    return this.#toBackend(pod, 'win-webserver', 6, port);
  }

  toDns(pod: LocalPod, port: number): Way {
    return this.#toBackend(pod, 'kube-dns', 17, port);
  }

  /** To a service: the destination is rewritten at the pod's port; on overlay the source, too. */
  #toBackend(pod: LocalPod, service: string, protocol: 6 | 17, port: number): Way {
    const balancer = this.plan.loadBalancers.find(
      (each) =>
        each.service.endsWith(service) && each.protocol === protocol && each.vip !== undefined,
    );
    const remote = (ip: string): boolean => this.plan.pods.every((each) => each.ip !== ip);
    const dips = balancer?.dips.filter(({ ip }) => remote(ip) && !this.#isUnreached(ip)) ?? [];
    const dip = dips[port % Math.max(1, dips.length)];
    if (balancer?.vip === undefined || dip === undefined)
      throw new Error(`no backend of ${service}`);
    const way = this.toRemote(pod, dip.ip, dip.port, port);
    const vip = { address: balancer.vip, port: balancer.externalPort };
    const isPodPort = ({ at }: Hop): boolean => at === this.#portOf(pod);
    const sourceVip = this.plan.sourceVip?.ip;
    const behind = (hop: Hop, side: 'from' | 'to'): Hop =>
      sourceVip === undefined ? hop : { ...hop, [side]: sourceVip, [`${side}Port`]: port - 800 };
    return {
      out: way.out.map((hop) =>
        isPodPort(hop) ? { ...hop, to: vip.address, toPort: vip.port } : behind(hop, 'from'),
      ),
      back: way.back.map((hop) =>
        isPodPort(hop) ? { ...hop, from: vip.address, fromPort: vip.port } : behind(hop, 'to'),
      ),
    };
  }

  toPod(pod: LocalPod, to: LocalPod, port: number): Way {
    const hop = (at: number): Hop => ({
      at,
      from: pod.ip,
      to: to.ip,
      fromPort: port,
      toPort: 80,
      macs: [pod.mac, to.mac],
    });
    const out = [hop(this.#portOf(pod)), hop(this.#portOf(to))];
    return { out, back: out.map(answered).reverse() };
  }

  /** To the internet: the node's address at the external port, unless nothing rewrites it. */
  toInternet(pod: LocalPod, port: number): Way {
    const first = this.#atPod(pod, INTERNET, 443, port);
    const outside: Hop = {
      ...first,
      at: EXTERNAL,
      macs: [this.plan.node.hostMac, NODE_GATEWAY_MAC],
      ...(this.fault?.kind === 'no-nat' ? {} : { from: this.plan.node.ip, fromPort: port - 700 }),
    };
    const out = [first, outside, { ...outside, at: CARD }];
    return { out, back: out.map(answered).reverse() };
  }

  /** To a pod of another node: routed by the host on l2bridge, encapsulated on overlay. */
  toRemote(pod: LocalPod, ip: string, toPort: number, port: number): Way {
    const peer = this.plan.peers.find(({ podCidr }) =>
      ip.startsWith(podCidr.slice(0, podCidr.lastIndexOf('.') + 1)),
    );
    const first = this.#atPod(pod, ip, toPort, port);
    const { node } = this.plan;
    const lost = this.#isUnreached(ip);
    if (this.plan.mode === 'l2bridge') {
      const next = lost || peer === undefined ? NODE_GATEWAY_MAC : peer.hostMac;
      const outside: Hop = { ...first, at: EXTERNAL, macs: [node.hostMac, next] };
      const out = [first, outside, { ...outside, at: CARD }];
      return { out, back: out.map(answered).reverse() };
    }
    const stale = lost ? this.fault?.mac : undefined;
    const inner: Hop = {
      ...first,
      at: EXTERNAL,
      macs: [pod.mac, stale ?? peer?.drMac ?? NODE_GATEWAY_MAC],
      tunnel: {
        from: node.ip,
        to: peer?.ip ?? node.ip,
        macs: [node.hostMac, peer?.hostMac ?? NODE_GATEWAY_MAC],
      },
    };
    const out = [first, inner, { ...inner, at: CARD }];
    return { out, back: out.map(answered).reverse() };
  }

  #atPod(pod: LocalPod, to: string, toPort: number, fromPort: number): Hop {
    const next = this.plan.bridge?.mac ?? overlayGatewayMac;
    return { at: this.#portOf(pod), from: pod.ip, to, fromPort, toPort, macs: [pod.mac, next] };
  }

  #portOf(pod: LocalPod): number {
    return podPort(this.plan.pods.indexOf(pod));
  }

  #isUnreached(ip: string): boolean {
    return this.fault?.unreached !== undefined && ip.startsWith(this.fault.unreached);
  }
}

const overlayGatewayMac = hyperVMac('the gateway of the pods');

const answered = (hop: Hop): Hop => ({
  ...hop,
  from: hop.to,
  to: hop.from,
  fromPort: hop.toPort,
  toPort: hop.fromPort,
  macs: [hop.macs[1], hop.macs[0]],
  ...(hop.tunnel === undefined
    ? {}
    : {
        tunnel: {
          from: hop.tunnel.to,
          to: hop.tunnel.from,
          macs: [hop.tunnel.macs[1], hop.tunnel.macs[0]] as const,
        },
      }),
});

/** Writes packets at each component they pass, 20 microseconds apart. */
class Script {
  readonly #packets: CapturedPacket[] = [];
  #packet = 0;

  constructor(private readonly plan: NodePlan) {}

  /** A TCP connection with one request and its answer. */
  exchange(at: number, way: Way, request: string): void {
    const answer = p.ascii('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const asked = p.ascii(request);
    const [a, b] = [4_000_000 + at, 7_000_000 + at];
    const end = a + 1 + asked.length;
    const answeredTo = b + 1 + answer.length;
    this.#tcp(at, way.out, { flags: TCP.syn, sequence: a, options: OPTIONS });
    this.#tcp(at + 1, way.back, {
      flags: TCP.syn | TCP.ack,
      sequence: b,
      acknowledged: a + 1,
      options: OPTIONS,
    });
    this.#tcp(at + 2, way.out, { flags: TCP.ack, sequence: a + 1, acknowledged: b + 1 });
    this.#tcp(at + 3, way.out, {
      flags: TCP.push | TCP.ack,
      sequence: a + 1,
      acknowledged: b + 1,
      payload: asked,
    });
    this.#tcp(at + 7, way.back, {
      flags: TCP.push | TCP.ack,
      sequence: b + 1,
      acknowledged: end,
      payload: answer,
    });
    this.#tcp(at + 8, way.out, {
      flags: TCP.fin | TCP.ack,
      sequence: end,
      acknowledged: answeredTo,
    });
    this.#tcp(at + 9, way.back, {
      flags: TCP.fin | TCP.ack,
      sequence: answeredTo,
      acknowledged: end + 1,
    });
    this.#tcp(at + 10, way.out, {
      flags: TCP.ack,
      sequence: end + 1,
      acknowledged: answeredTo + 1,
    });
  }

  /** A SYN that is sent again as Windows does it, and never answered. */
  unanswered(at: number, way: Way): void {
    for (const after of [0, 1000, 3000, 7000])
      this.#tcp(at + after, way.out, {
        flags: TCP.syn,
        sequence: 4_000_000 + at,
        options: OPTIONS,
      });
  }

  /** A DNS query and its answer. */
  lookup(at: number, way: Way, id: number): void {
    const name = 'win-webserver.default.svc.cluster.local';
    const vip = this.plan.loadBalancers.find(
      (each) => each.service.endsWith('win-webserver') && each.vip !== undefined,
    )?.vip;
    const ask = p.dns({ id, name });
    const answer = p.dns({ id, name, rcode: 0, ...(vip === undefined ? {} : { answers: [vip] }) });
    this.#pass(at, way.out, 17, (hop) => p.udp(ends(hop), ask));
    this.#pass(at + 2, way.back, 17, (hop) => p.udp(ends(hop), answer));
  }

  file(): p.Bytes {
    const packets = this.#packets.toSorted((a, b) => (a.time < b.time ? -1 : 1));
    return pcapngSection(packets, {
      interfaces: [
        { name: 'External port', description: `vSwitch ${this.plan.networkName}` },
        { name: 'Ethernet', description: 'network card' },
        ...this.plan.pods.map((pod) => ({
          name: `Container NIC ${pod.endpointId.slice(0, 8)}`,
          description: `vSwitch port of ${pod.name}`,
        })),
      ],
    });
  }

  #tcp(at: number, hops: readonly Hop[], about: p.TcpOptions): void {
    this.#pass(at, hops, 6, (hop) => p.tcp(ends(hop), about));
  }

  #pass(
    at: number,
    hops: readonly Hop[],
    protocol: number,
    payload: (hop: Hop) => Uint8Array,
  ): void {
    this.#packet += 1;
    const group = 562_949_953_421_312n + BigInt(this.#packet);
    const id = this.#packet;
    hops.forEach((hop, n) => {
      const ip = p.ip(hop.from, hop.to, protocol, payload(hop), { id });
      const frame = p.ethernet(...hop.macs, 0x0800, ip);
      const time = BigInt(COLLECTED_AT - 60_000 + at) * 1_000_000n + BigInt(n) * 20_000n;
      this.#packets.push({
        bytes: hop.tunnel === undefined ? frame : this.#wrapped(hop.tunnel, frame, id),
        time,
        interface: hop.at,
        group,
        direction: n === 0 ? 'received' : 'sent',
        comment: 'PID=4 TID=0',
      });
    });
  }

  #wrapped(tunnel: NonNullable<Hop['tunnel']>, frame: Uint8Array, id: number): Uint8Array {
    const outer = {
      source: tunnel.from,
      destination: tunnel.to,
      sourcePort: 49152 + (id % 1000),
      destinationPort: 4789,
    };
    const ip = p.ip(tunnel.from, tunnel.to, 17, p.udp(outer, p.vxlan(this.plan.vni, frame)), {
      id,
    });
    return p.ethernet(...tunnel.macs, 0x0800, ip);
  }
}

const ends = ({ from, to, fromPort, toPort }: Hop) => ({
  source: from,
  destination: to,
  sourcePort: fromPort,
  destinationPort: toPort,
});
