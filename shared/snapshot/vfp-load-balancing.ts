import type { EntityRef } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import { canonicalIp, parseIp, parseIpRange } from '../model/ip';
import type { VfpDip, VfpDirection, VfpDump, VfpRuleBody } from '../model/vfp';
import { parseRuleName } from '../model/vfp-rule-name';
import { vfpRuleRef } from './entity-ref';
import type { NodeSnapshot } from './node-snapshot';
import { podPorts, wasListed, type PodPort } from './vfp-ports';

/** An address and port that a load balancer answers on. */
export interface Frontend {
  readonly ip: string;
  readonly port: number;
  readonly protocol: number;
}

/** What VFP holds of a load balancer on one pod port. */
export interface LoadBalancerOnPort {
  readonly port: PodPort;
  /** Rule indexes in the port's dump that answer the load balancer's frontends. Empty: no rule. */
  readonly rules: readonly number[];
  /** Frontends without a rule. */
  readonly absent: readonly Frontend[];
  /** DIPs of HNS that no rule of the port lists. */
  readonly missing: readonly VfpDip[];
  /** DIPs of the rules that HNS does not have. */
  readonly surplus: readonly VfpDip[];
}

/** The join of HNS load balancers with the load-balancing rules of VFP. */
export interface VfpLoadBalancing {
  /** Pod ports whose rules were listed completely. */
  readonly ports: readonly PodPort[];
  /** False where no load-balancing rule was recognised anywhere and rules of unknown types are there. */
  readonly recognised: boolean;
  /** VIP:port pairs; a NodePort answers on the node's address. Empty when they cannot be told. */
  frontends(lb: HnsLoadBalancer): readonly Frontend[];
  /** DIPs as HNS has them; `unresolved` counts endpoints that no file describes. */
  expected(lb: HnsLoadBalancer): { readonly dips: readonly VfpDip[]; readonly unresolved: number };
  /** One entry for each of `ports`. Computed when asked for. */
  onPorts(lb: HnsLoadBalancer): readonly LoadBalancerOnPort[];
  /** Rules for a frontend on any port of any dump: the host's and external ports too. */
  rulesFor(frontend: Frontend): readonly { readonly dump: VfpDump; readonly bodyId: number }[];
  /** How many pod ports hold the load balancer with all its DIPs. Undefined when that cannot be said. */
  coverageOf(
    lb: HnsLoadBalancer,
  ): { readonly complete: number; readonly ports: number } | undefined;
  /** On how many pod ports a rule of the load balancer lists the DIP. */
  dipCoverageOf(
    lb: HnsLoadBalancer,
    ip: string,
  ): { readonly present: number; readonly ports: number } | undefined;
  /** Links to its rules, at most `limit`. */
  rulesOf(lb: HnsLoadBalancer, limit: number): readonly EntityRef[];
  /** The load balancer that a rule comes from. */
  loadBalancerOf(dump: VfpDump, bodyId: number): HnsLoadBalancer | undefined;
}

const made = new WeakMap<NodeSnapshot, VfpLoadBalancing>();

/** The join of a snapshot, made once; undefined without a VFP dump. */
export function vfpLoadBalancing(snapshot: NodeSnapshot): VfpLoadBalancing | undefined {
  if (snapshot.vfp.length === 0) return undefined;
  const known = made.get(snapshot);
  if (known) return known;
  const join = makeJoin(snapshot);
  made.set(snapshot, join);
  return join;
}

const keyOf = (ip: string, port: number, protocol: number): string => `${ip} ${port} ${protocol}`;

/**
 * Frontends that a rule body answers. Conditions and type decide; the name (whose form varies by
 * build) only where the conditions do not say it.
 */
export function frontendsOf(body: VfpRuleBody): readonly Frontend[] {
  if (body.type !== 'lbnat') return [];
  const { destinationIps, destinationPorts, protocols } = body.conditions;
  const ips = destinationIps.flatMap((text) => {
    const range = parseIpRange(text);
    if (!range || range.from !== range.to) return [];
    return canonicalIp(text.split(/[-/]/)[0] ?? '') ?? [];
  });
  const ports = destinationPorts.flatMap((text) => {
    const [from, to = from] = text.split('-').map(Number);
    return from !== undefined && from === to && Number.isInteger(from) ? [from] : [];
  });
  if (ips.length > 0 && ports.length > 0 && protocols.length > 0) {
    return ips.flatMap((ip) =>
      ports.flatMap((port) => protocols.map((protocol) => ({ ip, port, protocol }))),
    );
  }
  if (destinationIps.length > 0 || destinationPorts.length > 0) return [];
  const name = parseRuleName(body.name);
  return name.kind === 'load-balancing'
    ? [{ ip: name.vip, port: name.externalPort, protocol: name.protocol }]
    : [];
}

