import type { Evidence } from '../../model/evidence';
import type { EntityRef } from '../../model/finding';
import type { HnsEndpoint } from '../../model/hns';
import type { IpRange } from '../../model/ip';
import type { VfpDump } from '../../model/vfp';
import { parseRuleName } from '../../model/vfp-rule-name';
import { cniConfigRef, endpointRef, vfpPortRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import {
  podEndpoints,
  podPortName,
  podPorts,
  wasListed,
  type PodPort,
} from '../../snapshot/vfp-ports';
import { doesNotApply, fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { podPortsText, recreatePods, RESTART_HNS, SEED, someOf } from '../vfp/remedies';
import { coveredBy, mergedRanges, rangesOf, rangeText } from './exception-sets';

interface Exceptions {
  readonly ranges: readonly IpRange[];
  readonly evidence: readonly Evidence[];
}

/** Exceptions of all OutBoundNAT policies of an endpoint; undefined where it has none or they are not known. */
function ofEndpoint(endpoint: HnsEndpoint): Exceptions | undefined {
  const policies = endpoint.policies.flatMap((policy) =>
    policy.kind === 'outbound-nat' &&
    !(policy.destinations.length > 0 && policy.exceptions.length === 0)
      ? [policy]
      : [],
  );
  if (policies.length === 0 || policies.some((p) => !p.exceptionsKnown)) return undefined;
  return {
    ranges: mergedRanges(rangesOf(policies.flatMap((p) => p.exceptions))),
    evidence: policies.flatMap((p) => p.evidence.slice(0, 1)),
  };
}

interface FromCni extends Exceptions {
  readonly entity: EntityRef;
}

/** The exception list of the configuration that makes the pod network. */
function ofCni(snapshot: NodeSnapshot): FromCni | undefined {
  for (const config of snapshot.cniConfigs) {
    const policies = config.plugins.flatMap((plugin) =>
      plugin.policies.filter(({ policy }) => policy.kind === 'outbound-nat'),
    );
    const lines = policies.flatMap((policy) => policy.exceptions);
    if (lines.length === 0 || config.cut === true) continue;
    return {
      ranges: rangesOf(lines.map((line) => line.value)),
      evidence: lines.slice(0, 1).map((line) => line.evidence),
      entity: cniConfigRef(config),
    };
  }
  return undefined;
}

/** What plugins add to the list by themselves: never a difference. */
function addedByPlugin(snapshot: NodeSnapshot): IpRange[] {
  const texts = [
    snapshot.addresses.managementIp?.value,
    snapshot.addresses.podCidr?.value,
    ...snapshot.subnetEnvs.map((env) => env.network?.value),
    ...snapshot.cluster.netConfs.map((conf) => conf.network?.value),
  ];
  return mergedRanges(rangesOf(texts.flatMap((text) => text ?? [])));
}

/** Plugins whose list is the configured one; others add their address pools, which are not known here. */
const PLAIN_CNIS = new Set([
  'flannel-host-gw',
  'flannel-vxlan',
  'win-bridge',
  'win-overlay',
  'sdnbridge',
  'sdnoverlay',
]);

interface InVfp extends Exceptions {
  /** Ranges of rules that are exceptions by their name too: only those can be too many. */
  readonly named: readonly IpRange[];
}

interface AllowBody {
  readonly ranges: readonly IpRange[];
  readonly named: boolean;
}

/**
 * Bodies that let destinations pass before NAT: they allow by destination alone. By body, since
 * ports share them. Rules that keep a service address (ALLOW_NAT of DSR) are none.
 */
function allowing(dump: VfpDump): ReadonlyMap<number, AllowBody> {
  const found = new Map<number, AllowBody>();
  for (let id = 0; id < dump.bodyCount; id += 1) {
    const body = dump.body(id);
    const { destinationIps, sourceIps, protocols, destinationPorts } = body.conditions;
    if (body.type !== 'allow' || destinationIps.length === 0) continue;
    const { kind } = parseRuleName(body.name);
    const named = kind === 'outbound-nat-exception';
    const narrowed = sourceIps.length > 0 || protocols.length > 0 || destinationPorts.length > 0;
    if (kind === 'nat' || (!named && narrowed)) continue;
    found.set(id, { ranges: rangesOf(destinationIps), named });
  }
  return found;
}

/** Exceptions of a port: such bodies in its outbound NAT groups, or anywhere when the name says so. */
function ofPort({ dump, port }: PodPort, bodies: ReadonlyMap<number, AllowBody>): InVfp {
  const ranges: IpRange[] = [];
  const named: IpRange[] = [];
  const evidence: Evidence[] = [];
  for (const index of dump.rulesOfPort(port.index)) {
    const body = bodies.get(dump.bodyIdOf(index));
    if (!body) continue;
    const group = dump.groups[dump.groupOf(index)];
    const layer = group && dump.layers[group.layer];
    if (!body.named && (group?.direction !== 'OUT' || !/NAT/i.test(layer?.name ?? ''))) continue;
    ranges.push(...body.ranges);
    if (body.named) named.push(...body.ranges);
    if (evidence.length === 0) evidence.push(dump.rule(index).evidence);
  }
  return { ranges: mergedRanges(ranges), named, evidence };
}

const list = (ranges: readonly IpRange[]): string => someOf(ranges.map(rangeText));

export const rule: Rule = {
  meta: {
    id: 'OUT-EXC-3WAY',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'CNI, HNS and VFP have the same exceptions from outbound NAT',
    description:
      'The exception list of the CNI configuration, that of each pod endpoint and the rules on its VFP port must name the same addresses. Where they differ, the hop that lost an entry is named.',
    impact:
      'Traffic inside the cluster is translated to the address of the node, or traffic to the outside is not.',
    needs: ['endpoints', ['cniConfig', 'vfp']],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Sets of addresses are compared, since some builds merge nested ranges. What plugins add by themselves (the cluster network, the own address, pools of Calico or Azure) is no difference.',
    references: [SEED],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'HNS-EP-POLICY-DRIFT'],
    explainsBySameLine: ['HNS-EP-POLICY-DRIFT'],
  },
  check({ snapshot }) {
    const endpoints = podEndpoints(snapshot).flatMap((endpoint) => {
      const exceptions = ofEndpoint(endpoint);
      return exceptions ? [{ endpoint, exceptions }] : [];
    });
    if (endpoints.length === 0) {
      const unknown = podEndpoints(snapshot).some(
        (e) =>
          !e.policiesKnown ||
          e.policies.some((p) => p.kind === 'outbound-nat' && !p.exceptionsKnown),
      );
      return unknown
        ? notChecked(
            'The exceptions of the endpoints were not collected (endpoint.txt as JSON)',
            'endpoints',
          )
        : doesNotApply('No pod endpoint has an OutBoundNAT policy');
    }
    const cni = ofCni(snapshot);
    const findings = cni ? cniToHns(snapshot, cni, endpoints) : [];
    const ports = podPorts(snapshot).filter(({ port, endpoint }) => endpoint && wasListed(port));
    const bodiesOf = new Map(snapshot.vfp.map((dump) => [dump, allowing(dump)] as const));
    const exceptionsOf = new Map(endpoints.map((one) => [one.endpoint, one.exceptions] as const));
    let compared = 0;
    for (const place of ports) {
      const own = place.endpoint && exceptionsOf.get(place.endpoint);
      if (!own) continue;
      compared += 1;
      const finding = hnsToVfp(
        snapshot,
        place,
        own,
        ofPort(place, bodiesOf.get(place.dump) ?? allowing(place.dump)),
      );
      if (finding) findings.push(finding);
    }
    if (findings.length > 0) return fired(...findings);
    const hns = `HNS and VFP agree on ${podPortsText(compared)}`;
    if (!cni && compared === 0) {
      return notChecked(
        'Neither the CNI configuration nor the ports of the dump could be compared',
        'cniConfig',
        'vfp',
      );
    }
    if (!cni) return notChecked(`${hns}; the CNI configuration was not compared`, 'cniConfig');
    if (compared === 0) {
      return notChecked(
        `CNI and HNS agree for ${endpoints.length} endpoints; VFP was not compared`,
        'vfp',
      );
    }
    return passed(`CNI and HNS agree for ${endpoints.length} endpoints; ${hns}`);
  },
};

type OfEndpoint = { readonly endpoint: HnsEndpoint; readonly exceptions: Exceptions };

/** Endpoints with one and the same difference make one finding: it is one fault. */
function cniToHns(
  snapshot: NodeSnapshot,
  cni: FromCni,
  all: readonly OfEndpoint[],
): FindingDraft[] {
  const wanted = mergedRanges(cni.ranges);
  const known = mergedRanges([...wanted, ...addedByPlugin(snapshot)]);
  const plain = PLAIN_CNIS.has(snapshot.mode.cni);
  const groups = new Map<string, { lost: IpRange[]; added: IpRange[]; endpoints: OfEndpoint[] }>();
  for (const one of all) {
    const lost = cni.ranges.filter((range) => !coveredBy(range, one.exceptions.ranges));
    const added = plain ? one.exceptions.ranges.filter((range) => !coveredBy(range, known)) : [];
    if (lost.length === 0 && added.length === 0) continue;
    const key = `${list(lost)} ${list(added)}`;
    const group = groups.get(key);
    if (group) group.endpoints.push(one);
    else groups.set(key, { lost, added, endpoints: [one] });
  }
  return [...groups.values()].map(({ lost, added, endpoints }): FindingDraft => {
    const names = endpoints.map(({ endpoint }) => endpoint.ipAddresses[0] ?? endpoint.id);
    const says = [
      ...(lost.length > 0 ? [`lack ${list(lost)}`] : []),
      ...(added.length > 0 ? [`have ${list(added)}, which the configuration does not`] : []),
    ].join(' and ');
    return {
      ...(lost.length === 0 ? { severity: 'warning' as const } : {}),
      title: `Exceptions from NAT differ between CNI and HNS for ${someOf(names, 2)}`,
      summary: `The hop from CNI to HNS differs: the OutBoundNAT policies of ${endpoints.length} of ${all.length} pod endpoints ${says}.`,
      cause:
        'The configuration was changed after these pods were made, or the plugin did not pass the whole list.',
      remedy: [
        {
          text: 'Delete the pods, so that their endpoints are made from the configuration as it is now.',
          command: 'kubectl delete pod <pod>',
          disturbs: 'Each deleted pod is interrupted.',
          verify: {
            kind: 'observation',
            text: 'The ExceptionList of the new endpoints is that of the configuration.',
          },
        },
      ],
      entities: [cni.entity, ...endpoints.slice(0, 5).map(({ endpoint }) => endpointRef(endpoint))],
      evidence: [...(endpoints[0]?.exceptions.evidence ?? []), ...cni.evidence],
    };
  });
}

function hnsToVfp(
  snapshot: NodeSnapshot,
  place: PodPort,
  own: Exceptions,
  vfp: InVfp,
): FindingDraft | undefined {
  const lost = own.ranges.filter((range) => !coveredBy(range, vfp.ranges));
  const surplus = vfp.named.filter((range) => !coveredBy(range, own.ranges));
  if (lost.length === 0 && surplus.length === 0) return undefined;
  const { endpoint, dump, port } = place;
  const says = [
    ...(lost.length > 0 ? [`lacks ${list(lost)}`] : []),
    ...(surplus.length > 0 ? [`has ${list(surplus)}, which the endpoint does not`] : []),
  ].join(' and ');
  return {
    title: `Exceptions from NAT differ between HNS and VFP for ${podPortName(place)}`,
    summary: `The hop from HNS to VFP differs: the VFP port of ${podPortName(place)} ${says}.`,
    cause: 'HNS did not carry the policy of the endpoint to VFP in full.',
    remedy: [recreatePods(snapshot, [place]), RESTART_HNS],
    entities: [
      ...(endpoint ? [endpointRef(endpoint)] : []),
      vfpPortRef(dump.file, port.index, port.name),
    ],
    evidence: [
      ...own.evidence.slice(0, 1),
      ...(vfp.evidence[0] ? [vfp.evidence[0]] : [port.evidence]),
    ],
  };
}
