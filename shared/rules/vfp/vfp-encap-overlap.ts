import { ipText } from '../../model/ip';
import { sharedDestinations } from '../../vfp/coverage';
import type { Rule } from '../rule';
import { judgeConflicts } from './port-conflicts';

export const rule: Rule = {
  meta: {
    id: 'VFP-ENCAP-OVERLAP',
    step: 6,
    severity: 'error',
    title: 'Tunnels of different nodes do not overlap',
    description:
      'Encapsulation rules to different nodes are for different addresses. Where the destinations of two overlap, the one that is met first takes the packets of the other.',
    impact: 'Packets to some pods go to a node that does not have them.',
    needs: ['vfp'],
    modes: ['overlay'],
    falsePositives:
      'Where the group matches by the longest prefix, the narrower rule wins wherever it stands; nothing is reported then.',
    references: [
      'https://learn.microsoft.com/en-us/virtualization/windowscontainers/container-networking/network-drivers-topologies',
    ],
  },
  check({ snapshot }) {
    return judgeConflicts(snapshot, 'overlap', ({ conflict: { winner, loser } }, where) => {
      const shared = sharedDestinations(winner.conditions, loser.conditions);
      const range =
        shared === undefined
          ? 'Addresses'
          : `${ipText({ family: shared.family, value: shared.from })} to ${ipText({ family: shared.family, value: shared.to })}`;
      const to = (ips: readonly { readonly ip: string }[]): string =>
        ips.map(({ ip }) => ip).join(', ');
      return {
        title: `A tunnel prefix is too wide: ${winner.name} takes packets of ${loser.name}`,
        summary: `${range} are in both rules of ${where}. The first leads to ${to(winner.encapDestinations)}, the second to ${to(loser.encapDestinations)}.`,
        cause:
          'A remote subnet route of HNS has a prefix that is wider than the pod subnet of its node, or is left from a node that is gone.',
        remedy: [
          {
            text: 'Compare the RemoteSubnetRoute policies of the HNS network with the pod subnets of the nodes, and let the CNI make the wrong one anew.',
            command: 'Restart-Service flanneld',
            disturbs: 'Traffic between nodes for some seconds.',
            verify: {
              kind: 'observation',
              text: 'Collect again: each prefix is the pod subnet of one node.',
            },
          },
        ],
      };
    });
  },
};
