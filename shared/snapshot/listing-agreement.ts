import type { FactsOf } from '../model/facts';
import type { ParsedFile } from '../parsers/parsed-file';
import type { Contradiction } from './node-snapshot';

type Listing = FactsOf<'hns-endpoints' | 'hns-load-balancers' | 'hns-networks'>;

/** A little churn between two commands of one collection is normal; more means excerpts or other times. */
const TOLERATED_SHARE = 0.2;
const TOLERATED_COUNT = 1;

/**
 * Holds full listings of one kind (endpoint.txt against hnsdiag.txt) against each other. When they
 * disagree on more than a fifth of the objects they are excerpts or from different moments, and
 * "not listed" proves nothing: the evidence is then partial.
 */
export function listingAgreement(
  listings: readonly { readonly file: ParsedFile; readonly facts: Listing }[],
  what: string,
): { readonly agree: boolean; readonly contradictions: readonly Contradiction[] } {
  const byFile = new Map<string, Map<string, Listing['items'][number]>>();
  for (const { file, facts } of listings) {
    const ids = byFile.get(file.file.path) ?? new Map<string, Listing['items'][number]>();
    for (const item of facts.items) ids.set(item.id, item);
    byFile.set(file.file.path, ids);
  }
  if (byFile.size < 2) return { agree: true, contradictions: [] };
  const union = new Map<string, Listing['items'][number]>();
  for (const ids of byFile.values())
    for (const [id, item] of ids) if (!union.has(id)) union.set(id, item);
  const disputed = [...union].filter(([id]) => [...byFile.values()].some((ids) => !ids.has(id)));
  const tolerated = Math.max(TOLERATED_COUNT, union.size * TOLERATED_SHARE);
  const contradictions = disputed.slice(0, 50).flatMap(([id, item]): Contradiction[] => {
    const evidence = item.evidence[0];
    if (!evidence) return [];
    const absentFrom = [...byFile].filter(([, ids]) => !ids.has(id)).map(([path]) => path);
    return [
      {
        object: `${what} ${id}`,
        field: 'listed',
        values: [
          { value: `listed in ${evidence.file}`, evidence },
          ...absentFrom.map((path) => ({
            value: `not listed in ${path}`,
            evidence: { file: path, line: 1, endLine: 1 },
          })),
        ],
      },
    ];
  });
  return { agree: disputed.length <= tolerated, contradictions };
}
