import { macText } from '../model/ids';
import { inCidr, nthAddress, parseCidr } from '../model/ip';
import type { EntityRef } from '../model/finding';
import type { HnsEndpoint } from '../model/hns';
import type { KubePod } from '../model/kubernetes';
import type { Adapter } from '../model/tcpip';
import {
  adapterRef,
  compartmentRef,
  endpointRef,
  podRef,
  routeRef,
  vfpRuleRef,
} from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { wasListed } from '../snapshot/vfp-ports';
import { causesOf } from './causes';
import {
  broken,
  counted,
  judgedBy,
  doubtful,
  link,
  ok,
  unseen,
  type ChainContext,
  type LinkDraft,
  type Observation,
  type Subject,
  type SymptomChain,
} from './chain';
import { isWholeListing } from '../rules/evidence-lines';
import { podEndpoints, podNameOf } from '../rules/pod-endpoints';

const about = (refs: readonly EntityRef[]): Subject => ({ kinds: ['endpoint', 'pod'], refs });

const WHAT = { one: 'pod', many: 'pods' };
const NIC_RULES = [
  'OUT-NIC',
  'OUT-IP-CONSISTENT',
  'HNS-EP-STATE',
  'HNS-EP-NO-VNIC',
  'HNS-EP-DUP-IP',
  'VFP-PORT-MISSING',
  'VFP-PORT-BLOCKED',
  'EV-SANDBOX-FAILED',
  'EV-CONTAINERCREATING',
];
const NAT_RULES = [
  'CNI-EXC-ZERO',
  'CNI-EXC-SCHEMA',
  'CNI-NAT-MISSING',
  'CNI-EXC-BADCIDR',
  'OUT-NAT-EP',
  'OUT-EXC-3WAY',
];
const BRIDGES: readonly string[] = [
  'flannel-host-gw',
  'win-bridge',
  'sdnbridge',
  'calico-bgp',
  'unknown',
];

/** One chain for each pod of this node: from its NIC to the address under which it leaves. */
export function outboundChains(context: ChainContext): SymptomChain[] {
  const { snapshot } = context;
  const causes = causesOf('outbound', snapshot.mode.mode);
  const endpoints = podEndpoints(snapshot);
  const waiting = podsWithoutEndpoint(snapshot, endpoints);
  if (endpoints.length === 0 && waiting.length === 0) {
    const nothing =
      snapshot.evidence.get('hns-endpoints')?.state === 'present'
        ? 'no pod on this node has an endpoint'
        : 'add endpoint.txt';
    const drafts: LinkDraft[] = [
      { id: 'nic', title: 'NIC in container', ruleIds: NIC_RULES, seen: unseen(nothing) },
      { id: 'nat', title: 'OutBoundNAT', ruleIds: NAT_RULES, seen: unseen(nothing) },
    ];
    return counted(
      [
        {
          id: 'outbound',
          symptom: 'outbound',
          title: 'Outbound: pods to the internet',
          links: drafts.map((d) => link(context, about([]), d)),
          causes,
        },
      ],
      WHAT,
    );
  }
  const chains = endpoints.map((endpoint) => {
    const pod = snapshot.links.podOf.get(endpoint);
    const subject: EntityRef[] = [
      endpointRef(endpoint),
      ...(pod === undefined ? [] : [podRef(pod)]),
    ];
    return {
      id: `outbound:${endpoint.id}`,
      symptom: 'outbound' as const,
      title: `Outbound: ${podNameOf(snapshot, endpoint)}`,
      links: endpointDrafts(snapshot, endpoint).map((d) => link(context, about(subject), d)),
      causes,
    };
  });
  const stuck = waiting.map((pod) => ({
    id: `outbound:${podRef(pod).id}`,
    symptom: 'outbound' as const,
    title: `Outbound: ${pod.name}`,
    links: waitingDrafts(pod).map((d) => link(context, about([podRef(pod)]), d)),
    causes,
  }));
  return counted([...stuck, ...chains], WHAT);
}

