import type { Evidence } from '../model/evidence';
import type { FactKind } from '../model/facts';
import type { FieldLines, HnsField } from '../model/hns';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** Lines of the first of these fields that the file shows; else of the object as a whole. */
export function fieldEvidence(
  object: { readonly evidence: readonly Evidence[]; readonly fieldLines?: FieldLines | undefined },
  ...fields: readonly HnsField[]
): Evidence[] {
  for (const name of fields) {
    const found = object.fieldLines?.get(name);
    if (found) return [found];
  }
  return object.evidence.slice(0, 1);
}

/** How many lines are looked through for the exact one; an object of HNS is shorter. */
const MAX_LINES = 2000;

/**
 * The one line of a range that holds a text (letter case ignored); the range itself when none does.
 * `reach` looks that many lines further: where an object is known by its first line only.
 */
export function lineWith(
  snapshot: NodeSnapshot,
  evidence: readonly Evidence[],
  text: string,
  reach = 0,
): Evidence[] {
  const wanted = text.toLowerCase();
  return evidence.map((place) => {
    const { file, line, endLine } = place;
    const parsed = [...snapshot.files, ...snapshot.cluster.files].find((f) => f.file.path === file);
    const last = Math.min(endLine + reach, line + MAX_LINES);
    const at =
      parsed?.file.lines(line, last).findIndex((l) => l.toLowerCase().includes(wanted)) ?? -1;
    return at < 0 ? place : { file, line: line + at, endLine: line + at };
  });
}

/** The first filled line of each file that lists a kind of object: evidence of what a listing does not show. */
export function listingEvidence(snapshot: NodeSnapshot, kind: FactKind): Evidence[] {
  const paths = snapshot.evidence.get(kind)?.files ?? [];
  return paths.slice(0, 2).map((path) => {
    const parsed = [...snapshot.files, ...snapshot.cluster.files].find((f) => f.file.path === path);
    const filled = parsed?.file.lines(1, 50).findIndex((text) => text.trim() !== '') ?? -1;
    const line = Math.max(filled, 0) + 1;
    return { file: path, line, endLine: line };
  });
}

/** Does some listing show all objects of the kind, so that "not listed" means "not there"? */
export function isWholeListing(snapshot: NodeSnapshot, kind: FactKind): boolean {
  return snapshot.evidence.get(kind)?.state === 'present';
}

/** `1 pod`, `3 pods`. */
export function countOf(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Names for a sentence: the first few, and how many more. */
export function someOf(names: readonly string[], limit = 4): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
