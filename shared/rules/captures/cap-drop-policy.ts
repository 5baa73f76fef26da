import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { notChecked, type Outcome, type Rule } from '../rule';
import { judgeFilteringDrops } from './filtering-drops';
import { together } from './several-sources';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-DROP-POLICY',
    step: 8,
    severity: 'warning',
    title: 'No filter drops packets of pods',
    description:
      'Looks in a log of Packet Monitor for packets dropped by a filter, a security policy, the Windows Filtering Platform or an administrator, and in what that platform recorded itself.',
    impact: 'What the filter names does not reach its receiver.',
    needs: [['packetLog', 'filteringDrops']],
    falsePositives:
      'A network policy or firewall rule that is meant to deny. Packets to a port without a listener are dropped by a filter, too: what comes in to pods is an information only.',
    references: [
      ...DROP_REFERENCES,
      'https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_net_event_classify_drop2',
    ],
  },
  check({ snapshot }) {
    const byLog = snapshot.packetMonitor.logs.length > 0 ? [byMonitor(snapshot)] : [];
    const byFilters = snapshot.evidence.has('filtering-drops')
      ? [judgeFilteringDrops(snapshot)]
      : [];
    const [first, ...more] = [...byLog, ...byFilters];
    return first === undefined
      ? notChecked('No drops were collected', 'packetLog')
      : together(first, ...more);
  },
};

const byMonitor = (snapshot: NodeSnapshot): Outcome =>
  judgeDrops(snapshot, { codes: [8, 12, 34, 909, 945] }, (who) => ({
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
