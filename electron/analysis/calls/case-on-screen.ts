import type { Case } from '../../../shared/snapshot/node-snapshot';
import { contextOf, type CallAbout } from './handler';

/** The case with the snapshot on screen as the latest of its node: that is what a trace walks through. */
export function caseOnScreen(about: Pick<CallAbout, 'case'>, snapshotId: string): Case {
  const { case: whole } = about.case.state;
  const { snapshot } = contextOf(about, snapshotId);
  const isLatest = whole.nodes.some(({ snapshots }) => snapshots.at(-1) === snapshot);
  if (isLatest) return whole;
  return about.case.keep('trace-case', snapshotId, () => ({
    ...whole,
    nodes: whole.nodes.map((node) =>
      node.snapshots.includes(snapshot) ? { ...node, snapshots: [snapshot] } : node,
    ),
  }));
}