/** Pods that Kubernetes put on this node and that should have an endpoint by now. */
function podsWithoutEndpoint(snapshot: NodeSnapshot, endpoints: readonly HnsEndpoint[]): KubePod[] {
  if (!isWholeListing(snapshot, 'hns-endpoints')) return [];
  // hnsdiag shows endpoints without addresses: any of them may be the pod's.
  if (snapshot.endpoints.some((e) => e.isRemote !== true && e.ipAddresses.length === 0)) return [];
  const seen = new Set(endpoints.flatMap((e) => snapshot.links.podOf.get(e) ?? []));
  return snapshot.cluster.pods.filter(
    (p) =>
      p.node?.toLowerCase() === snapshot.node.toLowerCase() &&
      p.hostNetwork !== true &&
      p.hostProcess !== true &&
      (p.phase === 'Running' || p.phase === 'Pending') &&
      !seen.has(p),
  );
}

function waitingDrafts(pod: KubePod): LinkDraft[] {
  const text = `no endpoint; the pod is ${pod.status ?? pod.phase ?? 'not known'}`;
  const seen =
    pod.phase === 'Running'
      ? broken(text, pod.evidence.slice(0, 1), [podRef(pod)])
      : doubtful(text, pod.evidence.slice(0, 1), [podRef(pod)]);
  return [
    { id: 'nic', title: 'NIC in container', ruleIds: NIC_RULES, seen },
    { id: 'nat', title: 'OutBoundNAT', ruleIds: NAT_RULES, seen: unseen('there is no endpoint') },
  ];
}

function endpointDrafts(snapshot: NodeSnapshot, endpoint: HnsEndpoint): LinkDraft[] {
  const at = snapshot.links.adapterOf.get(endpoint);
  const adapter = at?.compartment.adapters[at.adapterIndex];
  const bridge = snapshot.mode.mode === 'l2bridge' && BRIDGES.includes(snapshot.mode.cni);
  return [
    {
      id: 'nic',
      title: 'NIC in container',
      ruleIds: NIC_RULES,
      seen: nic(snapshot, endpoint, adapter),
    },
    {
      id: 'gateway',
      title: 'Gateway',
      ruleIds: ['OUT-GW-L2B', 'OUT-GW-OVL', 'HNS-EP-GATEWAY', 'HNS-EP-BRIDGE', 'HNS-EP-FORWARDING'],
      seen: gateway(snapshot, endpoint, adapter),
    },
    ...(bridge
      ? [
          {
            id: 'default-route',
            title: '0.0.0.0/0 routes',
            ruleIds: ['OUT-QUADZERO'],
            seen: defaultRoutes(snapshot),
          },
        ]
      : []),
    { id: 'nat', title: 'OutBoundNAT', ruleIds: NAT_RULES, seen: nat(snapshot, endpoint) },
    {
      id: 'nat-vfp',
      title: 'NAT rules in VFP',
      ruleIds: ['OUT-NAT-VFP', 'OUT-NATPOOL', 'OUT-VIP-ADDR'],
      seen: natInVfp(snapshot, endpoint),
    },
    ...(bridge
      ? [
          {
            id: 'l2-rewrite',
            title: 'L2 rewrite',
            ruleIds: ['IN-L2REWRITE'],
            seen: rewrite(snapshot, endpoint),
          },
        ]
      : []),
  ];
}

