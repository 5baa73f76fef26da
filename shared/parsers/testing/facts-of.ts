import type { FactKind, Facts, FactsOf } from '../../model/facts';

/** The items of all facts of one kind. */
export function factItems<K extends FactKind>(
  facts: readonly Facts[],
  kind: K,
): FactsOf<K>['items'][number][] {
  const isKind = (fact: Facts): fact is FactsOf<K> => fact.kind === kind;
  return facts.filter(isKind).flatMap((fact) => [...fact.items] as FactsOf<K>['items'][number][]);
}
