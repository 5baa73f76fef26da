import { snapshotSummary } from '../../../shared/views/snapshot-summary';
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
