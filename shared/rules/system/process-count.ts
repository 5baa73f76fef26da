import type { Evidence } from '../../model/evidence';
import type { FactsOf } from '../../model/facts';
import type { WindowsProcess } from '../../model/system';
import type { ParsedFile } from '../../parsers/parsed-file';
import { factsOfKind } from '../../snapshot/collect-facts';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { endsOpen } from '../../text/text-file';

type Listing = FactsOf<'processes'>;

/** What the newest listing that could have shown a process says of it. */
export interface ProcessCount {
  readonly found: readonly WindowsProcess[];
  /** Lines of the processes, or of the listing where none is. */
  readonly evidence: readonly Evidence[];
}

/** The name without `.exe`, lower case. */
export const processName = (process: WindowsProcess): string =>
  process.name.replace(/\.exe$/i, '').toLowerCase();

/**
 * Counts processes by name. A filtered listing (`ps | findstr kube`) speaks only for names that
 * hold what was searched for. Where several listings speak, the last one added counts: numbers of
 * different times must not add up. Undefined when no listing could have shown the process.
 */
export function countProcesses(
  snapshot: NodeSnapshot,
  name: string,
  matches: (process: string) => boolean = (process) => process === name,
): ProcessCount | undefined {
  const listing = factsOfKind(snapshot.files, 'processes').findLast(({ facts }) =>
    couldShow(facts, name),
  );
  if (!listing) return undefined;
  const seen = new Set<number>();
  const found = listing.facts.items.filter((process) => {
    if (!matches(processName(process))) return false;
    // One process may stand in two tables of a file.
    if (process.pid !== undefined && seen.has(process.pid)) return false;
    if (process.pid !== undefined) seen.add(process.pid);
    return true;
  });
  if (found.length === 0 && maybeCut(listing.file, listing.facts, name)) return undefined;
  return {
    found,
    evidence:
      found.length > 0
        ? found.flatMap(({ evidence }) => evidence.slice(0, 1))
        : [listingAt(listing)],
  };
}

const couldShow = (facts: Listing, name: string): boolean =>
  facts.complete || facts.filter.some((word) => name.includes(word));

/** A listing that ends too early, or in the middle of this very name, does not show that it is missing. */
function maybeCut(file: ParsedFile, facts: Listing, name: string): boolean {
  if (file.notes.some(({ kind }) => kind === 'truncated')) return true;
  const last = facts.items.at(-1);
  return (
    endsOpen(file.file) &&
    last !== undefined &&
    last.evidence[0]?.endLine === file.file.lineCount &&
    name !== processName(last) &&
    name.startsWith(processName(last))
  );
}

/** The lines of a listing that does not show what was looked for. */
function listingAt({
  file,
  facts,
}: {
  readonly file: ParsedFile;
  readonly facts: Listing;
}): Evidence {
  const lines = facts.items.flatMap(({ evidence }) => evidence.map(({ line }) => line));
  const line = lines.length > 0 ? Math.min(...lines) : 1;
  const endLine =
    lines.length > 0 ? Math.max(...lines) : Math.max(1, Math.min(file.file.lineCount, 3));
  return { file: file.file.path, line, endLine };
}
