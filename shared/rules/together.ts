import type { FindingDraft } from './rule';

/** From so many on, findings that tell the same of different objects become one. */
const LEAST = 3;
const SHOWN = 10;

/**
 * Findings that differ in nothing but their object, as one where there are many: a fault of the whole
 * node is one thing to read and to repair. `told` gives its title and summary; cause and remedy are
 * those of the first.
 */
export function together(
  drafts: readonly FindingDraft[],
  told: (count: number) => { readonly title: string; readonly summary: string },
): readonly FindingDraft[] {
  const [first] = drafts;
  if (first === undefined || drafts.length < LEAST) return drafts;
  return [
    {
      ...first,
      ...told(drafts.length),
      entities: drafts.flatMap(({ entities }) => entities),
      evidence: drafts.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, SHOWN),
    },
  ];
}

/** Drafts by what they have in common, in order. */
export function alike<T>(items: readonly T[], key: (item: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
