import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-MTU',
    step: 8,
    severity: 'error',
    title: 'No packet of pods is dropped for its size',
    description:
      'Looks in a log of Packet Monitor for packets dropped because they are larger than what follows takes and may not be cut.',
    impact:
      'Connections open and then hang as soon as much is sent: large answers, TLS, image pulls.',
    needs: ['packetLog'],
    falsePositives:
      'A path is found by trial: a few such drops are normal, and fewer than 10 are not reported.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [23, 208, 920, 921], least: 10 }, (who) => ({
      title: `Packets are dropped because they are too large: ${who}`,
      cause:
        'The MTU of the pods leaves no room for the header of the tunnel (50 bytes), or a network on the way takes less than the adapter claims.',
      remedy: [
        {
          text: 'Set the MTU of the pods to that of the uplink, less 50 bytes on an overlay network, and look at the MTU of all adapters.',
          command: 'netsh int ipv4 sh int',
          disturbs: 'Nothing.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
