import type { Evidence } from '../model/evidence';
import { blankSecrets } from '../secrets/blank-secrets';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import type { TextFile } from '../text/text-file';
import { snapshotsOf } from './report-input';

const LINES = 12;
const WIDTH = 400;

/** Lines of evidence as they stand in the file, secrets blanked, long ones cut. */
export interface Excerpt {
  /** Bundle-relative, as the reader of a report knows the file. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly lines: readonly string[];
  /** Lines of the evidence beyond those shown. */
  readonly more: number;
}

/** Finds the text of evidence in the files of a case. */
export class Excerpts {
  private readonly files = new Map<string, TextFile>();

  constructor(theCase: Case) {
    const all = [
      ...snapshotsOf(theCase).flatMap((snapshot) => snapshot.files),
      ...theCase.cluster.files,
    ];
    for (const { file } of all) this.files.set(file.path, file);
  }

  /** The excerpt of a finding on `snapshot`; its own files lose the prefix that tells nodes apart. */
  of(evidence: Evidence, snapshot: NodeSnapshot | undefined): Excerpt {
    const last = Math.min(evidence.endLine, evidence.line + LINES - 1);
    const lines = this.files.get(evidence.file)?.lines(evidence.line, last) ?? [];
    return {
      file: bundlePath(evidence.file, snapshot),
      line: evidence.line,
      endLine: evidence.endLine,
      lines: blankSecrets(lines).map((line) =>
        line.length > WIDTH ? `${line.slice(0, WIDTH)} …` : line,
      ),
      more: Math.max(0, evidence.endLine - last),
    };
  }
}

/** A path of the case as it stands in its bundle. */
export function bundlePath(
  path: string,
  snapshot: Pick<NodeSnapshot, 'pathPrefix'> | undefined,
): string {
  const prefix = snapshot?.pathPrefix ?? '';
  return prefix !== '' && path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
