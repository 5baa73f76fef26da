import type { HnsEndpoint } from '../../model/hns';
import type { IpInterface } from '../../model/tcpip';
import { endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { quotedPart } from '../commands';
import { countOf, fieldEvidence, someOf } from '../evidence-lines';
import { podEndpoints, podNameOf } from '../pod-endpoints';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** Outer Ethernet, IPv4, UDP and VXLAN headers (RFC 7348). */
const VXLAN_OVERHEAD = 50;

export const rule: Rule = {
  meta: {
    id: 'HNS-ENCAP-OVERHEAD',
    step: 6,
    symptom: 'inter-node',
    severity: 'warning',
    title: 'Overlay endpoints leave room for the VXLAN header',
    description:
      'On overlay 50 bytes of every frame are for the outer headers. Endpoints of pods must have EncapOverhead 50, and the MTU of their vNIC must be at most the uplink less 50.',
    impact:
      'Small packets pass and full-size ones are dropped: connections open and hang when data flows.',
    needs: ['endpoints'],
    modes: ['overlay'],
    falsePositives: '50 also stands on l2bridge endpoints by design; only overlay is looked at.',
    references: [
      'https://github.com/Azure/AKS/issues/2873',
      'https://www.rfc-editor.org/rfc/rfc7348',
    ],
  },
  check({ snapshot }) {
    const known = podEndpoints(snapshot).filter(({ encapOverhead }) => encapOverhead !== undefined);
    const wide = podEndpoints(snapshot).flatMap((endpoint) => tooWide(snapshot, endpoint));
    if (known.length === 0 && wide.length === 0)
      return notChecked('No endpoint of a pod shows its EncapOverhead', 'endpoints');
    const wrong = known.filter(({ encapOverhead }) => encapOverhead !== VXLAN_OVERHEAD);
    const findings = [
      ...(wrong.length > 0 ? [overheadFinding(snapshot, wrong, known.length)] : []),
      ...wide.map(({ endpoint, vnic, uplink }) => mtuFinding(snapshot, endpoint, vnic, uplink)),
    ];
    return firedOrPassed(
      findings,
      `EncapOverhead is ${VXLAN_OVERHEAD} on ${known.length} of ${known.length} pod endpoints`,
    );
  },
};

function overheadFinding(
  snapshot: NodeSnapshot,
  wrong: readonly HnsEndpoint[],
  of: number,
): FindingDraft {
  const values = [...new Set(wrong.map(({ encapOverhead }) => String(encapOverhead)))].join(', ');
  return {
    title: `Large packets of ${someOf(
      wrong.map((e) => podNameOf(snapshot, e)),
      2,
    )} may be dropped: EncapOverhead is ${values}`,
    summary: `${countOf(wrong.length, 'endpoint')} of ${of} ${wrong.length === 1 ? 'has' : 'have'} EncapOverhead ${values}; VXLAN needs ${VXLAN_OVERHEAD} bytes.`,
    cause:
      'The endpoint was made for another network type, or by a plugin that sets the overhead itself.',
    remedy: [
      {
        text: 'Make the pods anew with the CNI of the overlay network.',
        command: 'kubectl delete pod <pod>',
        disturbs: 'The pods are replaced.',
        verify: {
          kind: 'command',
          command: 'ping -f -l 1400 <remote pod>',
          shows: 'answers inside of a pod',
        },
      },
    ],
    entities: wrong.slice(0, 10).map(endpointRef),
    evidence: wrong
      .slice(0, 10)
      .flatMap((endpoint) => fieldEvidence(endpoint, 'encapOverhead', 'policies')),
  };
}

interface TooWide {
  readonly endpoint: HnsEndpoint;
  readonly vnic: IpInterface;
  readonly uplink: IpInterface;
}

/** The vNIC of a pod with an MTU that the uplink cannot carry with the outer headers. */
function tooWide(snapshot: NodeSnapshot, endpoint: HnsEndpoint): TooWide[] {
  const name = endpoint.name;
  if (name === undefined || name.length < 12) return [];
  const vnic = snapshot.interfaces.find(
    (i) => i.alias?.includes(name) === true && i.mtu !== undefined,
  );
  const uplinkName = snapshot.compartments
    .find(({ id }) => id === 1)
    ?.adapters.find(({ ipv4 }) =>
      ipv4.some(({ address }) => address === snapshot.addresses.managementIp?.value),
    )?.name;
  const uplink = snapshot.interfaces.find(
    (i) =>
      uplinkName !== undefined &&
      i.mtu !== undefined &&
      i.alias?.toLowerCase() === uplinkName.toLowerCase(),
  );
  if (!vnic || !uplink || (vnic.mtu ?? 0) <= (uplink.mtu ?? 0) - VXLAN_OVERHEAD) return [];
  return [{ endpoint, vnic, uplink }];
}

function mtuFinding(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  vnic: IpInterface,
  uplink: IpInterface,
): FindingDraft {
  const pod = podNameOf(snapshot, endpoint);
  return {
    title: `Large packets of ${pod} are dropped: its MTU is ${vnic.mtu ?? 0}`,
    summary: `The vNIC of ${pod} has MTU ${vnic.mtu ?? 0}; the uplink carries ${uplink.mtu ?? 0}, less ${VXLAN_OVERHEAD} for VXLAN.`,
    cause: 'The MTU was set by hand, or the uplink was made smaller after the pod started.',
    remedy: [
      {
        text: 'Lower the MTU in the pod, or raise it on the uplink and the network behind it.',
        command: `netsh int ipv4 set subint "${quotedPart(vnic.alias ?? '<vNIC>')}" mtu=${(uplink.mtu ?? 0) - VXLAN_OVERHEAD} store=persistent`,
        disturbs: 'Nothing.',
        verify: {
          kind: 'command',
          command: 'ping -f -l 1400 <remote pod>',
          shows: 'answers inside of the pod',
        },
      },
    ],
    entities: [endpointRef(endpoint)],
    evidence: [
      ...vnic.evidence.slice(0, 1),
      ...uplink.evidence.slice(0, 1),
      ...fieldEvidence(endpoint, 'encapOverhead'),
    ],
  };
}
