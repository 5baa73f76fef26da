import type { Rule } from '../rule';
import { judgeConflicts } from './port-conflicts';
import { RESTART_HNS } from './remedies';

export const rule: Rule = {
  meta: {
    id: 'VFP-DUP-RULES',
    step: 6,
    severity: 'warning',
    title: 'No two VFP rules contradict each other',
    description:
      'No group holds two rules with the same conditions and priority that do different things: other DIPs, another tunnel, allow against block. Only one of them is ever applied.',
    impact:
      'Which of the two applies is left to chance: connections go to backends or nodes that are gone.',
    needs: ['vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Twins in the groups of the other direction or address family, and rules that do the same, are no contradiction and not reported.',
    references: ['https://github.com/kubernetes/kubernetes/issues/112836'],
  },
  check({ snapshot }) {
    return judgeConflicts(snapshot, 'duplicate', ({ conflict: { winner, loser } }, where) => ({
      title: `Two VFP rules contradict each other: ${winner.name} and ${loser.name}`,
      summary: `Both stand in ${where} with the same conditions and priority ${winner.priority ?? '?'}, and do different things.`,
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
    }));
  },
};
