import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-LISTENER',
    step: 8,
    severity: 'info',
    title: 'Pods listen where packets arrive',
    description:
      'Looks in a log of Packet Monitor for packets that reached an endpoint of this node and found no socket, or were refused.',
    impact: 'The connection is refused. The network did its work: the packet arrived.',
    needs: ['packetLog'],
    falsePositives: 'A port that is probed on purpose, and a program that is just starting.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [904, 1204, 1210], toOwnEndpoint: true }, (who) => ({
      title: `Nothing listens where packets arrive: ${who}`,
      cause:
        'The program in the pod does not listen on this port or address, or the target port of the service is wrong.',
      remedy: [
        {
          text: 'See on which port the program listens, and compare with the target port of the service.',
          command: 'kubectl exec <pod> -- netstat -ano; kubectl describe service <service>',
          disturbs: 'Nothing.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
