import { matches, type MatchSubject } from '../vfp/conditions';
import type { IndexedGroup, IndexedRule, RuleIndex } from '../vfp/rule-index';
import type { RunnerUp } from './steps';

const MOST_RUNNERS_UP = 3;

/** Rules of the group that match too, then those that one condition alone keeps out. */
export function lostTo(
  winner: IndexedRule,
  group: IndexedGroup,
  subject: MatchSubject,
  index: RuleIndex,
): readonly RunnerUp[] {
  const candidates = group.candidates(subject).filter((rule) => rule !== winner);
  const also = candidates
    .filter((rule) => matches(rule.conditions, subject) === 'yes')
    .map((rule) => ({
      name: rule.body.name,
      why:
        group.by === 'prefix' && rule.body.priority === winner.body.priority
          ? 'also matches, by a shorter prefix or listed later'
          : group.by === 'prefix'
            ? `also matches, by a shorter prefix or priority ${rule.body.priority ?? 'not shown'}`
            : `also matches, with priority ${rule.body.priority ?? 'not shown'}`,
      evidence: index.evidenceOf(rule.index),
    }));
  return [...also, ...nearMisses(candidates, subject, index)].slice(0, MOST_RUNNERS_UP);
}

/**
 * Rules that only one of their conditions kept from matching, with that condition and what the
 * packet has; at most `MOST_RUNNERS_UP`.
 */
export function nearMisses(
  candidates: readonly IndexedRule[],
  subject: MatchSubject,
  index: RuleIndex,
): readonly RunnerUp[] {
  const out: RunnerUp[] = [];
  for (const rule of candidates) {
    const failed = rule.conditions.all.filter(({ check }) => check(subject) === 'no');
    const [only] = failed;
    if (failed.length !== 1 || rule.conditions.all.length < 2 || only === undefined) continue;
    out.push({
      name: rule.body.name,
      why: `does not match: ${only.condition}, the packet has ${only.value(subject)}`,
      evidence: index.evidenceOf(rule.index),
    });
    if (out.length >= MOST_RUNNERS_UP) break;
  }
  return out;
}
