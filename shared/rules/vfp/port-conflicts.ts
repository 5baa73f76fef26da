import type { VfpDump } from '../../model/vfp';
import { vfpPortRef, vfpRuleRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { wasListed } from '../../snapshot/vfp-ports';
import { groupConflicts, type RuleConflict } from '../../vfp/group-conflicts';
import { ruleIndex } from '../../vfp/rule-index';
import { firedOrPassed, notChecked, type FindingDraft, type Outcome } from '../rule';

/** A conflict with every port that has it: equal groups stand on many ports. */
export interface PortConflict {
  readonly conflict: RuleConflict;
  readonly dump: VfpDump;
  readonly layer: string;
  readonly group: string;
  /** Groups that have it, by index in the dump. */
  readonly groups: readonly number[];
}

interface Conflicts {
  readonly conflicts: readonly PortConflict[];
  readonly ports: number;
  readonly groups: number;
}

const made = new WeakMap<NodeSnapshot, Conflicts>();

/** Conflicts of all ports whose rules were listed completely; made once for all rules that ask. */
function portConflicts(snapshot: NodeSnapshot): Conflicts {
  const known = made.get(snapshot);
  if (known !== undefined) return known;
  const listed = snapshot.vfp.map((dump) => ({ dump, ports: dump.ports.filter(wasListed) }));
  const all = listed.map(({ dump, ports }) =>
    conflictsOf(dump, new Set(ports.map((p) => p.index))),
  );
  const found: Conflicts = {
    conflicts: all.flatMap(({ conflicts }) => conflicts),
    ports: listed.reduce((sum, { ports }) => sum + ports.length, 0),
    groups: all.reduce((sum, { groups }) => sum + groups, 0),
  };
  made.set(snapshot, found);
  return found;
}

function conflictsOf(
  dump: VfpDump,
  ports: ReadonlySet<number>,
): Pick<Conflicts, 'conflicts' | 'groups'> {
  const index = ruleIndex(dump);
  /** Groups with the same rules in the same order, by these rules. */
  const programs = new Map<
    string,
    { readonly found: readonly RuleConflict[]; groups: number[]; layer: string; group: string }
  >();
  let groups = 0;
  for (const port of ports) {
    for (const { layer, groups: own } of index.layersOf(port, 'OUT')) {
      for (const each of own) {
        if (each.group.ruleCount < 2) continue;
        groups += 1;
        const bodies = dump.rulesOfGroup(each.group.index).map((rule) => dump.bodyIdOf(rule));
        const key = `${layer.name} ${each.group.name} ${each.by} ${bodies.join()}`;
        const known = programs.get(key);
        if (known !== undefined) known.groups.push(each.group.index);
        else
          programs.set(key, {
            found: groupConflicts(dump, each),
            groups: [each.group.index],
            layer: layer.name,
            group: each.group.name,
          });
      }
    }
  }
  return {
    groups,
    conflicts: [...programs.values()].flatMap(({ found, groups: having, layer, group }) =>
      found.map((conflict) => ({ conflict, dump, layer, group, groups: having })),
    ),
  };
}

/** The outcome of a rule about one kind of conflict. */
export function judgeConflicts(
  snapshot: NodeSnapshot,
  kind: RuleConflict['kind'],
  draft: (found: PortConflict, where: string) => Omit<FindingDraft, 'entities' | 'evidence'>,
): Outcome {
  const { conflicts, ports, groups } = portConflicts(snapshot);
  if (ports === 0) return notChecked('No port was listed completely in the dump', 'vfp');
  const findings = conflicts
    .filter(({ conflict }) => conflict.kind === kind)
    .map((found): FindingDraft => ({ ...draft(found, whereOf(found)), ...factsOf(found) }));
  return firedOrPassed(
    findings,
    `${groups} groups with several rules on ${ports} ${ports === 1 ? 'port' : 'ports'}`,
  );
}

const whereOf = ({ layer, group, groups }: PortConflict): string =>
  `${layer} / ${group} of ${groups.length} ${groups.length === 1 ? 'port' : 'ports'}`;

function factsOf({
  conflict,
  dump,
  groups,
}: PortConflict): Pick<FindingDraft, 'entities' | 'evidence'> {
  const [first = 0] = groups;
  const rules = dump.rulesOfGroup(first);
  const at = [conflict.loserAt, conflict.winnerAt].flatMap((place) => rules[place] ?? []);
  const ports = groups.flatMap((group) => dump.groups[group]?.port ?? []).slice(0, 5);
  return {
    evidence: at.map((rule) => dump.rule(rule).evidence),
    entities: [
      ...at.map((rule) => vfpRuleRef(dump.file, rule, dump.body(dump.bodyIdOf(rule)).name)),
      ...ports.map((port) => vfpPortRef(dump.file, port, dump.ports[port]?.name ?? '')),
    ],
  };
}
