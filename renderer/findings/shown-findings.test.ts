import { describe, expect, it } from 'vitest';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { shownFindings } from './shown-findings';

const finding = (index: number, causedBy: number | null = null, step: 5 | 7 = 7): FindingView => ({
  index,
  ruleId: 'X',
  aliases: [],
  severity: 'error',
  step,
  title: '',
  node: '',
  snapshotId: '',
  summary: '',
  cause: '',
  remedy: [],
  causedBy,
  consequences: [],
  entities: [],
  evidence: [],
  references: [],
});
const indexes = (findings: readonly FindingView[]): number[] => findings.map(({ index }) => index);

describe('the findings of a step', () => {
  it('stand by themselves unless their cause is among them', () => {
    const all = [finding(1), finding(2, 1), finding(3, 99)];
    expect(indexes(shownFindings(all, undefined, 7))).toEqual([1, 3]);
  });

  it('show the one that was asked for, though it is folded or far down', () => {
    const all = [finding(1), finding(2, 1)];
    expect(indexes(shownFindings(all, finding(2, 1), 7))).toEqual([2, 1]);
    expect(indexes(shownFindings(all, finding(40), 7))).toEqual([40, 1]);
    expect(indexes(shownFindings(all, finding(1), 7))).toEqual([1]);
  });

  it('show none of another step', () => {
    expect(indexes(shownFindings([finding(1)], finding(9, null, 5), 7))).toEqual([1]);
  });
});
