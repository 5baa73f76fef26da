import type { CollectedSection, SectionState } from '../model/collection';
import type { ParseNote } from '../model/evidence';
import type { FactKind } from '../model/facts';
import type { ParsedFile } from '../parsers/parsed-file';
import { factsOfKind, namesKind } from './collect-facts';

/**
 * Marks what a collector itself says it could not read to the end: such a file may look whole (it
 * ends with a line), but what followed is lost and nothing may be said to be missing from it.
 */
export function withCollectorCuts(files: readonly ParsedFile[]): readonly ParsedFile[] {
  const cuts = new Map<string, CollectedSection>();
  for (const { facts } of factsOfKind(files, 'collections')) {
    for (const { file, sections } of facts.items) {
      for (const section of sections)
        if (CUT[section.state] !== undefined && section.path !== '')
          cuts.set(besideReport(file, section.path), section);
    }
  }
  if (cuts.size === 0) return files;
  return files.map((parsed) => {
    const section = cuts.get(parsed.file.path);
    return section === undefined || parsed.file.lineCount === 0 ? parsed : cut(parsed, section);
  });
}

/** The path in the case of a file that a report names. */
export function besideReport(report: string, path: string): string {
  return report.slice(0, report.lastIndexOf('/') + 1) + path;
}

/**
 * Why a kind of evidence is not there, in the words of the collector's report: its section failed,
 * or the node lacks the tool. Undefined where the report says nothing.
 */
export function whyNotCollected(files: readonly ParsedFile[], kind: FactKind): string | undefined {
  for (const { file, facts } of factsOfKind(files, 'collections')) {
    for (const { sections } of facts.items) {
      const failed = sections.find((s) => s.state !== 'ok' && namesKind(s.path, kind));
      const line = failed?.evidence[0]?.line;
      const note = file.notes.find((n) => n.line === line);
      if (note) return `the collector reports ${note.message}`;
    }
  }
  return undefined;
}

/** Why a file ends early, by the state of its section. */
const CUT: Readonly<Partial<Record<SectionState, string>>> = {
  error: 'the section failed on the node',
  timeout: 'the section took too long and was stopped',
  truncated: 'the section passed its limit',
  damaged: 'it was damaged on the way',
  'cut off': 'the connection was lost',
};

function cut(parsed: ParsedFile, { state, evidence }: CollectedSection): ParsedFile {
  const line = parsed.file.lineCount;
  const note: ParseNote = {
    line,
    endLine: line,
    message: `The collector could not read this to its end: ${CUT[state] ?? state} (${evidence[0]?.file ?? 'collection report'}, line ${evidence[0]?.line ?? 1})`,
    kind: 'truncated',
  };
  return {
    ...parsed,
    status: parsed.status === 'parsed' ? 'partial' : parsed.status,
    notes: [...parsed.notes, note],
  };
}