function nic(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  adapter: Adapter | undefined,
): Observation {
  const refs = [endpointRef(endpoint)];
  if (snapshot.compartments.length === 0) return unseen('add ipconfig /allcompartments /all');
  if (adapter === undefined) {
    const [ip] = endpoint.ipAddresses;
    if (ip === undefined) return unseen('the address of the endpoint is not known');
    if (!snapshot.compartments.some((c) => c.id > 1)) return unseen('ip.txt shows the host only');
    const text = `no NIC with ${ip} in any compartment`;
    return judgedBy('OUT-NIC', broken(text, endpoint.evidence.slice(0, 1), refs));
  }
  const ip = adapter.ipv4[0]?.address ?? adapter.ipv6[0]?.address;
  const where = `compartment ${adapter.compartment}, ${ip ?? 'no address'}`;
  const entities = [adapterRef(adapter), ...refs];
  if (ip === undefined && adapter.cut === true) return unseen('ip.txt is cut inside of its NIC');
  if (ip === undefined || ip.startsWith('169.254.') || adapter.mediaDisconnected)
    return broken(where, adapter.evidence.slice(0, 1), entities);
  const compartment = snapshot.compartments.find((c) => c.id === adapter.compartment);
  return ok(where, adapter.evidence.slice(0, 1), [
    ...entities,
    ...(compartment === undefined ? [] : [compartmentRef(compartment)]),
  ]);
}

/** Offset of a pod's gateway in its subnet: the bridge at .2 on host-gw, the router at .1 on overlay. */
function expectedGateway(snapshot: NodeSnapshot): string | undefined {
  const { mode, cni } = snapshot.mode;
  const cidr = parseCidr(snapshot.addresses.podCidr?.value ?? '');
  if (cidr === undefined) return undefined;
  if (mode === 'overlay' && cni !== 'calico-vxlan') return nthAddress(cidr, 1);
  if (mode === 'l2bridge' && (cni === 'flannel-host-gw' || cni === 'win-bridge'))
    return nthAddress(cidr, 2);
  return undefined;
}

function gateway(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  adapter: Adapter | undefined,
): Observation {
  const used = adapter?.gateways[0] ?? endpoint.gateways[0];
  const source = adapter?.gateways[0] === undefined ? endpoint.evidence : adapter.evidence;
  if (used === undefined)
    return adapter === undefined || adapter.cut === true
      ? unseen('no NIC is known')
      : broken('none', source.slice(0, 1));
  const expected = expectedGateway(snapshot);
  if (expected !== undefined && used !== expected)
    return judgedBy(
      snapshot.mode.mode === 'overlay' ? 'OUT-GW-OVL' : 'OUT-GW-L2B',
      broken(`${used}, where ${expected} belongs`, source.slice(0, 1), [endpointRef(endpoint)]),
    );
  const owner = (snapshot.links.endpointsByIp.get(used) ?? []).find((e) => e.isRemote !== true);
  return ok(
    owner?.name === undefined ? used : `${used} (${owner.name})`,
    source.slice(0, 1),
    owner === undefined ? [] : [endpointRef(owner)],
  );
}

function defaultRoutes(snapshot: NodeSnapshot): Observation {
  if (snapshot.routes.length === 0) return unseen('add Get-NetRoute');
  const pods = snapshot.addresses.podCidr?.value;
  const quad = snapshot.routes.filter(
    (r) => r.destination === '0.0.0.0/0' && r.nextHop !== 'on-link',
  );
  const node = quad.find((r) => pods === undefined || inCidr(r.nextHop, pods) !== true);
  if (node === undefined)
    return judgedBy(
      'OUT-QUADZERO',
      broken('the host has no way out of its own', quad.flatMap((r) => r.evidence).slice(0, 2)),
    );
  const first = pods === undefined ? undefined : parseCidr(pods);
  const router = first && nthAddress(first, 1);
  const bridge = quad.find((r) => r.nextHop === router);
  return ok(
    `${bridge === undefined ? '' : `bridge ${bridge.nextHop}, `}host ${node.nextHop}`,
    node.evidence,
    [routeRef(node)],
  );
}

