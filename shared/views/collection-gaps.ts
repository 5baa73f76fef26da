import type { ParsedFile } from '../parsers/parsed-file';
import { factsOfKind } from '../snapshot/collect-facts';

const mostNamed = 6;

/**
 * What is missing from a collection, in a sentence; undefined where all came, or where no collector
 * tells. It is said by the report that lies in every bundle of this program.
 */
export function collectionGaps(files: readonly ParsedFile[]): string | undefined {
  const reports = factsOfKind(files, 'collections').flatMap(({ facts }) => [...facts.items]);
  const cut = reports.filter(({ complete }) => complete === false);
  if (cut.length === 0) return undefined;
  const lost = cut.flatMap(({ sections }) =>
    sections.filter(({ state }) => state !== 'ok' && state !== 'missing'),
  );
  const names = [...new Set(lost.map(({ section }) => section))];
  if (names.length === 0) return 'It broke off: what would have followed is missing.';
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return `Not whole: ${names.slice(0, mostNamed).join(', ')}${more}.`;
}
