import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-VSID',
    step: 8,
    severity: 'error',
    title: 'The switch drops no packet of pods for its virtual subnet',
    description:
      'Looks in a log of Packet Monitor for packets dropped because their virtual subnet id (VNI) is not the one of the port, or by network virtualisation.',
    impact: 'Pods of other nodes are not reached, or do not reach this node.',
    needs: ['packetLog'],
    falsePositives:
      'None known: on a healthy node nothing of a pod is dropped for its virtual subnet.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [20, 29] }, (who) => ({
      title: `The vSwitch drops packets for their virtual subnet id: ${who}`,
      cause:
        'The nodes use different VNIs, or a remote subnet route encapsulates into the wrong one.',
      remedy: [
        {
          text: 'Compare the VNI of the HNS network and of its RemoteSubnetRoute policies with that of the other nodes (4096 or higher).',
          command: 'Get-HnsNetwork | ConvertTo-Json -Depth 20',
          disturbs: 'Nothing.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
