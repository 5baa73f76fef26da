import type { LiveSource } from '../../../shared/ipc/analysis';
import type { NodeCollection } from './collection';

/** A collection as the analysis takes it. */
export function sourceOf(collection: NodeCollection): LiveSource {
  return {
    key: collection.id,
    name: collection.beginning.name,
    scope: isCluster(collection) ? 'cluster' : 'node',
    stamp: collection.startedAt ?? 0,
    running: !collection.over,
    files: collection.snapshotFiles.map(({ path, location, bytes }) => ({ path, location, bytes })),
  };
}

/** Objects of a cluster alone, without a node. */
const isCluster = ({ beginning: { target } }: NodeCollection): boolean =>
  target.kind === 'kubernetes' && target.node === null;
