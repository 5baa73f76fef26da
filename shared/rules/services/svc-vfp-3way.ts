import type { Evidence } from '../../model/evidence';
import type { HnsLoadBalancer } from '../../model/hns';
import type { KubeEndpoints, KubeService, KubeServicePort } from '../../model/kubernetes';
import { canonicalIp, withPort } from '../../model/ip';
import type { VfpDip } from '../../model/vfp';
import {
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  protocolName,
  serviceRef,
  vfpRuleRef,
} from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { vfpLoadBalancing, type LoadBalancerOnPort } from '../../snapshot/vfp-load-balancing';
import { podPortName } from '../../snapshot/vfp-ports';
import { fieldEvidence, lineWith } from '../evidence-lines';
import { doesNotApply, fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { podPortsText, recreatePods, RESTART_HNS, SEED, someOf } from '../vfp/remedies';

const text = ({ ip, port }: VfpDip): string => withPort(ip, port);

interface FromApi {
  readonly ips: ReadonlySet<string>;
  readonly service: KubeService;
  readonly evidence: readonly Evidence[];
}

/** The service port that a load balancer was made for. */
function portOf(
  service: KubeService,
  lb: HnsLoadBalancer,
  viaNodePort: boolean,
): KubeServicePort | undefined {
  const [mapping] = lb.ports;
  return service.ports.find(
    (p) =>
      p.protocol.toUpperCase() === protocolName(mapping?.protocol) &&
      (viaNodePort ? p.nodePort : p.port) === mapping?.externalPort,
  );
}

/**
 * Ready addresses that the API has for the service port of a load balancer. Undefined where they
 * were not collected, or a traffic policy makes this node's set differ from the cluster's.
 */
function fromApi(snapshot: NodeSnapshot, lb: HnsLoadBalancer): FromApi | undefined {
  const link = snapshot.links.serviceOf.get(lb);
  if (!link) return undefined;
  const { service, viaNodePort } = link;
  const local = viaNodePort ? service.externalTrafficPolicy : service.internalTrafficPolicy;
  const port = portOf(service, lb, viaNodePort);
  if (local === 'Local' || !port) return undefined;
  const slices = snapshot.cluster.endpoints.filter(
    (e) => e.service === service.name && (e.namespace ?? service.namespace) === service.namespace,
  );
  const serving = slices.filter((slice) => serves(slice, port));
  if (serving.length === 0) return undefined;
  const addresses = serving.flatMap((slice) => slice.addresses.filter((a) => a.ready));
  const family = (ip: string): boolean => ip.includes(':');
  const v6 = lb.vips[0] === undefined ? lb.isIpv6 === true : family(lb.vips[0]);
  const ips = addresses.flatMap(({ ip }) => (family(ip) === v6 ? (canonicalIp(ip) ?? []) : []));
  return { ips: new Set(ips), service, evidence: serving.flatMap((s) => s.evidence.slice(0, 1)) };
}

function serves(slice: KubeEndpoints, port: KubeServicePort): boolean {
  return slice.ports.some(
    (p) =>
      p.protocol.toUpperCase() === port.protocol.toUpperCase() &&
      (p.name ?? '') === (port.name ?? ''),
  );
}

export const rule: Rule = {
  meta: {
    id: 'SVC-VFP-3WAY',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'API, HNS and VFP have the same backends for every service',
    description:
      'The ready addresses of the EndpointSlices, the endpoints of the HNS load balancer and the DIPs of the VFP rules on each pod port must be the same set. Where they differ, the hop that lost something is named.',
    impact: 'Connections go to backends that are gone, or never use some that are there.',
    needs: ['loadBalancers', 'endpoints', ['vfp', 'kubeEndpoints']],
    compares: ['kubeServices', 'kubeEndpoints', 'loadBalancers', 'vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'A rollout while the files were collected. Endpoint slices change at any time, so a difference between API and HNS is a warning. Several rules of one port for one frontend (hairpin) count together.',
    references: [SEED, 'https://github.com/kubernetes/kubernetes/issues/131466'],
    explains: ['SVC-LB-BACKENDS', 'CT-HOST-SVC-VIP', 'FLOW-POD-SVC', 'FLOW-NO-STATE'],
  },
  check({ snapshot }) {
    const join = vfpLoadBalancing(snapshot);
    const judged = snapshot.loadBalancers.filter((lb) => lb.endpointIds.length > 0);
    if (judged.length === 0) return doesNotApply('HNS has no load balancer with backends');
    const findings: FindingDraft[] = [];
    let inVfp = 0;
    let inApi = 0;
    for (const lb of judged) {
      const expected = join?.expected(lb) ?? resolved(snapshot, lb);
      if (join?.coverageOf(lb) !== undefined) {
        inVfp += 1;
        const ports = join.onPorts(lb).filter((p) => p.missing.length > 0 || p.surplus.length > 0);
        if (ports.length > 0) findings.push(hnsToVfp(snapshot, lb, ports, join.ports.length));
      }
      const api = fromApi(snapshot, lb);
      if (!api || expected.unresolved > 0) continue;
      inApi += 1;
      const hns = new Set(expected.dips.map((dip) => dip.ip));
      const lost = [...api.ips].filter((ip) => !hns.has(ip));
      const stale = [...hns].filter((ip) => !api.ips.has(ip));
      if (lost.length > 0 || stale.length > 0) findings.push(apiToHns(lb, api, lost, stale));
    }
    if (findings.length > 0) return fired(...findings);
    const hnsVfp = `HNS and VFP agree for ${inVfp} of ${judged.length} load balancers`;
    const apiHns = `API and HNS agree for ${inApi} of ${judged.length}`;
    if (inVfp === 0 && inApi === 0) {
      return notChecked(
        'Neither the VFP rules nor the endpoint slices could be compared',
        'vfp',
        'kubeEndpoints',
      );
    }
    if (inVfp === 0) return notChecked(`${apiHns}; the VFP rules could not be compared`, 'vfp');
    if (inApi === 0)
      return notChecked(
        `${hnsVfp}; the API's side could not be compared`,
        'kubeEndpoints',
        'kubeServices',
      );
    return passed(`${hnsVfp} on ${podPortsText(join?.ports.length ?? 0)}; ${apiHns}`);
  },
};

/** DIPs of HNS where no VFP dump makes the join. */
function resolved(
  snapshot: NodeSnapshot,
  lb: HnsLoadBalancer,
): { dips: VfpDip[]; unresolved: number } {
  const v6 = lb.vips[0] === undefined ? lb.isIpv6 === true : lb.vips[0].includes(':');
  const ips = lb.endpointIds.map((id) =>
    snapshot.links.endpointById.get(id)?.ipAddresses.find((ip) => ip.includes(':') === v6),
  );
  const port = lb.ports[0]?.internalPort ?? 0;
  return {
    dips: ips.flatMap((ip) => (ip === undefined ? [] : [{ ip, port }])),
    unresolved: ips.filter((ip) => ip === undefined).length,
  };
}

function hnsToVfp(
  snapshot: NodeSnapshot,
  lb: HnsLoadBalancer,
  ports: readonly LoadBalancerOnPort[],
  all: number,
): FindingDraft {
  const missing = [...new Set(ports.flatMap((p) => p.missing.map(text)))];
  const surplus = [...new Set(ports.flatMap((p) => p.surplus.map(text)))];
  const names = ports.map((p) => podPortName(p.port));
  const says = [
    ...(missing.length > 0 ? [`lack ${someOf(missing)}`] : []),
    ...(surplus.length > 0 ? [`have ${someOf(surplus)}, which HNS does not`] : []),
  ].join(' and ');
  const rules = ports
    .slice(0, 3)
    .flatMap(({ port: { dump }, rules: found }) =>
      found.slice(0, 1).map((index) => ({ dump, index })),
    );
  return {
    compares: ['loadBalancers', 'endpoints', 'vfp'],
    title:
      missing.length > 0
        ? `${someOf(names, 2)} ${names.length === 1 ? 'does' : 'do'} not reach all backends of ${loadBalancerName(lb)}`
        : `${someOf(names, 2)} still ${names.length === 1 ? 'sends' : 'send'} to old backends of ${loadBalancerName(lb)}`,
    summary: `The hop from HNS to VFP is broken: the rules for ${loadBalancerName(lb)} on ${ports.length} of ${podPortsText(all)} (${someOf(names)}) ${says}.`,
    cause:
      'HNS changed the load balancer and did not carry the change to the rules of these ports.',
    remedy: [
      recreatePods(
        snapshot,
        ports.map((p) => p.port),
      ),
      RESTART_HNS,
    ],
    entities: [
      loadBalancerRef(lb),
      ...ports
        .slice(0, 5)
        .flatMap(({ port: { endpoint } }) => (endpoint ? [endpointRef(endpoint)] : [])),
      ...rules.map(({ dump, index }) =>
        vfpRuleRef(dump.file, index, dump.body(dump.bodyIdOf(index)).name),
      ),
    ],
    evidence: [
      ...rules.map(({ dump, index }) => dipLines(snapshot, dump.rule(index).evidence)),
      ...fieldEvidence(lb, 'endpoints'),
    ],
  };
}

/** The lines of a rule that list its DIPs; the whole rule when they cannot be told. */
function dipLines(snapshot: NodeSnapshot, rule: Evidence): Evidence {
  const [first] = lineWith(snapshot, [rule], 'Count of DIP Ranges');
  if (!first || first.line === rule.line) return rule;
  const [flags] = lineWith(snapshot, [{ ...rule, line: first.line }], 'FlagsEx');
  const end = flags && flags.line > first.line ? flags.line - 1 : rule.endLine;
  return { file: rule.file, line: first.line, endLine: end };
}

function apiToHns(
  lb: HnsLoadBalancer,
  api: FromApi,
  lost: readonly string[],
  stale: readonly string[],
): FindingDraft {
  const says = [
    ...(lost.length > 0 ? [`lacks ${someOf(lost)}`] : []),
    ...(stale.length > 0 ? [`has ${someOf(stale)}, which the API does not call ready`] : []),
  ].join(' and ');
  return {
    severity: 'warning',
    compares: ['kubeServices', 'kubeEndpoints', 'loadBalancers'],
    title: `kube-proxy has not brought ${loadBalancerName(lb)} up to date`,
    summary: `The hop from the API to HNS is broken: the load balancer ${loadBalancerName(lb)} of service ${api.service.name} ${says}.`,
    cause:
      'kube-proxy did not apply the last change of the endpoints on this node, or HNS refused it.',
    remedy: [
      {
        text: 'Read the errors of kube-proxy for this service, then restart it.',
        command: 'Restart-Service kubeproxy',
        disturbs: 'Load balancers are made anew within seconds; open connections may break.',
        verify: {
          kind: 'observation',
          text: 'Collect again: the addresses of the load balancer are those of the endpoint slices.',
        },
      },
    ],
    entities: [loadBalancerRef(lb), serviceRef(api.service)],
    evidence: [...fieldEvidence(lb, 'endpoints'), ...api.evidence],
  };
}
