import type { CitedPacket, Evidence } from '../model/evidence';
import { blankSecrets } from '../secrets/blank-secrets';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import type { TextFile } from '../text/text-file';
import { snapshotsOf } from './report-input';

const LINES = 12;
/** A message of kubelet names the call and its code at the end, behind the pod and its ids. */
const WIDTH = 800;
const CONTEXT = 2;

/** Lines of evidence as they stand in the file, secrets blanked, long ones cut. */
export interface Excerpt {
  /** Bundle-relative, as the reader of a report knows the file. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly packet?: CitedPacket;
  readonly lines: readonly string[];
  /** Lines around it, for reading it in place; not evidence themselves. */
  readonly before: readonly string[];
  readonly after: readonly string[];
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
    const file = this.files.get(evidence.file);
    const first = Math.max(1, evidence.line - CONTEXT);
    // Blanked together: a key may begin before the lines that are shown.
    const all = blankSecrets(file?.lines(first, last + CONTEXT) ?? []).map((line) =>
      line.length > WIDTH ? `${line.slice(0, WIDTH)} …` : line,
    );
    const start = evidence.line - first;
    const end = start + last - evidence.line + 1;
    return {
      file: bundlePath(evidence.file, snapshot),
      line: evidence.line,
      endLine: evidence.endLine,
      ...(evidence.packet === undefined ? {} : { packet: evidence.packet }),
      lines: all.slice(start, end),
      before: all.slice(0, start),
      after: last < evidence.endLine ? [] : all.slice(end),
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
