import { NONE, type Block, type RuleTable } from './vfp-rule-table';

/** What is kept of a group so far: how often each body, and whether a complete listing gave it. */
interface Kept {
  readonly bodies: Map<number, number>;
  whole: boolean;
}

/**
 * Rules that are listed twice. Some collectors run `/list-rule` and then `/get-rule-counter` for
 * each port; both list all rules, the second with counters. Group by group the listing with
 * counters is kept (else the complete one, else the later one). Where the kept one was cut, rules
 * that only another shows stay.
 * Gives 1 for every rule to leave out, or undefined when no port is listed twice.
 */
export function supersededRules(rules: RuleTable): Uint8Array | undefined {
  const byPort = new Map<number, Block[]>();
  for (const block of rules.blocks) {
    const known = byPort.get(block.port);
    if (known) known.push(block);
    else byPort.set(block.port, [block]);
  }
  const twice = [...byPort.values()].filter((blocks) => blocks.length > 1);
  if (twice.length === 0) return undefined;
  const drop = new Uint8Array(rules.length);
  for (const blocks of twice) {
    const groups = new Map<number, Kept>();
    for (const block of [...blocks].sort(better)) keepBlock(rules, block, groups, drop);
  }
  return drop;
}

function better(a: Block, b: Block): number {
  return (
    Number(b.counted) - Number(a.counted) ||
    Number(b.complete) - Number(a.complete) ||
    b.firstRule - a.firstRule
  );
}

function keepBlock(
  rules: RuleTable,
  block: Block,
  groups: Map<number, Kept>,
  drop: Uint8Array,
): void {
  const here = new Map<number, Map<number, number>>();
  for (let rule = block.firstRule; rule < block.endRule; rule += 1) {
    const group = rules.group.at(rule);
    // Rules outside any group may be of different layers: nothing says that they are the same.
    if (group === NONE) continue;
    const kept = at(groups, group, () => ({ bodies: new Map<number, number>(), whole: false }));
    const counts = at(here, group, () => new Map<number, number>());
    const body = rules.bodyId.at(rule);
    const count = (counts.get(body) ?? 0) + 1;
    counts.set(body, count);
    if (kept.whole || count <= (kept.bodies.get(body) ?? 0)) drop[rule] = 1;
  }
  for (const [group, counts] of here) {
    const kept = groups.get(group);
    if (!kept) continue;
    for (const [body, count] of counts) {
      kept.bodies.set(body, Math.max(count, kept.bodies.get(body) ?? 0));
    }
    kept.whole ||= block.complete;
  }
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