function nat(snapshot: NodeSnapshot, endpoint: HnsEndpoint): Observation {
  const refs = [endpointRef(endpoint)];
  if (!endpoint.policiesKnown) return unseen('add Get-HnsEndpoint | ConvertTo-Json -Depth 20');
  const policy = endpoint.policies.find((p) => p.kind === 'outbound-nat');
  if (policy?.kind !== 'outbound-nat') {
    const wanted = snapshot.cniConfigs.some((c) =>
      c.plugins.some((p) => p.policies.some((q) => q.policy.kind === 'outbound-nat')),
    );
    return wanted
      ? judgedBy(
          'OUT-NAT-EP',
          broken('none, the CNI configuration has one', endpoint.evidence.slice(0, 1), refs),
        )
      : ok('none, as in the CNI configuration', endpoint.evidence.slice(0, 1));
  }
  const all = policy.exceptions.find((e) => parseCidr(e)?.length === 0);
  if (all !== undefined) return broken(`${all} exempts every destination`, policy.evidence, refs);
  if (!policy.exceptionsKnown) return ok('present, exceptions not shown', policy.evidence);
  const n = policy.exceptions.length;
  return ok(`${n} ${n === 1 ? 'exception' : 'exceptions'}`, policy.evidence, refs);
}

function natInVfp(snapshot: NodeSnapshot, endpoint: HnsEndpoint): Observation {
  const at = snapshot.links.vfpPortOf.get(endpoint);
  if (at === undefined)
    return unseen(snapshot.vfp.length === 0 ? 'add vfpOutput.txt' : 'no VFP port is known for it');
  const { dump } = at;
  const nats = dump.rulesOfPort(at.port).filter((index) => {
    const body = dump.body(dump.bodyIdOf(index));
    const name = `${body.name} ${body.friendlyName}`;
    return /OUTBOUNDNAT/i.test(name) && !/EXCEPTIONS/i.test(name) && body.type !== 'allow';
  });
  const expected = endpoint.policies.some((p) => p.kind === 'outbound-nat');
  const port = dump.ports[at.port];
  if (nats.length === 0) {
    if (port === undefined || !wasListed(port)) return unseen('its VFP rules are not listed whole');
    return expected
      ? judgedBy(
          'OUT-NAT-VFP',
          broken(
            'HNS has the policy, VFP has no NAT rule',
            [port.evidence],
            [endpointRef(endpoint)],
          ),
        )
      : ok('none, as in HNS', [port.evidence]);
  }
  const [first] = nats;
  return ok(
    `${nats.length} ${nats.length === 1 ? 'rule' : 'rules'}, ${port?.natRanges.length ?? 0} pools`,
    first === undefined ? [] : [dump.rule(first).evidence],
    nats.map((index) => vfpRuleRef(dump.file, index, dump.body(dump.bodyIdOf(index)).friendlyName)),
  );
}

function rewrite(snapshot: NodeSnapshot, endpoint: HnsEndpoint): Observation {
  const host = snapshot.addresses.hostMac?.value;
  let layers = 0;
  for (const dump of snapshot.vfp) {
    for (const group of dump.groups) {
      if (!/EXTERNAL_L2_REWRITE/i.test(group.name)) continue;
      const port = dump.ports[group.port];
      if (port !== undefined && wasListed(port)) layers += 1;
      for (const index of dump.rulesOfGroup(group.index)) {
        const body = dump.body(dump.bodyIdOf(index));
        if (endpoint.mac === undefined || !body.conditions.sourceMacs.includes(endpoint.mac))
          continue;
        const to = body.setSourceMac;
        const evidence = [dump.rule(index).evidence];
        if (to !== undefined && host !== undefined && to !== host)
          return broken(`to ${macText(to)}, the host has ${macText(host)}`, evidence);
        return ok(to === undefined ? 'a rule for its MAC' : `to ${macText(to)}`, evidence, [
          vfpRuleRef(dump.file, index, body.name),
        ]);
      }
    }
  }
  if (endpoint.mac === undefined) return unseen('its MAC is not known');
  if (layers === 0) return unseen('the rules of the external port are not listed whole');
  const text = `no rule for ${macText(endpoint.mac)}`;
  return judgedBy(
    'IN-L2REWRITE',
    broken(text, endpoint.evidence.slice(0, 1), [endpointRef(endpoint)]),
  );
}