interface DumpIndex {
  /** Bodies by frontend. */
  readonly bodies: ReadonlyMap<string, readonly number[]>;
  readonly balancing: number;
  readonly unknown: number;
}

function indexDump(dump: VfpDump): DumpIndex {
  const bodies = new Map<string, number[]>();
  let balancing = 0;
  let unknown = 0;
  for (let id = 0; id < dump.bodyCount; id += 1) {
    const body = dump.body(id);
    if (body.type === 'other') unknown += 1;
    if (body.type !== 'lbnat') continue;
    balancing += 1;
    for (const { ip, port, protocol } of frontendsOf(body)) {
      const key = keyOf(ip, port, protocol);
      const list = bodies.get(key);
      if (list) list.push(id);
      else bodies.set(key, [id]);
    }
  }
  return { bodies, balancing, unknown };
}

function makeJoin(snapshot: NodeSnapshot): VfpLoadBalancing {
  const { links, loadBalancers } = snapshot;
  const indexes = new Map(snapshot.vfp.map((dump) => [dump, indexDump(dump)] as const));
  const ports = podPorts(snapshot).filter(({ port }) => wasListed(port));
  const { managementIp, managementIpv6 } = snapshot.addresses;
  const sums = [...indexes.values()];
  const balancing = sums.reduce((sum, index) => sum + index.balancing, 0);
  const unknown = sums.reduce((sum, index) => sum + index.unknown, 0);

  const frontends = (lb: HnsLoadBalancer): readonly Frontend[] => {
    const node = (lb.isIpv6 === true ? managementIpv6 : managementIp)?.value;
    const ips = lb.vips.length > 0 || node === undefined ? lb.vips : [node];
    return ips.flatMap((ip) =>
      lb.ports.flatMap(({ externalPort: port, protocol }) =>
        port === undefined || protocol === undefined ? [] : [{ ip, port, protocol }],
      ),
    );
  };
  const byFrontend = new Map<string, HnsLoadBalancer[]>();
  for (const lb of loadBalancers) {
    for (const { ip, port, protocol } of frontends(lb)) {
      const key = keyOf(ip, port, protocol);
      const sharers = byFrontend.get(key);
      if (sharers) sharers.push(lb);
      else byFrontend.set(key, [lb]);
    }
  }
  const expected = once((lb: HnsLoadBalancer) => {
    const families = new Set(frontends(lb).map(({ ip }) => parseIp(ip)?.family));
    const dips: VfpDip[] = [];
    let unresolved = 0;
    for (const id of lb.endpointIds) {
      const addresses = links.endpointById.get(id)?.ipAddresses ?? [];
      const ip = addresses.find((a) => families.size === 0 || families.has(parseIp(a)?.family));
      if (ip === undefined) unresolved += 1;
      else for (const port of targetPorts(lb)) dips.push({ ip, port });
    }
    return { dips, unresolved };
  });
  /** What all load balancers of a frontend may send to: they share its rules. */
  const sharedByKey = new Map<string, Shared>();
  const shared = ({ ip, port, protocol }: Frontend): Shared => {
    const key = keyOf(ip, port, protocol);
    let sum = sharedByKey.get(key);
    if (!sum) {
      const all = (byFrontend.get(key) ?? []).map(expected);
      sum = {
        dips: new Set(all.flatMap(({ dips }) => dips.map(dipKey))),
        unresolved: all.reduce((count, { unresolved }) => count + unresolved, 0),
      };
      sharedByKey.set(key, sum);
    }
    return sum;
  };
  const onPorts = once((lb: HnsLoadBalancer) =>
    portsOf({ indexes, ports, frontends: frontends(lb), own: expected(lb).dips, shared }),
  );
  /** A VIP must be on every pod port; a NodePort where the build puts it on pod ports at all. */
  const speaks = (lb: HnsLoadBalancer): boolean =>
    ports.length > 0 &&
    frontends(lb).length > 0 &&
    expected(lb).dips.length > 0 &&
    (lb.vips.length > 0 || onPorts(lb).some(({ rules }) => rules.length > 0));

  return {
    ports,
    recognised: balancing > 0 || unknown === 0,
    frontends,
    expected,
    onPorts,
    rulesFor: ({ ip, port, protocol }) =>
      [...indexes].flatMap(([dump, { bodies }]) =>
        (bodies.get(keyOf(ip, port, protocol)) ?? []).map((bodyId) => ({ dump, bodyId })),
      ),
    coverageOf(lb) {
      if (!speaks(lb)) return undefined;
      const complete = onPorts(lb).filter((p) => p.absent.length === 0 && p.missing.length === 0);
      return { complete: complete.length, ports: ports.length };
    },
    dipCoverageOf(lb, ip) {
      if (!speaks(lb)) return undefined;
      const present = onPorts(lb).filter(
        (p) => p.rules.length > 0 && !p.missing.some((dip) => dip.ip === ip),
      );
      return { present: present.length, ports: ports.length };
    },
    rulesOf(lb, limit) {
      const refs: EntityRef[] = [];
      for (const frontend of frontends(lb)) {
        for (const [dump, { bodies }] of indexes) {
          const key = keyOf(frontend.ip, frontend.port, frontend.protocol);
          for (const bodyId of bodies.get(key) ?? []) {
            for (const rule of dump.rulesOfBody(bodyId)) {
              if (refs.length >= limit) return refs;
              refs.push(vfpRuleRef(dump.file, rule, dump.body(bodyId).name));
            }
          }
        }
      }
      return refs;
    },
    loadBalancerOf(dump, bodyId) {
      for (const { ip, port, protocol } of frontendsOf(dump.body(bodyId))) {
        const [lb] = byFrontend.get(keyOf(ip, port, protocol)) ?? [];
        if (lb) return lb;
      }
      return undefined;
    },
  };
}

