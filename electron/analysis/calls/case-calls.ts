import type { NodeInput } from '../../../shared/snapshot/assemble';
import type { NodeSnapshot } from '../../../shared/snapshot/node-snapshot';
import { collectionGaps } from '../../../shared/views/collection-gaps';
import { snapshotSummary } from '../../../shared/views/snapshot-summary';
import { isLive } from '../live-input';
import { collectorText } from '../load-case';
import type { Handlers } from './handler';

export const caseCalls: Handlers<'case:summary'> = {
  'case:summary': (_args, { case: open }) => {
    const { state } = open;
    return {
      caseId: open.id,
      title: open.title,
      nodes: state.case.nodes.map((node) => ({
        name: node.name,
        snapshots: node.snapshots.map((s) => ({
          ...snapshotSummary(s, state.findings, state.checks),
          collector: collectorText(s.files),
          incomplete: collectionGaps(s.files),
          live: liveOf(s.files, state.inputs),
        })),
      })),
      rejected: open.rejected.slice(0, 500),
      nestedArchives: open.nestedArchives.slice(0, 200),
      clusterFiles: state.case.cluster.files.map((f) => f.file.path),
      canUndo: open.undoLabel !== undefined,
      undoLabel: open.undoLabel,
      sampleNote: open.sampleNote,
    };
  },
};

/** The collection that a snapshot is made of. */
function liveOf(
  files: NodeSnapshot['files'],
  inputs: readonly NodeInput[],
): { readonly key: string; readonly running: boolean } | undefined {
  const input = inputs.filter(isLive).find((each) => each.files === files);
  return input === undefined ? undefined : { key: input.live, running: input.running };
}
