import type { Rule } from '../rule';
import { DROP_REFERENCES, judgeDrops, traceAgain } from './packet-drops';

export const rule: Rule = {
  meta: {
    id: 'CAP-EXT-MISSING',
    step: 8,
    severity: 'error',
    title: 'No packet of pods is dropped for a missing switch extension',
    description:
      'Looks in a log of Packet Monitor for packets dropped because an extension that the port requires is not there.',
    impact: 'All packets of the port are dropped.',
    needs: ['packetLog'],
    falsePositives: 'None known.',
    references: DROP_REFERENCES,
  },
  check({ snapshot }) {
    return judgeDrops(snapshot, { codes: [21] }, (who) => ({
      title: `The vSwitch drops packets because an extension is missing: ${who}`,
      cause:
        'The forwarding extension (Microsoft Azure VFP, or Open vSwitch) is disabled on the vSwitch.',
      remedy: [
        {
          text: 'Enable the extension of the switch; on an Open vSwitch node that one, else VFP.',
          command:
            'Get-VMSwitchExtension -VMSwitchName <switch>; Enable-VMSwitchExtension -VMSwitchName <switch> -Name "Microsoft Azure VFP Switch Extension"',
          disturbs: 'All traffic of the switch, shortly.',
          verify: traceAgain('shows no packet dropped for this reason'),
        },
      ],
    }));
  },
};
