import { ipText } from '../../model/ip';
import { adapterRef, compartmentRef, podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { firedOrPassed, notChecked, type FindingDraft, type Outcome } from '../rule';
import { podAdapters, podLabel, showsCompartments, type PodAdapter } from './pod-adapters';

interface Wrong {
  readonly nic: PodAdapter;
  readonly expected: string;
}

/** The words that differ between the modes. */
export interface GatewayWords {
  /** Distance of the gateway from the network address: 2 on l2bridge, 1 on overlay. */
  readonly offset: 1 | 2;
  readonly cause: string;
  readonly fix: string;
}

/**
 * Compares the default gateway of every pod's NIC with the address that the mode wants: network
 * address plus offset of the subnet that holds the pod (annex C of the rule catalogue).
 */
export function checkPodGateways(snapshot: NodeSnapshot, words: GatewayWords): Outcome {
  if (!showsCompartments(snapshot)) {
    return notChecked('ip.txt shows the host only: no gateway of a pod is known', 'compartments');
  }
  const wrong: Wrong[] = [];
  const nics = podAdapters(snapshot);
  let compared = 0;
  for (const nic of nics) {
    // A prefix of one address has no gateway in it, and a cut block may have lost its gateway.
    if (!nic.subnet || nic.subnet.cidr.length > 30) continue;
    if (nic.adapter.cut === true && nic.adapter.gateways.length === 0) continue;
    compared += 1;
    const expected = ipText({ family: 4, value: nic.subnet.cidr.base + BigInt(words.offset) });
    const accepted = [expected, ...(words.offset === 1 ? [nic.subnet.gateway] : [])];
    if (!nic.adapter.gateways.some((gateway) => accepted.includes(gateway))) {
      wrong.push({ nic, expected });
    }
  }
  if (compared === 0)
    return notChecked('ip.txt shows no pod with an address of the pod network', 'compartments');
  const findings = groupByFault(wrong).map((group) => finding(group, compared, words));
  return firedOrPassed(findings, `Gateway of all ${compared} pods is base + ${words.offset}`);
}

/** Pods with the same wrong gateway have one cause: they are one finding. */
function groupByFault(wrong: readonly Wrong[]): readonly (readonly Wrong[])[] {
  const groups = new Map<string, Wrong[]>();
  for (const item of wrong) {
    const key = `${item.nic.adapter.gateways.join(',')} ${item.expected}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function finding(group: readonly Wrong[], compared: number, words: GatewayWords): FindingDraft {
  const [first] = group;
  const expected = first?.expected ?? '';
  const found = first?.nic.adapter.gateways.join(', ') ?? '';
  const who =
    group.length === 1 && first ? podLabel(first.nic) : `${group.length} of ${compared} pods`;
  const state = found === '' ? 'no default gateway' : `gateway ${found} in place of ${expected}`;
  return {
    title: `${group.length === 1 && first ? `Pod ${first.nic.ip} has` : `${group.length} pods have`} ${state}: nothing leaves their subnet`,
    summary: `${who}: ${state}. The pod subnet is ${first?.nic.subnet?.text ?? ''}.`,
    cause: words.cause,
    remedy: [
      {
        text: words.fix,
        command: 'kubectl delete pod <pod>',
        disturbs: 'The pods restart.',
        verify: {
          kind: 'command',
          command: 'ipconfig /allcompartments /all',
          shows: `shows ${expected} as Default Gateway of new pods`,
        },
      },
    ],
    entities: group.flatMap(({ nic }) => [
      adapterRef(nic.adapter),
      compartmentRef(nic.compartment),
      ...(nic.pod ? [podRef(nic.pod)] : []),
    ]),
    evidence: group.flatMap(({ nic }) => {
      const line = nic.adapter.lines?.gateway ?? nic.adapter.evidence[0];
      return line ? [line] : [];
    }),
  };
}
