import type { VfpDump } from '../../model/vfp';
import { vfpPortRef, vfpRuleRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { wasListed } from '../../snapshot/vfp-ports';
import { groupConflicts, type RuleConflict } from '../../vfp/group-conflicts';
import { layerConflicts, type LayerConflict } from '../../vfp/layer-conflicts';
import { ruleIndex, type IndexedGroup } from '../../vfp/rule-index';
import { firedOrPassed, notChecked, type FindingDraft, type Outcome } from '../rule';

/** A conflict with every port that has it: equal groups stand on many ports. */
export interface PortConflict {
  readonly conflict: RuleConflict;
  readonly dump: VfpDump;
  readonly layer: string;
  readonly group: string;
  /** The group of the winner, where it is another one. */
  readonly otherGroup: string | undefined;
  /** Groups that have it, by index in the dump: of the loser and of the winner, port by port. */
  readonly groups: readonly (readonly [loser: number, winner: number])[];
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
  const programs = new Programs(dump);
  let groups = 0;
  for (const port of ports) {
    for (const { layer, groups: own } of index.layersOf(port, 'OUT')) {
      for (const each of own) {
        if (each.group.ruleCount < 2) continue;
        groups += 1;
        programs.add(layer.name, [each], () =>
          groupConflicts(dump, each).map((found) => ({ ...found, winnerGroup: 0, loserGroup: 0 })),
        );
      }
      for (const some of together(own))
        programs.add(layer.name, some, () => layerConflicts(dump, some));
    }
  }
  return { groups, conflicts: programs.conflicts() };
}

/** Groups of a layer that a packet meets one after the other: two or more of one direction and address type. */
function together(groups: readonly IndexedGroup[]): readonly (readonly IndexedGroup[])[] {
  const met = new Map<string, IndexedGroup[]>();
  for (const each of groups) {
    const { direction, type, ruleCount } = each.group;
    if (direction === undefined || ruleCount === 0 || each.by === 'priority-assumed') continue;
    const key = `${direction} ${type}`;
    met.set(key, [...(met.get(key) ?? []), each]);
  }
  return [...met.values()].filter(({ length }) => length > 1);
}

/** Groups with the same rules in the same order are judged once for all ports that have them. */
class Programs {
  readonly #known = new Map<
    string,
    {
      readonly found: readonly LayerConflict[];
      readonly layer: string;
      /** Groups of each port, as in the list that was judged. */
      readonly ports: (readonly number[])[];
    }
  >();

  constructor(private readonly dump: VfpDump) {}

  add(layer: string, groups: readonly IndexedGroup[], judge: () => readonly LayerConflict[]): void {
    const { dump } = this;
    const key = `${layer} ${groups
      .map(({ group, by }) => {
        const bodies = dump.rulesOfGroup(group.index).map((rule) => dump.bodyIdOf(rule));
        return `${group.name} ${by} ${group.priority ?? ''} ${bodies.join()}`;
      })
      .join('; ')}`;
    const indexes = groups.map(({ group }) => group.index);
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, { found: judge(), layer, ports: [indexes] });
    else known.ports.push(indexes);
  }

  conflicts(): readonly PortConflict[] {
    const { dump } = this;
    const nameOf = (group: number | undefined): string => dump.groups[group ?? -1]?.name ?? '';
    return [...this.#known.values()].flatMap(({ found, layer, ports }) =>
      found.map((conflict) => ({
        conflict,
        dump,
        layer,
        group: nameOf(ports[0]?.[conflict.loserGroup]),
        otherGroup:
          conflict.winnerGroup === conflict.loserGroup
            ? undefined
            : nameOf(ports[0]?.[conflict.winnerGroup]),
        groups: ports.map(
          (own) => [own[conflict.loserGroup] ?? -1, own[conflict.winnerGroup] ?? -1] as const,
        ),
      })),
    );
  }
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
  const [[loser, winner] = [-1, -1]] = groups;
  const at = [
    dump.rulesOfGroup(loser)[conflict.loserAt],
    dump.rulesOfGroup(winner)[conflict.winnerAt],
  ].filter((rule) => rule !== undefined);
  const ports = groups.flatMap(([group]) => dump.groups[group]?.port ?? []).slice(0, 5);
  return {
    evidence: at.map((rule) => dump.rule(rule).evidence),
    entities: [
      ...at.map((rule) => vfpRuleRef(dump.file, rule, dump.body(dump.bodyIdOf(rule)).name)),
      ...ports.map((port) => vfpPortRef(dump.file, port, dump.ports[port]?.name ?? '')),
    ],
  };
}
