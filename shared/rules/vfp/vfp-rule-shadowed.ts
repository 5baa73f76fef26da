import type { Rule } from '../rule';
import { judgeConflicts } from './port-conflicts';
import { RESTART_HNS } from './remedies';

const FILTERS: readonly string[] = ['allow', 'block'];

export const rule: Rule = {
  meta: {
    id: 'VFP-RULE-SHADOWED',
    step: 6,
    severity: 'warning',
    title: 'Every VFP rule can be reached',
    description:
      'No rule stands behind another one of its group, or of an earlier group of its layer, that takes all of its packets first and does something else with them.',
    impact:
      'The shadowed rule is never applied: a translation, tunnel or policy that HNS shows does not happen.',
    needs: ['vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Rules are held against each other by their texts. That groups of a layer are met in ascending priority is assumed: what rests on it is an information only. Exceptions of outbound NAT, and rules without any condition, stand before or behind others on purpose and are not reported. A network policy may block on purpose what a later one would allow: that is an information only.',
    references: [
      'https://www.usenix.org/conference/nsdi17/technical-sessions/presentation/firestone',
    ],
  },
  check({ snapshot }) {
    return judgeConflicts(snapshot, 'shadowed', ({ conflict, otherGroup }, where) => {
      const { winner, loser } = conflict;
      const filters = FILTERS.includes(winner.type) && FILTERS.includes(loser.type);
      const first =
        otherGroup === undefined
          ? ' first'
          : ` of group ${otherGroup} first, which ends the layer (groups are taken to be met in ascending priority)`;
      return {
        ...(filters || otherGroup !== undefined ? { severity: 'info' as const } : {}),
        title: `VFP never applies ${loser.name}: ${winner.name} takes its packets`,
        summary: `In ${where} every packet of ${loser.name} (${loser.typeText}, priority ${loser.priority ?? '?'}) meets ${winner.name} (${winner.typeText}, priority ${winner.priority ?? '?'})${first}.`,
        cause:
          'A wider rule was programmed with a better priority, or one of an earlier time was not removed.',
        remedy: [
          {
            text: 'Find the policy that made the wider rule (its name holds the address or policy it is for), and make it narrower or remove it.',
            verify: {
              kind: 'observation',
              text: 'Collect again, or trace a packet that the shadowed rule is for: it is applied.',
            },
          },
          RESTART_HNS,
        ],
      };
    });
  },
};
