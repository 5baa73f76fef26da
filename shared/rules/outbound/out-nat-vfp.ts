import type { HnsPolicy } from '../../model/hns';
import type { VfpDump, VfpRuleBody } from '../../model/vfp';
import { parseRuleName } from '../../model/vfp-rule-name';
import { endpointRef, podRef, vfpPortRef } from '../../snapshot/entity-ref';
import { podPortName, podPorts, wasListed, type PodPort } from '../../snapshot/vfp-ports';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { podPortsText, recreatePods } from '../vfp/remedies';

type OutboundNat = Extract<HnsPolicy, { readonly kind: 'outbound-nat' }>;

/** The policy that gives pods the address of the node; loopback DSR uses the same type for another purpose. */
function natPolicy(policies: readonly HnsPolicy[]): OutboundNat | undefined {
  return policies.find(
    (policy): policy is OutboundNat =>
      policy.kind === 'outbound-nat' &&
      !(policy.destinations.length > 0 && policy.exceptions.length === 0),
  );
}

function isOutboundNat(body: VfpRuleBody): boolean {
  if (body.type === 'dynnat' || body.natPool !== undefined) return true;
  return parseRuleName(body.name).kind === 'outbound-nat';
}

interface Programmed {
  readonly rules: number;
  readonly unknown: number;
  readonly pools: number;
  readonly poolsListed: boolean;
}

/** What each body of a dump is: ports share bodies, so each is looked at once. */
function kinds(dump: VfpDump): Uint8Array {
  const out = new Uint8Array(dump.bodyCount);
  for (let id = 0; id < out.length; id += 1) {
    const body = dump.body(id);
    out[id] = isOutboundNat(body) ? NAT : body.type === 'other' ? UNKNOWN : 0;
  }
  return out;
}

const NAT = 1;
const UNKNOWN = 2;

function programmed({ dump, port }: PodPort, kindOf: Uint8Array): Programmed {
  let rules = 0;
  let unknown = 0;
  for (const index of dump.rulesOfPort(port.index)) {
    const kind = kindOf[dump.bodyIdOf(index)];
    if (kind === NAT) rules += 1;
    else if (kind === UNKNOWN) unknown += 1;
  }
  return {
    rules,
    unknown,
    pools: port.natRanges.length,
    poolsListed: port.verbs.some(({ verb, ok }) => ok && verb === 'list-nat-range'),
  };
}

export const rule: Rule = {
  meta: {
    id: 'OUT-NAT-VFP',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'The OutBoundNAT policy of every pod is in VFP',
    description:
      'A pod endpoint with an OutBoundNAT policy must have NAT rules, and a NAT pool where others have one, on its VFP port. HNS can hold the policy without having programmed it.',
    impact:
      'Packets of the pod leave with the address of the pod and never get an answer from outside.',
    needs: ['endpoints', 'vfp'],
    compares: ['endpoints', 'vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Names of layers and rules differ by build, so any dynamic NAT rule of the port counts. Ports with rules of unknown types are left out.',
    references: ['https://github.com/projectcalico/calico/issues/12862'],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'OUT-NATPOOL'],
  },
  check({ snapshot }) {
    const wanted = podPorts(snapshot).flatMap((place) => {
      const policy = place.endpoint && natPolicy(place.endpoint.policies);
      return policy ? [{ place, policy }] : [];
    });
    if (wanted.length === 0) {
      if (snapshot.endpoints.some((e) => e.isRemote !== true && !e.policiesKnown)) {
        return notChecked(
          'The policies of the endpoints were not collected (endpoint.txt)',
          'endpoints',
        );
      }
      return doesNotApply('No pod endpoint with a port in the dump has an OutBoundNAT policy');
    }
    const listed = wanted.filter(({ place }) => wasListed(place.port));
    if (listed.length === 0)
      return notChecked('No pod port was listed completely in the dump', 'vfp');
    const kindsOf = new Map(snapshot.vfp.map((dump) => [dump, kinds(dump)] as const));
    const seen = listed.map((entry) => ({
      ...entry,
      vfp: programmed(entry.place, kindsOf.get(entry.place.dump) ?? kinds(entry.place.dump)),
    }));
    const poolsInUse = seen.some(({ vfp }) => vfp.pools > 0);
    const judged = seen.filter(({ vfp }) => vfp.rules > 0 || vfp.unknown === 0);
    if (judged.length === 0) {
      return notChecked(
        'The dump has no NAT rule of a known type, and rules of unknown types',
        'vfp',
      );
    }
    const findings = judged.flatMap(({ place, policy, vfp }): FindingDraft[] => {
      const noPool = poolsInUse && vfp.poolsListed && vfp.pools === 0;
      if (vfp.rules > 0 && !noPool) return [];
      const { endpoint, dump, port } = place;
      const pod = endpoint && snapshot.links.podOf.get(endpoint);
      const name = pod?.name ?? podPortName(place);
      const lacks = [
        ...(vfp.rules === 0 ? ['no NAT rule'] : []),
        ...(noPool ? ['no NAT pool'] : []),
      ];
      const sound = judged.filter((other) => other.vfp.rules > 0).length;
      return [
        {
          title: `${name} has no way out: its NAT is not in VFP`,
          summary: `HNS holds an OutBoundNAT policy for ${podPortName(place)}; its VFP port has ${lacks.join(' and ')}. ${sound} of ${podPortsText(judged.length)} have NAT rules.`,
          cause:
            'HNS lost the policy between the endpoint and VFP when the endpoint was made. The endpoint looks the same as a healthy one.',
          remedy: [
            recreatePods(snapshot, [place]),
            {
              text: 'If it happens again, report it with this dump to the maintainers of the CNI.',
            },
          ],
          entities: [
            ...(endpoint ? [endpointRef(endpoint)] : []),
            ...(pod ? [podRef(pod)] : []),
            vfpPortRef(dump.file, port.index, port.name),
          ],
          evidence: [...policy.evidence.slice(0, 1), port.evidence],
        },
      ];
    });
    return firedOrPassed(
      findings,
      `NAT rules are on all ${podPortsText(judged.length)} whose endpoint asks for them`,
    );
  },
};
