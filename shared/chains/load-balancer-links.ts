import type { EntityRef } from '../model/finding';
import { canonicalIp } from '../model/ip';
import type { HnsEndpoint, HnsLoadBalancer } from '../model/hns';
import type { KubeService, KubeServicePort } from '../model/kubernetes';
import { isWholeListing } from '../rules/evidence-lines';
import { familyOf } from '../rules/service-load-balancers';
import {
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  vfpPortRef,
  vfpRuleRef,
} from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { vfpLoadBalancing, type LoadBalancerOnPort } from '../snapshot/vfp-load-balancing';
import { podPortName } from '../snapshot/vfp-ports';
import { broken, doubtful, ok, unseen, type Observation, type Subject } from './chain';

/** What services and DNS chains see of load balancers: HNS object, its endpoints, its rules in VFP. */

/** Chains about services: findings that name other services or load balancers are not theirs. */
export const balanced = (refs: readonly EntityRef[]): Subject => ({
  kinds: ['service', 'load-balancer'],
  refs,
});

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['TCP', 6],
  ['UDP', 17],
]);

/** IP protocol number of a service port; TCP when nothing is said. */
export const protocolOf = (port: KubeServicePort): number =>
  PROTOCOLS.get(port.protocol.toUpperCase()) ?? 6;

/** Why the absence of a load balancer proves nothing: a cut list, or one that shows no ports. */
export function unsureOfBalancers(snapshot: NodeSnapshot): string | undefined {
  const state = snapshot.evidence.get('hns-load-balancers')?.state;
  if (state === undefined || state === 'absent' || state === 'empty') return 'add policy.txt';
  if (state === 'partial') return 'the list of load balancers is cut or contradicts another';
  const portless = snapshot.loadBalancers.some((lb) => lb.ports.length === 0);
  return portless ? 'the list shows no ports; add policy.txt' : undefined;
}

/** Load balancers of a VIP, port and protocol. */
export function balancersOf(
  snapshot: NodeSnapshot,
  vip: string,
  port: number,
  protocol: number,
): HnsLoadBalancer[] {
  return snapshot.loadBalancers.filter(
    (lb) =>
      lb.vips.includes(vip) &&
      lb.ports.some(
        (p) => p.externalPort === port && (p.protocol === undefined || p.protocol === protocol),
      ),
  );
}

/** Ready addresses of a service, or undefined when no endpoint objects tell. */
export function readyAddresses(snapshot: NodeSnapshot, service: KubeService): string[] | undefined {
  const own = snapshot.cluster.endpoints.filter(
    (e) => e.service === service.name && (e.namespace ?? service.namespace) === service.namespace,
  );
  if (own.length === 0) return undefined;
  return [
    ...new Set(
      own.flatMap((e) => e.addresses.filter((a) => a.ready).map((a) => canonicalIp(a.ip) ?? a.ip)),
    ),
  ];
}

/** Endpoints that load balancers refer to: those that exist, and the ids of those that do not. */
export function referenced(
  snapshot: NodeSnapshot,
  balancers: readonly HnsLoadBalancer[],
): { readonly found: readonly HnsEndpoint[]; readonly dead: readonly string[] } {
  const ids = [...new Set(balancers.flatMap((lb) => lb.endpointIds))];
  const found = ids.flatMap((id) => snapshot.links.endpointById.get(id) ?? []);
  return { found, dead: ids.filter((id) => !snapshot.links.endpointById.has(id)) };
}

