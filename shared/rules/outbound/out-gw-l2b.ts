import { notChecked, type Rule } from '../rule';
import { checkPodGateways } from './pod-gateway';

export const rule: Rule = {
  meta: {
    id: 'OUT-GW-L2B',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'The gateway of pods on l2bridge is address 2 of their subnet',
    description:
      'Compares the Default Gateway of every pod in ip.txt with the second address of the pod subnet. HNS keeps the first one for itself; the bridge endpoint has the second.',
    impact: 'Traffic of the pods to anything outside of their subnet is lost.',
    needs: ['compartments'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'calico-bgp'],
    falsePositives:
      'azure-cni, l2tunnel and GCE give pods the real gateway of the network; the check does not apply there.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/containernetworking/plugins/tree/main/plugins/main/windows/win-bridge',
    ],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'CT-POD-POD-REMOTE', 'DNS-BOTH-BAD'],
  },
  check({ snapshot }) {
    if (snapshot.mode.cni === 'unknown') {
      return notChecked(
        'Which CNI made the l2bridge network is not known; others use the real gateway',
        'cniConfig',
      );
    }
    return checkPodGateways(snapshot, {
      offset: 2,
      cause:
        'The CNI plugin or its IPAM set the gateway. On l2bridge address 1 is kept by HNS, and address 2 is the bridge endpoint that forwards.',
      fix: 'Correct the IPAM section or replace the plugin (win-bridge sets address 2 by itself), then recreate the pods.',
    });
  },
};
