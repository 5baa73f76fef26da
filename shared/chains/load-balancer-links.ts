import { canonicalIp } from '../model/ip';
import type { HnsEndpoint, HnsLoadBalancer } from '../model/hns';
import type { KubeService, KubeServicePort } from '../model/kubernetes';
import { endpointRef, loadBalancerName, loadBalancerRef, vfpRuleRef } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { broken, doubtful, ok, unseen, type Observation } from './chain';
import { lbKey, portKey, type LbRules } from './lb-rules';
import type { PodPort } from './pod-ports';

/** What services and DNS chains see of load balancers: HNS object, its endpoints, its rules in VFP. */

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['TCP', 6],
  ['UDP', 17],
]);

/** IP protocol number of a service port; TCP when nothing is said. */
export const protocolOf = (port: KubeServicePort): number =>
  PROTOCOLS.get(port.protocol.toUpperCase()) ?? 6;

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
  if (all === 0) return broken('none: the load balancer has no backends', evidence, entities);
  if (dead.length > 0)
    return broken(
      `${found.length} of ${all} exist; ${dead[0]?.slice(0, 8) ?? ''} is gone`,
      evidence,
      entities,
    );
  const ips = new Set(found.flatMap((e) => e.ipAddresses));
  const stale = ready === undefined ? [] : [...ips].filter((ip) => !ready.includes(ip));
  const absent = ready === undefined ? [] : ready.filter((ip) => !ips.has(ip));
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

/** On how many pod ports VFP has a rule with the load balancer's backends. */
export function seenRules(
  snapshot: NodeSnapshot,
  rules: LbRules,
  ports: readonly PodPort[],
  wanted: readonly {
    readonly balancer: HnsLoadBalancer;
    readonly ip: string;
    readonly port: number;
    readonly protocol: number;
  }[],
): Observation {
  if (snapshot.vfp.length === 0) return unseen('add vfpOutput.txt');
  if (ports.length === 0) return unseen('no VFP port of a pod is known');
  const checked = wanted.filter(({ balancer }) => balancer.endpointIds.length > 0);
  if (checked.length === 0) return unseen('there is no load balancer with backends');
  const problems: { port: PodPort; text: string; index: number | undefined }[] = [];
  for (const want of checked) {
    const { found, dead } = referenced(snapshot, [want.balancer]);
    const ips = found.flatMap((e) => e.ipAddresses.slice(0, 1));
    const byPort = rules.get(lbKey(want.ip, want.port, want.protocol));
    for (const port of ports) {
      const rule = byPort?.get(portKey(port.dump, port.port));
      const name = loadBalancerName(want.balancer);
      if (rule === undefined) {
        problems.push({ port, text: `no rule for ${name}`, index: undefined });
        continue;
      }
      const dips = rule.dips.map((d) => d.ip);
      const lacking = ips.filter((ip) => !dips.includes(ip));
      const extra = dead.length > 0 ? [] : dips.filter((ip) => !ips.includes(ip));
      if (lacking.length > 0)
        problems.push({ port, text: `lacks ${lacking.join(', ')}`, index: rule.index });
      else if (extra.length > 0)
        problems.push({ port, text: `still has ${extra.join(', ')}`, index: rule.index });
    }
  }
  const bad = new Set(problems.map((p) => p.port));
  const text = `${ports.length - bad.size} of ${ports.length} ports`;
  const [first] = problems;
  if (first === undefined) return ok(text, firstRule(rules, checked));
  const evidence = problems
    .slice(0, 3)
    .map((p) => (p.index === undefined ? p.port.evidence : p.port.dump.rule(p.index).evidence));
  const entities = problems
    .slice(0, 5)
    .map((p) =>
      p.index === undefined
        ? p.port.ref
        : vfpRuleRef(
            p.port.dump.file,
            p.index,
            p.port.dump.body(p.port.dump.bodyIdOf(p.index)).friendlyName,
          ),
    );
  return broken(`${text}: ${first.port.name} ${first.text}`, evidence, entities);
}

function firstRule(
  rules: LbRules,
  wanted: readonly { readonly ip: string; readonly port: number; readonly protocol: number }[],
): Observation['evidence'] {
  const [want] = wanted;
  const rule =
    want && [...(rules.get(lbKey(want.ip, want.port, want.protocol))?.values() ?? [])][0];
  return rule === undefined ? [] : [rule.dump.rule(rule.index).evidence];
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
