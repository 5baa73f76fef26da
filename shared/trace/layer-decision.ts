import type { VfpDirection } from '../model/vfp';
import { allOf, explained, matches, type Match, type MatchSubject } from '../vfp/conditions';
import type { IndexedGroup, IndexedRule } from '../vfp/rule-index';

/** One way a layer may decide: the rule that applies, or none. `given` says what it takes for granted. */
export interface Decision {
  readonly rule: IndexedRule | undefined;
  readonly group: IndexedGroup | undefined;
  readonly given: readonly string[];
}

/** Groups of the other direction or the other address family do not concern the packet. */
export function mayHold(
  group: IndexedGroup['group'],
  direction: VfpDirection,
  { family }: MatchSubject,
): boolean {
  if (group.direction !== undefined && group.direction !== direction) return false;
  if (/ipv6/i.test(group.type) && family === 4) return false;
  return !(/ipv4/i.test(group.type) && family === 6);
}

/** A direction that is not printed makes everything in the group uncertain. */
const groupMatch = ({ group, conditions }: IndexedGroup, subject: MatchSubject): Match =>
  allOf(group.direction === undefined ? 'unknown' : 'yes', matches(conditions, subject));

/** How many undecided conditions a layer may have before its trace is no longer useful. */
const MOST_DECISIONS = 16;

/**
 * Every way the layer may decide. In a group the best matching rule counts; among groups the last
 * match, unless a matching rule is terminating: it ends the layer. Undefined beyond a bound.
 */
export function decide(
  groups: readonly IndexedGroup[],
  subject: MatchSubject,
): readonly Decision[] | undefined {
  let open: readonly Decision[] = [{ rule: undefined, group: undefined, given: [] }];
  const done: Decision[] = [];
  for (const group of groups) {
    const outcomes = groupOutcomes(group, subject);
    const next: Decision[] = [];
    for (const before of open) {
      for (const { rule, given } of outcomes) {
        const all = [...before.given, ...given];
        if (rule === undefined) next.push({ ...before, given: all });
        else if (rule.body.terminating) done.push({ rule, group, given: all });
        else next.push({ rule, group, given: all });
      }
    }
    if (next.length + done.length > MOST_DECISIONS) return undefined;
    open = next;
  }
  return [...done, ...open];
}

interface Outcome {
  readonly rule: IndexedRule | undefined;
  readonly given: readonly string[];
}

function groupOutcomes(group: IndexedGroup, subject: MatchSubject): readonly Outcome[] {
  const own = groupMatch(group, subject);
  if (own === 'no') return [{ rule: undefined, given: [] }];
  const outcomes: Outcome[] = [];
  const not: string[] = [];
  for (const rule of group.candidates(subject)) {
    const match = allOf(own, matches(rule.conditions, subject));
    if (match === 'no') continue;
    if (match === 'yes') return [...outcomes, { rule, given: not }];
    const undecided = [
      ...explained(group.conditions, subject),
      ...explained(rule.conditions, subject),
    ].filter(({ result }) => result === 'unknown');
    const what =
      undecided.length === 0
        ? 'the direction of its group'
        : undecided.map(({ condition }) => condition).join(', ');
    outcomes.push({ rule, given: [...not, `${rule.body.name} applies (${what})`] });
    not.push(`${rule.body.name} does not apply (${what})`);
    if (outcomes.length > MOST_DECISIONS) return outcomes;
  }
  return [...outcomes, { rule: undefined, given: not }];
}
