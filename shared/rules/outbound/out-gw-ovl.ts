import type { Rule } from '../rule';
import { checkPodGateways } from './pod-gateway';

export const rule: Rule = {
  meta: {
    id: 'OUT-GW-OVL',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'The gateway of pods on an overlay is address 1 of their subnet',
    description:
      'Compares the Default Gateway of every pod in ip.txt with the first address of the pod subnet (with Calico: of its block), which the distributed router has.',
    impact: 'Traffic of the pods to anything outside of their subnet is lost.',
    needs: ['compartments'],
    modes: ['overlay'],
    falsePositives: 'A gateway that HNS itself names for the subnet is right as well.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/containernetworking/plugins/tree/main/plugins/main/windows/win-overlay',
    ],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'CT-POD-POD-REMOTE', 'DNS-BOTH-BAD'],
  },
  check: ({ snapshot }) =>
    checkPodGateways(snapshot, {
      offset: 1,
      cause:
        'The CNI plugin or its IPAM set the gateway. On an overlay address 1 is the distributed router, which routes and encapsulates.',
      fix: 'Correct the IPAM section or replace the plugin, then recreate the pods.',
    }),
};
