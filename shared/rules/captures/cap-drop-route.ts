import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-ROUTE',
    step: 8,
    severity: 'error',
    title: 'The IP stack finds a way for packets of pods',
    description:
      'Looks in a log of Packet Monitor for packets dropped because there is no route, no neighbour that answers, no compartment or no interface.',
    impact: 'Pods do not reach the network that the packets are for.',
    needs: ['packetLog'],
    falsePositives:
      'An address that nobody has gives the same: a pod or node that is gone. Fewer than 3 packets are not reported.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(
      snapshot,
      { codes: [907, 915, 922, 923, 928, 933, 934, 935, 936], least: 3 },
      (who) => ({
        title: `Windows has no way for packets of pods: ${who}`,
        cause:
          'A route to the pod subnet of another node is missing or leads to a wrong next hop, the next hop does not answer ARP, or forwarding is off on the host endpoint.',
        remedy: [
          {
            text: 'Compare the routes with the pod subnets of the nodes, and see whether the next hop answers.',
            command:
              'Get-NetRoute -IncludeAllCompartments; Get-NetNeighbor -IncludeAllCompartments',
            disturbs: 'Nothing.',
            verify: traceAgain('shows no packet dropped for this reason'),
          },
        ],
      }),
    );
  },
};
