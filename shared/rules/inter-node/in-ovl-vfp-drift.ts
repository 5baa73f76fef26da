import type { Evidence } from '../../model/evidence';
import type { HnsPolicy } from '../../model/hns';
import { macText } from '../../model/ids';
import { cidrText, parseCidr, parseIpRange, rangeCidr } from '../../model/ip';
import type { VfpRuleBody } from '../../model/vfp';
import { parseRuleName } from '../../model/vfp-rule-name';
import { endpointRef, networkRef, vfpPortRef, vfpRuleRef } from '../../snapshot/entity-ref';
import { podPortName, podPorts, wasListed, type PodPort } from '../../snapshot/vfp-ports';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { podPortsText, recreatePods, RESTART_HNS, SEED, someOf } from '../vfp/remedies';
import { podNetworkOf } from './peers';

type RemoteSubnetRoute = Extract<HnsPolicy, { readonly kind: 'remote-subnet-route' }>;

/** Prefixes that an encapsulation rule serves: by its conditions, else by its name. */
function prefixesOf(body: VfpRuleBody): string[] {
  if (body.type !== 'routeencap') return [];
  const found = body.conditions.destinationIps.flatMap((text) => {
    const range = parseIpRange(text);
    const cidr = range && rangeCidr(range);
    return cidr ? [cidrText(cidr)] : [];
  });
  if (found.length > 0) return found;
  const name = parseRuleName(body.name);
  return name.kind === 'remote-subnet-route' ? [name.prefix] : [];
}

/** What the rule says otherwise than the policy, in words; empty when they agree. */
function differences(policy: RemoteSubnetRoute, body: VfpRuleBody): string[] {
  const [to] = body.encapDestinations;
  if (!to) return [];
  const { providerAddress, drMac, isolationId } = policy;
  return [
    ...(providerAddress !== undefined && providerAddress !== to.ip
      ? [`sends to ${to.ip} instead of ${providerAddress}`]
      : []),
    ...(drMac !== undefined && to.mac !== undefined && drMac !== to.mac
      ? [`uses the MAC ${macText(to.mac)} instead of ${macText(drMac)}`]
      : []),
    ...(isolationId !== undefined && to.greKey !== undefined && isolationId !== to.greKey
      ? [`uses VNI ${to.greKey} instead of ${isolationId}`]
      : []),
  ];
}

interface OnPort {
  readonly place: PodPort;
  readonly byPrefix: ReadonlyMap<string, readonly number[]>;
  readonly unknown: number;
}

