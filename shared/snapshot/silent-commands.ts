import type { FactKind } from '../model/facts';
import type { ParsedFile } from '../parsers/parsed-file';
import { factsOfKind, namesKind } from './collect-facts';
import { besideReport } from './collection-cuts';
import type { EvidenceState } from './node-snapshot';

/** Kinds whose command prints nothing at all where there is none of it. */
const SILENT: readonly FactKind[] = ['windows-nat'];

/**
 * An empty file is no evidence, unless the collector reports that its command ran to the end and
 * printed nothing: then it says that the node has none.
 */
export function withSilentCommands(
  states: ReadonlyMap<FactKind, EvidenceState>,
  files: readonly ParsedFile[],
): Map<FactKind, EvidenceState> {
  const all = new Map(states);
  for (const kind of SILENT) {
    const state = all.get(kind);
    if (state?.state === 'empty' && ranWell(files, kind, state.files))
      all.set(kind, { ...state, state: 'present' });
  }
  return all;
}

function ranWell(files: readonly ParsedFile[], kind: FactKind, paths: readonly string[]): boolean {
  return factsOfKind(files, 'collections').some(({ facts }) =>
    facts.items.some(({ file, sections }) =>
      sections.some(
        (s) =>
          s.state === 'ok' && namesKind(s.path, kind) && paths.includes(besideReport(file, s.path)),
      ),
    ),
  );
}
