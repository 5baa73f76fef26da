import type { EntityRef } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import { withPort } from '../model/ip';
import type { KubeService } from '../model/kubernetes';
import { loadBalancerName, loadBalancerRef, serviceRef } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { causesOf } from './causes';
import {
  broken,
  counted,
  judgedBy,
  link,
  ok,
  unseen,
  type ChainContext,
  type LinkDraft,
  type Observation,
  type SymptomChain,
} from './chain';
import { podFamilies } from '../rules/cni/active-config';
import { dnsServices, dnsVips } from '../rules/dns-service';
import { familyOf } from '../rules/service-load-balancers';
import {
  balanced,
  balancersOf,
  protocolOf,
  readyAddresses,
  seenEndpoints,
  seenRules,
  seenService,
  unsureOfBalancers,
} from './load-balancer-links';

const WHAT = { one: 'service', many: 'services' };
const LB_RULES = [
  'SVC-LB-MISSING',
  'SVC-LB-PORTS',
  'HNS-LB-STATE',
  'HNS-LB-DUP',
  'HNS-LB-DROP',
  'LOG-KP-PORT-EXISTS',
  'CNI-SRCVIP-STALE',
  'SVC-SRCVIP',
  'SYS-KUBEPROXY-COUNT',
  'LOG-KP-HOSTNAME',
];
const ENDPOINT_RULES = ['HNS-ORPHAN-LB-ENDPOINT', 'HNS-LB-NO-REFS', 'SVC-LB-BACKENDS'];
const VFP_RULES = ['SVC-VFP-3WAY', 'SVC-VFP-LB-MISSING'];

/**
 * One chain for each service but cluster DNS, which has its own; without Kubernetes objects one for
 * each virtual address of the load balancers.
 */
export function servicesChains(context: ChainContext): SymptomChain[] {
  const { snapshot } = context;
  const dns = dnsServices(snapshot);
  const causes = causesOf('services', snapshot.mode.mode);
  const services = snapshot.cluster.services.filter(
    (s) => !s.headless && s.type !== 'ExternalName' && s.clusterIps.length > 0 && !dns.includes(s),
  );
  const chains =
    services.length > 0
      ? services.map((s) => serviceChain(context, s))
      : vipGroups(snapshot).map(([vip, balancers]) => vipChain(context, vip, balancers));
  if (chains.length === 0) {
    const seen = unseen(
      snapshot.loadBalancers.length > 0
        ? 'only DNS has load balancers'
        : 'add policy.txt and kubectl get svc -A -o json',
    );
    const links = [
      link(context, balanced([]), {
        id: 'load-balancer',
        title: 'HNS load balancer',
        ruleIds: LB_RULES,
        seen,
      }),
    ];
    return counted(
      [{ id: 'services', symptom: 'services', title: 'Services', links, causes }],
      WHAT,
    );
  }
  return counted(
    chains.map((c) => ({ ...c, causes })),
    WHAT,
  );
}

type Made = Omit<SymptomChain, 'headline' | 'status' | 'causes'>;

function serviceChain(context: ChainContext, service: KubeService): Made {
  const { snapshot } = context;
  const vip = service.clusterIps[0] ?? '';
  const ready = readyAddresses(snapshot, service);
  const families = podFamilies(snapshot);
  const served = service.clusterIps.filter((ip) => families.has(familyOf(ip)));
  const wanted = (served.length === 0 ? [vip] : served).flatMap((ip) =>
    service.ports.map((p) => ({
      port: p.port,
      protocol: protocolOf(p),
      balancers: balancersOf(snapshot, ip, p.port, protocolOf(p)),
    })),
  );
  const balancers = wanted.flatMap((w) => w.balancers);
  const nodePorts = nodePortBalancers(snapshot, service);
  const all = [...balancers, ...nodePorts.flatMap((n) => n.balancers)];
  const subject: EntityRef[] = [serviceRef(service), ...all.map(loadBalancerRef)];
  const drafts: LinkDraft[] = [
    {
      id: 'service',
      title: 'Kubernetes Service',
      ruleIds: ['SVC-NO-READY'],
      seen: seenService(service, ready),
    },
    {
      id: 'load-balancer',
      title: 'HNS load balancer',
      ruleIds: LB_RULES,
      seen: seenBalancers(snapshot, wanted, ready),
    },
    {
      id: 'endpoints',
      title: 'HNS endpoints',
      ruleIds: ENDPOINT_RULES,
      seen: seenEndpoints(snapshot, all, ready),
    },
    {
      id: 'vfp',
      title: 'VFP rule on each port',
      ruleIds: VFP_RULES,
      seen: seenRules(snapshot, balancers),
    },
    ...(nodePorts.length === 0 ? [] : [nodePortDraft(snapshot, nodePorts)]),
  ];
  const shown = service.ports.length === 1 ? withPort(vip, service.ports[0]?.port ?? '') : vip;
  return {
    id: `services:${serviceRef(service).id}`,
    symptom: 'services',
    title: `Services: ${service.name} ${shown}`,
    links: drafts.map((d) => link(context, balanced(subject), d)),
  };
}

interface Wanted {
  readonly port: number;
  readonly protocol: number;
  readonly balancers: readonly HnsLoadBalancer[];
}

