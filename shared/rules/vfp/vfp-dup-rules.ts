import type { Rule } from '../rule';
import { judgeConflicts } from './port-conflicts';
import { RESTART_HNS } from './remedies';

const FILTERS: readonly string[] = ['allow', 'block'];

export const rule: Rule = {
  meta: {
    id: 'VFP-DUP-RULES',
    step: 6,
    severity: 'warning',
    title: 'No two VFP rules contradict each other',
    description:
      'No group holds two rules with the same conditions and priority, and no layer two that end it with the same conditions, that do different things: other DIPs, another tunnel, allow against block. Only one of them is ever applied.',
    impact:
      'Which of the two applies is left to chance: connections go to backends or nodes that are gone.',
    needs: ['vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Twins in the groups of the other direction or address family, and rules that do the same, are no contradiction and not reported.',
    references: ['https://github.com/kubernetes/kubernetes/issues/112836'],
  },
  check({ snapshot }) {
    return judgeConflicts(snapshot, 'duplicate', ({ conflict, otherGroup }, where) => {
      const { winner, loser } = conflict;
      // A network policy may stand beside another one on purpose.
      const filters = FILTERS.includes(winner.type) && FILTERS.includes(loser.type);
      return {
        ...(filters && otherGroup !== undefined ? { severity: 'info' as const } : {}),
        title: `Two VFP rules contradict each other: ${winner.name} and ${loser.name}`,
        summary:
          otherGroup === undefined
            ? `Both stand in ${where} with the same conditions and priority ${winner.priority ?? '?'}, and do different things.`
            : `${loser.name} stands in ${where}, ${winner.name} in group ${otherGroup} of the same layer. Both have the same conditions, do different things and end the layer: only one of them is ever applied.`,
        cause:
          'A policy of an earlier time was not removed when its successor came, or two controllers program the same object.',
        remedy: [
          {
            text: 'Look for two HNS load balancers or routes of the same address, and delete the one that is out of date.',
            command: 'hnsdiag list loadbalancers; hnsdiag delete loadbalancers <id>',
            disturbs: 'Connections through the deleted policy.',
            verify: {
              kind: 'observation',
              text: 'Collect again: the group has one rule with these conditions.',
            },
          },
          RESTART_HNS,
        ],
      };
    });
  },
};
