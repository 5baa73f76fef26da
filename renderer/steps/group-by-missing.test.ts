import { describe, expect, it } from 'vitest';
import type { CheckView } from '../../shared/ipc/finding-schemas';
import { groupByMissing } from './group-by-missing';

const check = (ruleId: string, ...commands: string[]): CheckView => ({
  ruleId,
  title: ruleId,
  description: '',
  impact: '',
  step: 1,
  severity: 'error',
  status: 'not-checked',
  reason: '',
  missing: commands.map((command) => ({ what: command, command, where: 'node' })),
});

describe('checks that were not made', () => {
  it('share a card when the same commands make their evidence', () => {
    const groups = groupByMissing([
      check('A', 'get x'),
      check('B', 'get y'),
      check('C', 'get x'),
      check('D', 'get y', 'get x'),
      check('E', 'get x', 'get y'),
    ]);
    expect(groups.map((group) => group.map(({ ruleId }) => ruleId))).toEqual([
      ['A', 'C'],
      ['B'],
      ['D', 'E'],
    ]);
  });

  it('stand alone when no command would help', () => {
    expect(groupByMissing([check('A'), check('B')])).toHaveLength(2);
  });
});
