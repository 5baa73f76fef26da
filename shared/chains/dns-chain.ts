import type { DnsLookup } from '../model/system';
import type { EntityRef } from '../model/finding';
import { adapterRef, loadBalancerRef, serviceRef } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { causesOf } from './causes';
import {
  broken,
  chainStatus,
  doubtful,
  link,
  ok,
  unseen,
  type ChainContext,
  type LinkDraft,
  type Observation,
  type SymptomChain,
} from './chain';
import { dnsServices, dnsVips } from '../rules/dns-service';
import { podEndpoints, podNameOf } from '../rules/pod-endpoints';
import {
  balanced,
  balancersOf,
  readyAddresses,
  seenEndpoints,
  seenRules,
  unsureOfBalancers,
} from './load-balancer-links';

/** The chain of name resolution: load balancers of port 53 to an answer. */
export function dnsChains(context: ChainContext): SymptomChain[] {
  const { snapshot } = context;
  const vip = dnsVips(snapshot)[0]?.ip;
  const [service] = dnsServices(snapshot);
  const ready = service === undefined ? undefined : readyAddresses(snapshot, service);
  const udp = vip === undefined ? [] : balancersOf(snapshot, vip, 53, 17);
  const tcp = vip === undefined ? [] : balancersOf(snapshot, vip, 53, 6);
  const balancers = [...new Set([...udp, ...tcp])];
  const subject: EntityRef[] = [
    ...(service === undefined ? [] : [serviceRef(service)]),
    ...balancers.map(loadBalancerRef),
  ];
  const drafts: LinkDraft[] = [
    {
      id: 'load-balancer',
      title: 'Load balancer 53',
      ruleIds: ['DNS-LB-MISSING', 'DNS-LB-HEALTH'],
      seen: seenLoadBalancers(
        snapshot,
        vip,
        udp.length,
        tcp.length,
        balancers.flatMap((b) => b.evidence.slice(0, 1)),
        balancers.map(loadBalancerRef),
      ),
    },
    {
      id: 'backends',
      title: 'Backends',
      ruleIds: ['DNS-LB-BACKENDS'],
      seen: backends(snapshot, balancers, ready),
    },
    {
      id: 'vfp',
      title: 'VFP rule on each port',
      ruleIds: ['SVC-VFP-3WAY', 'SVC-VFP-LB-MISSING'],
      seen: seenRules(snapshot, balancers),
    },
    {
      id: 'nic',
      title: 'DNS in the NIC',
      ruleIds: [
        'DNS-NIC-SERVER',
        'DNS-NIC-ORDER',
        'DNS-NIC-SUFFIX',
        'DNS-SUFFIX-3WAY',
        'CNI-DNS-SERVER',
        'CNI-DNS-SUFFIX',
        'HNS-EP-DNS',
      ],
      seen: nics(snapshot, vip),
    },
    {
      id: 'direct',
      title: 'Direct answer',
      ruleIds: ['DNS-BOTH-BAD'],
      seen: answer(snapshot.dnsLookups.filter((l) => isDirect(l, vip))),
    },
    {
      id: 'through-vip',
      title: 'Answer through the service',
      ruleIds: ['DNS-DIRECT-OK-VIP-BAD', 'DNS-EXTERNAL-ONLY'],
      seen: answer(snapshot.dnsLookups.filter((l) => !isDirect(l, vip))),
    },
  ];
  const links = drafts.map((d) => link(context, balanced(subject), d));
  return [
    {
      id: 'dns',
      symptom: 'dns',
      title: 'DNS: names from inside pods',
      headline: vip ?? 'the address of cluster DNS is not known',
      status: chainStatus(links),
      links,
      causes: causesOf('dns', snapshot.mode.mode),
    },
  ];
}

/** A lookup that asks a server other than the service's address. */
const isDirect = (lookup: DnsLookup, vip: string | undefined): boolean =>
  lookup.server !== undefined && lookup.server !== vip;

function seenLoadBalancers(
  snapshot: NodeSnapshot,
  vip: string | undefined,
  udp: number,
  tcp: number,
  evidence: Observation['evidence'],
  entities: Observation['entities'],
): Observation {
  if (vip === undefined) return unseen('add kubectl get svc -A -o json');
  if (udp > 0 && tcp > 0) return ok('UDP and TCP', evidence, entities);
  const unsure = unsureOfBalancers(snapshot);
  if (unsure !== undefined) return unseen(unsure);
  if (udp === 0 && tcp === 0)
    return broken(
      `none for ${vip}`,
      snapshot.loadBalancers.flatMap((lb) => lb.evidence.slice(0, 1)).slice(0, 1),
    );
  return broken(
    udp === 0 ? 'TCP only, none for UDP' : 'UDP only, none for TCP',
    evidence,
    entities,
  );
}

function backends(
  snapshot: NodeSnapshot,
  balancers: Parameters<typeof seenEndpoints>[1],
  ready: readonly string[] | undefined,
): Observation {
  const seen = seenEndpoints(snapshot, balancers, ready);
  if (seen.status !== 'ok') return seen;
  const ips =
    balancers[0]?.endpointIds.flatMap(
      (id) => snapshot.links.endpointById.get(id)?.ipAddresses[0] ?? [],
    ) ?? [];
  return { ...seen, detail: ips.join(', ') };
}

function nics(snapshot: NodeSnapshot, vip: string | undefined): Observation {
  if (snapshot.compartments.length === 0) return unseen('add ipconfig /allcompartments /all');
  if (vip === undefined) return unseen('the address of cluster DNS is not known');
  const adapters = podEndpoints(snapshot).flatMap((endpoint) => {
    const at = snapshot.links.adapterOf.get(endpoint);
    const adapter = at?.compartment.adapters[at.adapterIndex];
    const policy = snapshot.links.podOf.get(endpoint)?.dnsPolicy;
    return adapter === undefined ||
      adapter.cut === true ||
      policy === 'Default' ||
      policy === 'None'
      ? []
      : [{ adapter, name: podNameOf(snapshot, endpoint) }];
  });
  if (adapters.length === 0) return unseen('no NIC of a pod is known');
  const wrong = adapters.filter(({ adapter }) => !adapter.dnsServers.includes(vip));
  const [first] = wrong;
  const text = `${adapters.length - wrong.length} of ${adapters.length} NICs`;
  if (first === undefined)
    return ok(`${text} ask ${vip}`, adapters[0]?.adapter.evidence.slice(0, 1));
  return broken(
    `${text}; ${first.name} asks ${first.adapter.dnsServers.join(', ') || 'nobody'}`,
    wrong.slice(0, 3).flatMap(({ adapter }) => adapter.evidence.slice(0, 1)),
    wrong.slice(0, 3).map(({ adapter }) => adapterRef(adapter)),
  );
}

function answer(lookups: readonly DnsLookup[]): Observation {
  if (lookups.length === 0) return unseen('paste resolve-dnsname output');
  const failed = lookups.filter((l) => !l.ok);
  const [first] = failed;
  const evidence = (first ?? lookups[0])?.evidence;
  if (first === undefined)
    return ok(`${lookups[0]?.name ?? ''} is ${lookups[0]?.answers.join(', ') ?? ''}`, evidence);
  const text = `${first.name} from ${first.server ?? 'the default server'}: ${first.message ?? 'no answer'}`;
  return failed.length === lookups.length ? broken(text, evidence) : doubtful(text, evidence);
}
