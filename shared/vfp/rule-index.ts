import type { Evidence } from '../model/evidence';
import type { VfpDirection, VfpDump, VfpGroup, VfpLayer, VfpRuleBody } from '../model/vfp';
import {
  compileConditions,
  openBits,
  type CompiledConditions,
  type MatchSubject,
} from './conditions';

/** A rule ready to be held against headers. Rules of equal text share `body` and `conditions`. */
export interface IndexedRule {
  readonly index: number;
  readonly body: VfpRuleBody;
  readonly conditions: CompiledConditions;
}

export interface IndexedGroup {
  readonly group: VfpGroup;
  readonly conditions: CompiledConditions;
  /** How the best rule is told: by the longest prefix of the destination, or by priority. */
  readonly by: 'prefix' | 'priority' | 'priority-assumed';
  /** Rules that may match, best first. Those whose destination is another single address are left out. */
  candidates(subject: MatchSubject): readonly IndexedRule[];
  /** True when it has rules and all of them allow or block. */
  filtersOnly(): boolean;
  /** Those of all its rules, each once. */
  conditionsOfRules(): readonly CompiledConditions[];
}

export interface IndexedLayer {
  readonly layer: VfpLayer;
  /** Ascending priority. */
  readonly groups: readonly IndexedGroup[];
}

/** Rules of a dump in the order VFP meets them. */
export interface RuleIndex {
  /** Layers of a port in the order a packet meets them in this direction. */
  layersOf(port: number, direction: VfpDirection): readonly IndexedLayer[];
  evidenceOf(rule: number): Evidence;
  /** Has any rule of the port counted a packet? Where none has, "never hit" says nothing. */
  counts(port: number): boolean;
}

const made = new WeakMap<VfpDump, RuleIndex>();

/** The index of a dump, made once; ports and groups are filled when a packet first comes to them. */
export function ruleIndex(dump: VfpDump): RuleIndex {
  const known = made.get(dump);
  if (known) return known;
  const index = makeIndex(dump);
  made.set(dump, index);
  return index;
}

/** Counters are text: so many rules of a port are looked at; those of its filters come first. */
const MOST_COUNTED = 200;

const LAST = Number.MAX_SAFE_INTEGER;
const byPriority = (
  a: { readonly priority: number | undefined; readonly index: number },
  b: { readonly priority: number | undefined; readonly index: number },
): number => (a.priority ?? LAST) - (b.priority ?? LAST) || a.index - b.index;

function grouped<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function makeIndex(dump: VfpDump): RuleIndex {
  const layersByPort = grouped(dump.layers, (layer) => layer.port);
  const groupsByLayer = grouped(dump.groups, (group) => group.layer);
  const conditions = new Map<number, CompiledConditions>();
  const conditionsOf = (bodyId: number): CompiledConditions => {
    let compiled = conditions.get(bodyId);
    if (!compiled) {
      const { conditions: printed, flags } = dump.body(bodyId);
      compiled = compileConditions(printed, flags);
      conditions.set(bodyId, compiled);
    }
    return compiled;
  };
  const counting = new Map<number, boolean>();
  const ports = new Map<number, readonly IndexedLayer[]>();
  const ascending = (port: number): readonly IndexedLayer[] => {
    let layers = ports.get(port);
    if (!layers) {
      layers = (layersByPort.get(port) ?? []).toSorted(byPriority).map((layer) => ({
        layer,
        groups: (groupsByLayer.get(layer.index) ?? [])
          .toSorted(byPriority)
          .map((group) => indexGroup(dump, group, conditionsOf)),
      }));
      ports.set(port, layers);
    }
    return layers;
  };
  return {
    layersOf: (port, direction) =>
      direction === 'OUT' ? ascending(port) : ascending(port).toReversed(),
    evidenceOf: (rule) => dump.rule(rule).evidence,
    counts: (port) => {
      let known = counting.get(port);
      if (known === undefined) {
        known = dump
          .rulesOfPort(port)
          .slice(0, MOST_COUNTED)
          .some((rule) => (dump.counters(rule)?.matchedPackets ?? 0) > 0);
        counting.set(port, known);
      }
      return known;
    },
  };
}

function indexGroup(
  dump: VfpDump,
  group: VfpGroup,
  conditionsOf: (bodyId: number) => CompiledConditions,
): IndexedGroup {
  const by = /longest prefix[^,]*destination/i.test(group.matchType)
    ? 'prefix'
    : group.matchType === '' || /priority/i.test(group.matchType)
      ? 'priority'
      : 'priority-assumed';
  let filled: Filled | undefined;
  const rules = (): Filled => (filled ??= fill(dump, group, conditionsOf));
  return {
    group,
    conditions: compileConditions(group.conditions),
    by,
    candidates(subject) {
      const { single, other } = rules();
      const key = subject.destination && addressKey(subject.destination);
      const some =
        key === undefined
          ? [...new Set([...single.values()].flat()), ...other]
          : [...(single.get(key) ?? []), ...other];
      if (by !== 'prefix') return some.sort(inOrder);
      const open = new Map(some.map((rule) => [rule, openBits(rule.conditions, subject)]));
      return some.sort((a, b) => (open.get(a) ?? 0) - (open.get(b) ?? 0) || inOrder(a, b));
    },
    filtersOnly: () => rules().filtersOnly,
    conditionsOfRules: () => {
      const { single, other } = rules();
      return [...new Set([...single.values(), other].flat().map((rule) => rule.conditions))];
    },
  };
}

const inOrder = (a: IndexedRule, b: IndexedRule): number =>
  byPriority(
    { priority: a.body.priority, index: a.index },
    { priority: b.body.priority, index: b.index },
  );

const addressKey = ({ family, value }: { family: 4 | 6; value: bigint }): string =>
  `${family} ${value}`;

interface Filled {
  /** Rules whose destinations are single addresses, by address. */
  readonly single: ReadonlyMap<string, readonly IndexedRule[]>;
  readonly other: readonly IndexedRule[];
  readonly filtersOnly: boolean;
}

function fill(
  dump: VfpDump,
  group: VfpGroup,
  conditionsOf: (bodyId: number) => CompiledConditions,
): Filled {
  const single = new Map<string, IndexedRule[]>();
  const other: IndexedRule[] = [];
  let filters = true;
  for (const index of dump.rulesOfGroup(group.index)) {
    const bodyId = dump.bodyIdOf(index);
    const rule: IndexedRule = { index, body: dump.body(bodyId), conditions: conditionsOf(bodyId) };
    filters &&= rule.body.type === 'allow' || rule.body.type === 'block';
    const { destinations, destinationsRead } = rule.conditions;
    if (!destinationsRead || destinations?.every(({ from, to }) => from === to) !== true) {
      other.push(rule);
      continue;
    }
    for (const { family, from } of destinations) {
      const key = addressKey({ family, value: from });
      const list = single.get(key);
      if (list) list.push(rule);
      else single.set(key, [rule]);
    }
  }
  return { single, other, filtersOnly: filters && group.ruleCount > 0 };
}