function encapsulation(place: PodPort): OnPort {
  const { dump, port } = place;
  const byPrefix = new Map<string, number[]>();
  let unknown = 0;
  for (const index of dump.rulesOfPort(port.index)) {
    const body = dump.body(dump.bodyIdOf(index));
    if (body.type === 'other') unknown += 1;
    for (const prefix of prefixesOf(body)) {
      const rules = byPrefix.get(prefix);
      if (rules) rules.push(index);
      else byPrefix.set(prefix, [index]);
    }
  }
  return { place, byPrefix, unknown };
}

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-VFP-DRIFT',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'Every RemoteSubnetRoute of HNS is in VFP as HNS has it',
    description:
      'Each RemoteSubnetRoute policy of the overlay network must be a rule on the port of every pod, with the same provider address, router MAC and VNI.',
    impact: 'HNS looks sound while packets to that node are dropped or go to the wrong machine.',
    needs: ['networks', 'vfp'],
    compares: ['networks', 'vfp'],
    modes: ['overlay'],
    falsePositives:
      'Only pod ports are held against the policies: without pods the host port may carry none. Several policies for one prefix are accepted if one of them agrees.',
    references: [SEED, 'https://github.com/projectcalico/calico/issues/8569'],
    explains: ['CT-POD-POD-REMOTE', 'FLOW-POD-POD-OVL'],
  },
  check({ snapshot }) {
    const network = podNetworkOf(snapshot);
    const policies = (network?.policies ?? []).filter(
      (policy): policy is RemoteSubnetRoute => policy.kind === 'remote-subnet-route',
    );
    if (!network || policies.length === 0) {
      return doesNotApply('The pod network has no RemoteSubnetRoute policy');
    }
    const all = podPorts(snapshot);
    if (all.length === 0) return doesNotApply('The dump holds no port of a pod of this node');
    const ports = all.filter(({ port }) => wasListed(port)).map(encapsulation);
    const judged = ports.filter(({ byPrefix, unknown }) => byPrefix.size > 0 || unknown === 0);
    if (judged.length === 0) {
      return notChecked(
        'No pod port was listed completely, with encapsulation rules of a known type',
        'vfp',
      );
    }
    const byPrefix = new Map<string, RemoteSubnetRoute[]>();
    for (const policy of policies) {
      const cidr = parseCidr(policy.destinationPrefix);
      const prefix = cidr ? cidrText(cidr) : policy.destinationPrefix;
      byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), policy]);
    }
    const findings = [...byPrefix].flatMap(([prefix, routes]): FindingDraft[] => {
      const absent = judged.filter((port) => !port.byPrefix.has(prefix)).map(({ place }) => place);
      const wrong = judged.flatMap((port) => wrongOn(port, prefix, routes));
      const [policy] = routes;
      const evidence: Evidence[] = policy?.evidence.slice(0, 1) ?? [];
      return [
        ...(absent.length === 0
          ? []
          : [
              {
                title:
                  absent.length === judged.length
                    ? `No pod of this node reaches ${prefix}: VFP has no route to it`
                    : `${someOf(absent.map(podPortName), 2)} cannot reach ${prefix}`,
                summary: `HNS has a RemoteSubnetRoute for ${prefix} via ${policy?.providerAddress ?? '?'}; VFP has no encapsulation rule for it on ${absent.length} of ${podPortsText(judged.length)}.`,
                cause: 'HNS did not program the policy on these ports.',
                remedy: [recreatePods(snapshot, absent), RESTART_HNS],
                entities: [
                  networkRef(network),
                  ...absent
                    .slice(0, 3)
                    .flatMap(({ dump, port, endpoint }) => [
                      vfpPortRef(dump.file, port.index, port.name),
                      ...(endpoint ? [endpointRef(endpoint)] : []),
                    ]),
                ],
                evidence: [...absent.slice(0, 2).map(({ port }) => port.evidence), ...evidence],
              },
            ]),
        ...(wrong.length === 0
          ? []
          : [
              {
                title: `Packets for ${prefix} are not sent as HNS says`,
                summary: `On ${wrong.length} of ${podPortsText(judged.length)} the rule for ${prefix} ${wrong[0]?.says ?? ''}.`,
                cause: 'The policy was renewed in HNS, and VFP kept the rule of the old one.',
                remedy: [
                  recreatePods(
                    snapshot,
                    wrong.map((w) => w.place),
                  ),
                  RESTART_HNS,
                ],
                entities: [
                  networkRef(network),
                  ...wrong.slice(0, 3).map((w) => vfpRuleRef(w.place.dump.file, w.index, w.name)),
                ],
                evidence: [
                  ...wrong.slice(0, 2).map((w) => w.place.dump.rule(w.index).evidence),
                  ...evidence,
                ],
              },
            ]),
      ];
    });
    return firedOrPassed(
      findings,
      `All ${byPrefix.size} remote subnets have their rule on all ${podPortsText(judged.length)}`,
    );
  },
};

function wrongOn(
  { place, byPrefix }: OnPort,
  prefix: string,
  routes: readonly RemoteSubnetRoute[],
): { place: PodPort; index: number; says: string; name: string }[] {
  const { dump } = place;
  const rules = byPrefix.get(prefix) ?? [];
  const says = rules.map((index) => {
    const body = dump.body(dump.bodyIdOf(index));
    const each = routes.map((policy) => differences(policy, body));
    return {
      index,
      name: body.name,
      text: each.some((d) => d.length === 0) ? '' : (each[0] ?? []).join(' and '),
    };
  });
  // One rule that agrees is enough: an old one beside it is another rule's matter.
  if (says.some(({ text }) => text === '')) return [];
  return says.slice(0, 1).map(({ index, name, text }) => ({ place, index, name, says: text }));
}
