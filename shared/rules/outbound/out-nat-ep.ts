import type { HnsEndpoint } from '../../model/hns';
import { cniConfigRef, endpointRef } from '../../snapshot/entity-ref';
import { kubectlOnPod } from '../commands';
import { endpointConfig, confName } from '../cni/active-config';
import { countOf, fieldEvidence, someOf } from '../evidence-lines';
import { podEndpoints, podNameOf, podOf } from '../pod-endpoints';
import { isOutboundNat } from './outbound-nat';
import { doesNotApply, firedOrPassed, notChecked, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'OUT-NAT-EP',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'Endpoints of pods have the NAT policy of the CNI',
    description:
      'Where the CNI configuration has an OutBoundNAT policy, each local endpoint of a pod must have one in HNS. A loopback NAT (with destinations) is none.',
    impact:
      'Packets of the pod leave with its own address; nothing outside of the cluster can answer.',
    needs: ['endpoints', 'cniConfig'],
    falsePositives:
      'Clusters with routable pods (natOutgoing false, AKS with a NAT gateway) configure no NAT and are left out.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['OUT-NAT-VFP', 'HNS-EP-POLICY-DRIFT', 'CT-POD-INTERNET', 'FLOW-POD-NET'],
  },
  check({ snapshot }) {
    const cni = endpointConfig(snapshot);
    const configured = cni?.plugin.policies.find(({ policy }) => isOutboundNat(policy));
    if (!cni || !configured) return doesNotApply('The CNI configuration has no OutBoundNAT policy');
    const known = podEndpoints(snapshot).filter(({ policiesKnown }) => policiesKnown);
    if (known.length === 0)
      return notChecked('No endpoint of a pod shows its policies', 'endpoints');
    const without = known.filter((endpoint) => !hasNat(endpoint));
    if (without.length === 0)
      return firedOrPassed(
        [],
        `${known.length} of ${known.length} pod endpoints have an OutBoundNAT policy`,
      );
    const names = without.map((endpoint) => podNameOf(snapshot, endpoint));
    return firedOrPassed(
      [
        {
          title: `${someOf(names, 2)} ${without.length === 1 ? 'does' : 'do'} not reach the outside: no NAT policy in HNS`,
          summary: `${countOf(without.length, 'endpoint')} of ${known.length} ${without.length === 1 ? 'has' : 'have'} no OutBoundNAT policy, which ${confName(cni.config)} configures.`,
          cause:
            'The pods were made before the policy was configured, or by another CNI configuration.',
          remedy: [
            {
              text: 'Make the pods anew: policies are written when the endpoint is made.',
              command: kubectlOnPod('delete', podOf(snapshot, without[0])),
              disturbs: 'The pods are replaced.',
              verify: {
                kind: 'observation',
                text: 'Policies of the new endpoint hold Type OutBoundNAT; the pod reaches an outside address',
              },
            },
          ],
          entities: [...without.slice(0, 10).map(endpointRef), cniConfigRef(cni.config)],
          evidence: [
            ...without.slice(0, 8).flatMap((endpoint) => fieldEvidence(endpoint, 'policies')),
            configured.evidence,
          ],
        },
      ],
      '',
    );
  },
};

const hasNat = (endpoint: HnsEndpoint): boolean => endpoint.policies.some(isOutboundNat);
