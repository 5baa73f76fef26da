import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-POLICY',
    step: 8,
    severity: 'warning',
    title: 'No filter drops packets of pods',
    description:
      'Looks in a log of Packet Monitor for packets dropped by a filter, a security policy, the Windows Filtering Platform or an administrator.',
    impact: 'What the filter names does not reach its receiver.',
    needs: ['packetLog'],
    falsePositives: 'A network policy or firewall rule that is meant to deny.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [8, 12, 34, 909, 945] }, (who) => ({
      title: `A filter drops packets of pods: ${who}`,
      cause:
        'An ACL of HNS, a rule of VFP, or a filter of the Windows firewall or another product denies them.',
      remedy: [
        {
          text: 'Find the filter: block rules of the port in step 6, and what the Windows Filtering Platform recorded.',
          command: 'netsh wfp show netevents',
          disturbs: 'Nothing.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
