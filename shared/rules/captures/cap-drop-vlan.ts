import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-VLAN',
    step: 8,
    severity: 'error',
    title: 'The switch drops no packet of pods for its VLAN',
    description:
      'Looks in a log of Packet Monitor for packets dropped because the VLAN is filtered, not allowed on the port, or missing where the port isolates.',
    impact: 'Pods of one VLAN do not reach anybody.',
    needs: ['packetLog'],
    falsePositives: 'None known: on a healthy node nothing of a pod is dropped for its VLAN.',
    references: [
      ...DROP_REFERENCES,
      'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/advanced',
    ],
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [9, 10, 36] }, (who) => ({
      title: `The vSwitch drops packets for their VLAN: ${who}`,
      cause:
        'The isolation of the port and the VLAN policy of the HNS network differ, or the switch port of the machine does not carry the VLAN.',
      remedy: [
        {
          text: 'Compare the VLAN policy of the HNS network with the isolation of the ports and with the trunk of the physical switch.',
          command:
            'Get-HnsNetwork | Select-Object Name, Policies; Get-VMNetworkAdapterIsolation -ManagementOS',
          disturbs: 'Nothing.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
