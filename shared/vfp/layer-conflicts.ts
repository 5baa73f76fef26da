import type { VfpDump } from '../model/vfp';
import { covers, isCatchAll, sameConditions } from './coverage';
import {
  DestinationIndex,
  effectOf,
  isException,
  type Ranked,
  type RuleConflict,
} from './group-conflicts';
import type { IndexedGroup } from './rule-index';

/** Two rules of different groups of a layer. `winnerGroup` and `loserGroup` are places in the list of groups. */
export interface LayerConflict extends RuleConflict {
  readonly winnerGroup: number;
  readonly loserGroup: number;
}

interface Placed extends Ranked {
  readonly group: number;
}

/**
 * Rules that a rule of another group of their layer leaves without packets, since a terminating
 * rule ends the layer (docs/vfp-semantics.md). `groups` are those of one direction and address type
 * in ascending priority.
 * - `duplicate`: both have the same conditions, end the layer and do different things: only one of
 *   them is ever applied, in whatever order the groups are met;
 * - `shadowed`: on the way out an earlier group takes all packets of the rule and ends the layer.
 * Groups with a condition of their own, or with any rule that does not end the layer, are left out.
 */
export function layerConflicts(
  dump: VfpDump,
  groups: readonly IndexedGroup[],
): readonly LayerConflict[] {
  const index = new DestinationIndex<Placed>();
  const out: LayerConflict[] = [];
  groups.forEach((each, group) => {
    const rules = dump
      .rulesOfGroup(each.group.index)
      .map((rule, at): Placed => ({ body: dump.body(dump.bodyIdOf(rule)), at, group }));
    if (!isCatchAll(each.group.conditions) || rules.some(({ body }) => !body.terminating)) return;
    for (const later of rules) {
      const found = index
        .mayShare(later.body)
        .map((earlier) => conflictOf(earlier, later, groups))
        .find((conflict) => conflict !== undefined);
      if (found !== undefined) out.push(found);
    }
    for (const rule of rules) index.add(rule);
  });
  return out;
}

function conflictOf(
  earlier: Placed,
  later: Placed,
  groups: readonly IndexedGroup[],
): LayerConflict | undefined {
  const [a, b] = [earlier.body, later.body];
  if (isException(a) || isException(b) || a.flags !== b.flags) return undefined;
  if (effectOf(a) === effectOf(b) || isCatchAll(a.conditions)) return undefined;
  const of = (kind: LayerConflict['kind']): LayerConflict => ({
    kind,
    winner: a,
    loser: b,
    winnerAt: earlier.at,
    loserAt: later.at,
    winnerGroup: earlier.group,
    loserGroup: later.group,
  });
  if (sameConditions(a.conditions, b.conditions)) return of('duplicate');
  const [first, second] = [groups[earlier.group]?.group, groups[later.group]?.group];
  const ordered =
    first?.direction === 'OUT' &&
    first.priority !== undefined &&
    second?.priority !== undefined &&
    first.priority < second.priority;
  return ordered && covers(a.conditions, b.conditions) ? of('shadowed') : undefined;
}
