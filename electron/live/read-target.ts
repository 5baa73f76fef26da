import type { LiveTarget } from '../../shared/ipc/live';
import { collectNode, type CollectOptions } from '../collect/collect-node';
import { collectCluster } from '../collect/cluster/collect-cluster';
import { nodeInCluster, withClusterObjects } from '../collect/cluster/node-in-cluster';
import type { FrameStream } from '../collect/frame-reader';
import { openCluster } from './cluster-way';
import type { Questions } from './questions';
import { openWay } from './way-to';

/**
 * Signs in to where a connection leads and reads it: a node, a node with the objects of its cluster,
 * or a cluster.
 * @param onStage told what is being done on the way
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function readTarget(
  target: LiveTarget,
  options: CollectOptions,
  questions: Questions,
  onStage: (text: string) => void,
): Promise<FrameStream> {
  const { signal } = options;
  if (target.kind === 'kubernetes') {
    const connection = await openCluster(target.cluster, questions, signal, onStage);
    const all = { ...options, namespaces: [], onNote: onStage };
    return target.node === null
      ? collectCluster(connection, all)
      : nodeInCluster(connection, target.node, all);
  }
  const way = await openWay(target, questions, signal, onStage);
  try {
    onStage('starting the collector');
    const collected = await collectNode(way.runner, options);
    const stream = { ...collected, notes: [...(way.notes ?? []), ...collected.notes] };
    const { cluster } = target;
    if (cluster === null) return stream;
    const connect = () => openCluster(cluster, questions, signal, onStage);
    return await withClusterObjects(stream, connect, { ...options, namespaces: [] });
  } finally {
    await way.close();
  }
}
