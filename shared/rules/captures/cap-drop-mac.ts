import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-MAC',
    step: 8,
    severity: 'error',
    title: 'The switch drops no packet of pods for its MAC address',
    description:
      'Looks in a log of Packet Monitor for packets dropped because their source MAC is not allowed on the port or is held for forged.',
    impact: 'Packets of pods do not leave the node, or are dropped where they come in.',
    needs: ['packetLog'],
    falsePositives: 'None known: on a healthy node nothing of a pod is dropped for its MAC.',
    references: [
      ...DROP_REFERENCES,
      'https://kubernetes.io/docs/tasks/debug/debug-cluster/windows/',
    ],
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [11, 16, 709] }, (who) => ({
      title: `The vSwitch drops packets for their source MAC: ${who}`,
      cause:
        'The rule that gives leaving packets the MAC of the host is missing on the external port, or the platform of the machine allows one MAC only and no spoofing.',
      remedy: [
        {
          text: 'Look at the MAC rewrite rules of the external port in step 7, and allow MAC address spoofing for the machine where it is a virtual one on l2bridge.',
          command: 'Set-VMNetworkAdapter -VMName <node> -MacAddressSpoofing On',
          disturbs: 'The network adapter of the machine, shortly.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
