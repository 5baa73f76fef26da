import type { EntityKind, EntityRef, Finding, Severity } from '../model/finding';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';

/** What every view of one snapshot needs beside it: which findings speak of which object. */
export interface ViewContext {
  readonly snapshot: NodeSnapshot;
  readonly case: Case;
  readonly findings: readonly Finding[];
  /** Indexes of findings of this snapshot that name the object, worst first. */
  findingsOf(kind: EntityKind, id: string): readonly number[];
  /** Worst severity of the findings that name the object. */
  severityOf(kind: EntityKind, id: string): Severity | undefined;
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Indexes the findings of a snapshot by the objects they name. */
export function viewContext(
  snapshot: NodeSnapshot,
  theCase: Case,
  findings: readonly Finding[],
): ViewContext {
  const byEntity = new Map<string, number[]>();
  findings.forEach((finding, index) => {
    if (finding.snapshotId !== snapshot.id) return;
    for (const entity of finding.entities) {
      const key = `${entity.kind} ${entity.id}`;
      const list = byEntity.get(key);
      if (list) list.push(index);
      else byEntity.set(key, [index]);
    }
  });
  const severityAt = (index: number): number => RANK[findings[index]?.severity ?? 'info'];
  for (const list of byEntity.values()) list.sort((a, b) => severityAt(a) - severityAt(b));
  const findingsOf = (kind: EntityKind, id: string): readonly number[] =>
    byEntity.get(`${kind} ${id}`) ?? [];
  return {
    snapshot,
    case: theCase,
    findings,
    findingsOf,
    severityOf: (kind, id) => findings[findingsOf(kind, id)[0] ?? -1]?.severity,
  };
}

/** The tone of an object in tables and graphs: the worst of its findings; info colours nothing. */
export function toneOf(context: ViewContext, ref: EntityRef): 'error' | 'warning' | undefined {
  const severity = context.severityOf(ref.kind, ref.id);
  return severity === 'error' || severity === 'warning' ? severity : undefined;
}

/** The tone of what an object lacks: alarming only where a finding says so, since listings may be of two moments. */
export const lackTone = (context: ViewContext, ref: EntityRef): 'error' | 'warning' =>
  toneOf(context, ref) ?? 'warning';
