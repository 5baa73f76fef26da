import type { Finding } from '../model/finding';
import type { ParsedFile } from '../parsers/parsed-file';
import { EVIDENCE_NEEDS } from '../rules/evidence-needs';
import type { Rule } from '../rules/rule';

export interface FileInfo {
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly command: string | undefined;
  readonly kinds: readonly string[];
  readonly encoding: string;
  readonly bytes: number;
  readonly lineCount: number;
  readonly readLines: number;
  readonly status: ParsedFile['status'];
  readonly notes: ParsedFile['notes'];
  readonly unread: ParsedFile['unread'];
  readonly usedBy: readonly string[];
}

const MAX_ITEMS = 50;

/** What the Files view says of a file: what it is, how much of it was read, which checks use it. */
export function fileInfo(parsed: ParsedFile, rules: readonly Rule[]): FileInfo {
  const kinds = new Set(parsed.facts.map((f) => f.kind));
  const usedBy = rules.filter((rule) =>
    rule.meta.needs.flat().some((need) => {
      const fact = EVIDENCE_NEEDS[need].fact;
      return fact !== undefined && kinds.has(fact);
    }),
  );
  return {
    path: parsed.file.path,
    name: parsed.file.path.split('/').pop() ?? parsed.file.path,
    title: parsed.title,
    command: parsed.command,
    kinds: parsed.kinds,
    encoding: parsed.file.encoding,
    bytes: parsed.file.originalBytes,
    lineCount: parsed.file.lineCount,
    readLines: parsed.readLines,
    status: parsed.status,
    notes: parsed.notes.slice(0, MAX_ITEMS),
    unread: parsed.unread.slice(0, MAX_ITEMS),
    usedBy: usedBy.map((r) => r.meta.id),
  };
}

/** Evidence of findings that touches lines first..last of a file. */
export function marksIn(
  findings: readonly Finding[],
  path: string,
  first: number,
  last: number,
): {
  readonly line: number;
  readonly endLine: number;
  readonly finding: number;
  readonly severity: Finding['severity'];
}[] {
  return findings.flatMap((finding, index) =>
    finding.evidence
      .filter((e) => e.file === path && e.line <= last && e.endLine >= first)
      .map((e) => ({
        line: e.line,
        endLine: e.endLine,
        finding: index,
        severity: finding.severity,
      })),
  );
}