function seenBalancers(
  snapshot: NodeSnapshot,
  wanted: readonly Wanted[],
  ready: readonly string[] | undefined,
): Observation {
  if (
    snapshot.evidence.get('hns-load-balancers') === undefined ||
    snapshot.evidence.get('hns-load-balancers')?.state === 'absent'
  )
    return unseen('add policy.txt');
  const missing = wanted.filter((w) => w.balancers.length === 0);
  const found = wanted.flatMap((w) => w.balancers);
  const evidence = found.flatMap((lb) => lb.evidence.slice(0, 1));
  if (missing.length > 0) {
    if (ready?.length === 0) return ok('none needed: nothing is ready', evidence);
    const unsure = unsureOfBalancers(snapshot);
    if (unsure !== undefined) return unseen(unsure);
    const first = missing[0];
    const text = `none for port ${first?.port ?? ''}/${first?.protocol === 17 ? 'UDP' : 'TCP'}`;
    const count = `${wanted.length - missing.length} of ${wanted.length} ports; ${text}`;
    return judgedBy(
      'SVC-LB-MISSING',
      broken(wanted.length === 1 ? text : count, evidence, found.map(loadBalancerRef)),
    );
  }
  const [first] = found;
  const dips = first?.endpointIds.length ?? 0;
  const text =
    found.length === 1
      ? `${first?.id.slice(0, 8) ?? ''}, ${dips} ${dips === 1 ? 'DIP' : 'DIPs'}`
      : `${found.length} load balancers`;
  return ok(text, evidence, found.map(loadBalancerRef));
}

interface NodePortWanted extends Wanted {
  readonly nodePort: number;
}

function nodePortBalancers(snapshot: NodeSnapshot, service: KubeService): NodePortWanted[] {
  return service.ports.flatMap((p) => {
    if (p.nodePort === undefined) return [];
    const { nodePort } = p;
    const protocol = protocolOf(p);
    const own = snapshot.addresses.managementIp?.value;
    const balancers = snapshot.loadBalancers.filter(
      (lb) =>
        (lb.vips.length === 0 || (own !== undefined && lb.vips.includes(own))) &&
        lb.ports.some(
          (m) =>
            m.externalPort === nodePort && (m.protocol === undefined || m.protocol === protocol),
        ),
    );
    return [{ nodePort, port: nodePort, protocol, balancers }];
  });
}

function nodePortDraft(snapshot: NodeSnapshot, wanted: readonly NodePortWanted[]): LinkDraft {
  const node = snapshot.addresses.managementIp?.value;
  const missing = wanted.find((w) => w.balancers.length === 0);
  const unsure = missing === undefined ? undefined : unsureOfBalancers(snapshot);
  const seen =
    unsure !== undefined
      ? unseen(unsure)
      : missing !== undefined
        ? judgedBy(
            'SVC-NODEPORT-NOLB',
            broken(
              `no load balancer for ${missing.nodePort}`,
              snapshot.loadBalancers.slice(0, 1).flatMap((lb) => lb.evidence.slice(0, 1)),
            ),
          )
        : node === undefined
          ? unseen('the address of the node is not known')
          : seenRules(
              snapshot,
              wanted.flatMap((w) => w.balancers),
            );
  return {
    id: 'node-port',
    title: `NodePort ${wanted.map((w) => w.nodePort).join(', ')}`,
    ruleIds: ['SVC-NODEPORT-NOLB', 'SVC-VFP-NODEPORT'],
    seen,
  };
}

/** Load balancers by virtual address; those without one stand for node ports. */
function vipGroups(snapshot: NodeSnapshot): [string, HnsLoadBalancer[]][] {
  const groups = new Map<string, HnsLoadBalancer[]>();
  const dns = new Set(dnsVips(snapshot).map((v) => v.ip));
  for (const lb of snapshot.loadBalancers) {
    const key = lb.vips[0] ?? loadBalancerName(lb);
    if (dns.has(key)) continue;
    groups.set(key, [...(groups.get(key) ?? []), lb]);
  }
  return [...groups];
}

function vipChain(context: ChainContext, vip: string, balancers: readonly HnsLoadBalancer[]): Made {
  const { snapshot } = context;
  const dips = balancers[0]?.endpointIds.length ?? 0;
  const known =
    balancers.length === 1
      ? `${balancers[0]?.id.slice(0, 8) ?? ''}, ${dips} ${dips === 1 ? 'DIP' : 'DIPs'}`
      : `${balancers.length} load balancers`;
  const drafts: LinkDraft[] = [
    {
      id: 'service',
      title: 'Kubernetes Service',
      ruleIds: [],
      seen: unseen('add kubectl get svc,endpointslices -A -o json'),
    },
    {
      id: 'load-balancer',
      title: 'HNS load balancer',
      ruleIds: LB_RULES,
      seen: ok(
        known,
        balancers.flatMap((lb) => lb.evidence.slice(0, 1)),
        balancers.map(loadBalancerRef),
      ),
    },
    {
      id: 'endpoints',
      title: 'HNS endpoints',
      ruleIds: ENDPOINT_RULES,
      seen: seenEndpoints(snapshot, balancers, undefined),
    },
    {
      id: 'vfp',
      title: 'VFP rule on each port',
      ruleIds: VFP_RULES,
      seen: seenRules(snapshot, balancers),
    },
  ];
  return {
    id: `services:${vip}`,
    symptom: 'services',
    title: `Services: ${vip}`,
    links: drafts.map((d) => link(context, balanced(balancers.map(loadBalancerRef)), d)),
  };
}
