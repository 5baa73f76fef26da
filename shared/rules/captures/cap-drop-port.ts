import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-PORT',
    step: 8,
    severity: 'error',
    title: 'The switch has a port for the packets of pods',
    description:
      'Looks in a log of Packet Monitor for packets dropped because their receiver has no port, or its port is not ready, blocked or suspended. Only packets to endpoints that this node has count.',
    impact: 'The pod is not reached by anybody.',
    needs: ['packetLog'],
    falsePositives:
      'A pod that was deleted while the log was made. Packets to addresses without an endpoint are left out.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(
      snapshot,
      { codes: [711, 712, 718, 719, 33, 227], toOwnEndpoint: true },
      (who) => ({
        title: `The vSwitch has no open port for a pod: ${who}`,
        cause:
          'The port of the pod was never made ready, was blocked and not opened again, or its adapter is disabled.',
        remedy: [
          {
            text: 'Look at the state of the port, and delete the pod so that it gets a new one.',
            command: 'vfpctrl /port <guid> /get-port-state; kubectl delete pod <pod>',
            disturbs: 'The pod is interrupted.',
            verify: traceAgain('shows no packet dropped for this reason'),
          },
        ],
      }),
    );
  },
};