/** Do the load balancers' endpoints exist, and are they the ready ones of the cluster? */
export function seenEndpoints(
  snapshot: NodeSnapshot,
  balancers: readonly HnsLoadBalancer[],
  ready: readonly string[] | undefined,
): Observation {
  if (balancers.length === 0) return unseen('there is no load balancer');
  if (snapshot.endpoints.length === 0) return unseen('add endpoint.txt');
  const { found, dead } = referenced(snapshot, balancers);
  const evidence = balancers.flatMap((lb) => lb.evidence.slice(0, 1));
  const entities = balancers.map(loadBalancerRef);
  const all = found.length + dead.length;
  if (all === 0 && !isWholeListing(snapshot, 'hns-load-balancers'))
    return unseen('the list of load balancers is cut');
  if (all === 0) return broken('none: the load balancer has no backends', evidence, entities);
  if (dead.length > 0 && !isWholeListing(snapshot, 'hns-endpoints')) {
    return unseen('the list of endpoints is cut or contradicts another');
  }
  if (dead.length > 0)
    return broken(
      `${found.length} of ${all} exist; ${dead[0]?.slice(0, 8) ?? ''} is gone`,
      evidence,
      entities,
    );
  if (found.some((e) => e.ipAddresses.length === 0))
    return unseen('the addresses of its endpoints are not shown; add endpoint.txt');
  // A dual-stack endpoint has addresses of both families; a VIP sends to those of its own.
  const families = new Set(
    balancers.map((lb) => familyOf(lb.vips[0] ?? (lb.isIpv6 === true ? '::' : ''))),
  );
  const ofFamily = (ip: string): boolean => families.has(familyOf(ip));
  const ips = new Set(found.flatMap((e) => e.ipAddresses.filter(ofFamily)));
  const stale = ready === undefined ? [] : [...ips].filter((ip) => !ready.includes(ip));
  const absent = ready === undefined ? [] : ready.filter((ip) => ofFamily(ip) && !ips.has(ip));
  if (stale.length > 0)
    return broken(
      `${stale.join(', ')} ${stale.length === 1 ? 'is' : 'are'} no longer ready in the cluster`,
      evidence,
      entities,
    );
  if (absent.length > 0)
    return broken(
      `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} missing`,
      evidence,
      entities,
    );
  const local = found.filter((e) => e.isRemote !== true).length;
  return ok(`${all} of ${all} exist, ${local} local`, evidence, found.slice(0, 8).map(endpointRef));
}

/** On how many pod ports VFP answers for the load balancers with all their backends and no others. */
export function seenRules(
  snapshot: NodeSnapshot,
  balancers: readonly HnsLoadBalancer[],
): Observation {
  const join = vfpLoadBalancing(snapshot);
  if (join === undefined) return unseen('add vfpOutput.txt');
  if (join.ports.length === 0) return unseen('no VFP port of a pod was listed whole');
  if (!join.recognised) return unseen('no load-balancing rule was recognised');
  const checked = balancers.filter(
    (lb) => join.frontends(lb).length > 0 && join.expected(lb).dips.length > 0,
  );
  if (checked.length === 0) return unseen('there is no load balancer with backends');
  const places = checked.flatMap((lb) => join.onPorts(lb).map((at) => ({ lb, at })));
  const problems = places.flatMap(({ lb, at }) => {
    const text = problemOf(lb, at);
    return text === undefined ? [] : [{ at, text }];
  });
  const bad = new Set(problems.map(({ at }) => at.port));
  const count = `${join.ports.length - bad.size} of ${join.ports.length} ports`;
  const [first] = problems;
  if (first === undefined) {
    const at = places[0]?.at;
    const rule = at?.rules[0];
    return ok(
      count,
      at === undefined || rule === undefined ? [] : [at.port.dump.rule(rule).evidence],
    );
  }
  const pod = first.at.port.endpoint && snapshot.links.podOf.get(first.at.port.endpoint)?.name;
  return broken(
    `${count}: ${pod ?? podPortName(first.at.port)} ${first.text}`,
    problems.slice(0, 3).map(({ at }) => {
      const [rule] = at.rules;
      return rule === undefined ? at.port.port.evidence : at.port.dump.rule(rule).evidence;
    }),
    problems.slice(0, 5).map(({ at: { port, rules } }) => {
      const [rule] = rules;
      const { dump } = port;
      if (rule === undefined) return vfpPortRef(dump.file, port.port.index, port.port.name);
      return vfpRuleRef(dump.file, rule, dump.body(dump.bodyIdOf(rule)).friendlyName);
    }),
  );
}

function problemOf(lb: HnsLoadBalancer, at: LoadBalancerOnPort): string | undefined {
  const list = (dips: LoadBalancerOnPort['missing']): string => dips.map((d) => d.ip).join(', ');
  if (at.rules.length === 0 || at.absent.length > 0)
    return `has no rule for ${loadBalancerName(lb)}`;
  if (at.missing.length > 0) return `lacks ${list(at.missing)}`;
  return at.surplus.length > 0 ? `still has ${list(at.surplus)}` : undefined;
}

/** Kubernetes' own view of a service. */
export function seenService(
  service: KubeService,
  ready: readonly string[] | undefined,
): Observation {
  const vip = service.clusterIps[0] ?? 'no address';
  if (ready === undefined)
    return ok(`${vip}; ready backends not known`, service.evidence.slice(0, 1));
  const text = `${vip}, ${ready.length} ready`;
  return ready.length === 0
    ? doubtful(text, service.evidence.slice(0, 1))
    : ok(text, service.evidence.slice(0, 1));
}