const targetPorts = (lb: HnsLoadBalancer): number[] => [
  ...new Set(lb.ports.flatMap(({ internalPort }) => internalPort ?? [])),
];

function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    let entry = known.get(key);
    if (!entry) known.set(key, (entry = { value: make(key) }));
    return entry.value;
  };
}

interface Join {
  readonly indexes: ReadonlyMap<VfpDump, DumpIndex>;
  readonly ports: readonly PodPort[];
  readonly frontends: readonly Frontend[];
  readonly own: readonly VfpDip[];
  readonly shared: (frontend: Frontend) => Shared;
}

interface Shared {
  readonly dips: ReadonlySet<string>;
  readonly unresolved: number;
}

function portsOf(join: Join): LoadBalancerOnPort[] {
  const rulesByPort = new Map<string, { frontend: number; rule: number; bodyId: number }[]>();
  join.frontends.forEach(({ ip, port, protocol }, frontend) => {
    for (const [dump, { bodies }] of join.indexes) {
      for (const bodyId of bodies.get(keyOf(ip, port, protocol)) ?? []) {
        for (const rule of dump.rulesOfBody(bodyId)) {
          const place = `${dump.file}#${dump.portOf(rule)}`;
          const list = rulesByPort.get(place);
          if (list) list.push({ frontend, rule, bodyId });
          else rulesByPort.set(place, [{ frontend, rule, bodyId }]);
        }
      }
    }
  });
  const sums = join.frontends.map(join.shared);
  const unresolved = Math.max(0, ...sums.map((sum) => sum.unresolved));
  /** Ports share bodies, so what a set of bodies lacks is worked out once. */
  const compared = new Map<string, Compared>();
  const compare = (dump: VfpDump, ids: readonly number[]): Compared => {
    const key = `${dump.file} ${ids.join()}`;
    let result = compared.get(key);
    if (!result) {
      const listed = distinct(ids.flatMap((id) => dump.body(id).dips));
      const surplus = listed.filter((dip) => !sums.some((sum) => sum.dips.has(dipKey(dip))));
      result = {
        missing: ids.length === 0 ? [] : without(join.own, listed),
        // As many as endpoints are not described: they are those, most likely.
        surplus: surplus.length <= unresolved ? [] : surplus,
      };
      compared.set(key, result);
    }
    return result;
  };
  return join.ports.map((port) => {
    const all = rulesByPort.get(`${port.dump.file}#${port.port.index}`) ?? [];
    // Inbound rules translate what arrives for the pod; they count only where no other is shown.
    const out = all.filter(({ rule }) => directionOf(port.dump, rule) !== 'IN');
    const found = out.length > 0 ? out : all;
    return {
      port,
      rules: found.map(({ rule }) => rule),
      absent: join.frontends.filter((_f, i) => !found.some(({ frontend }) => frontend === i)),
      ...compare(
        port.dump,
        found.map(({ bodyId }) => bodyId),
      ),
    };
  });
}

type Compared = Pick<LoadBalancerOnPort, 'missing' | 'surplus'>;

const directionOf = (dump: VfpDump, rule: number): VfpDirection | undefined =>
  dump.groups[dump.groupOf(rule)]?.direction;

const dipKey = ({ ip, port }: VfpDip): string => `${ip} ${port}`;

function distinct(dips: readonly VfpDip[]): VfpDip[] {
  return [...new Map(dips.map((dip) => [dipKey(dip), dip])).values()];
}

function without(dips: readonly VfpDip[], taken: readonly VfpDip[]): VfpDip[] {
  const keys = new Set(taken.map(dipKey));
  return dips.filter((dip) => !keys.has(dipKey(dip)));
}
