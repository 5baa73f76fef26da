import type { CheckView } from '../../shared/ipc/finding-schemas';

/** Checks that lack the same evidence share one card: one paste serves them all. */
export function groupByMissing(checks: readonly CheckView[]): readonly (readonly CheckView[])[] {
  const groups = new Map<string, CheckView[]>();
  for (const check of checks) {
    const commands = check.missing.map(({ command }) => command).sort();
    const key = commands.length === 0 ? `alone ${check.ruleId}` : commands.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}
