import { ApiFailure } from '../../transports/kubernetes/api-failure';
import { clusterNodes } from '../../transports/kubernetes/cluster-nodes';
import type { KubernetesConnection } from '../../transports/kubernetes/connect';
import { nodeByPod } from '../../transports/kubernetes/way';
import { TransportError } from '../../transports/transport';
import { collectNode, type CollectOptions } from '../collect-node';
import type { FrameStream } from '../frame-reader';
import { collectCluster, type ClusterOptions } from './collect-cluster';
import { joinStreams } from './join-streams';

/** What is asked for of a node and its cluster. */
export interface NodeInClusterOptions extends CollectOptions, Pick<ClusterOptions, 'namespaces'> {
  /** Told which pod is used and why, and which could not be. */
  readonly onNote: (text: string) => void;
}

/**
 * The objects of a cluster, and what the collector says on one of its nodes, in a HostProcess pod
 * there. Without such a pod the objects alone are worth keeping; that the node is missing is said.
 * @throws TransportError for a node that the cluster does not have, or when the API server is lost
 */
export async function nodeInCluster(
  connection: KubernetesConnection,
  node: string,
  options: NodeInClusterOptions,
): Promise<FrameStream> {
  const { signal, namespaces, onNote } = options;
  await refuseUnknown(connection, node, signal);
  const cluster = await collectCluster(connection, options);
  try {
    const { runner } = await nodeByPod(connection, node, { namespaces, signal, onNote });
    return joinStreams(await collectNode(runner, options), cluster, 'cluster');
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { ...cluster, complete: false, notes: [...cluster.notes, error.message] };
  }
}

/** Adds the objects of a cluster to what a node said. A cluster that cannot be read costs no node. */
export async function withClusterObjects(
  node: FrameStream,
  connect: () => Promise<KubernetesConnection>,
  options: ClusterOptions,
): Promise<FrameStream> {
  try {
    return joinStreams(node, await collectCluster(await connect(), options), 'node');
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { ...node, complete: false, notes: [...node.notes, error.message] };
  }
}

/** A name that is mistyped is no node without a HostProcess pod. Who may not list nodes goes on. */
async function refuseUnknown(
  { api, context }: KubernetesConnection,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const nodes = await clusterNodes(api, signal).catch((error: unknown) => {
    if (error instanceof ApiFailure) return undefined;
    throw error;
  });
  if (nodes === undefined || nodes.some(({ name }) => name === node)) return;
  const windows = nodes.flatMap((each) => (each.windows ? [each.name] : []));
  throw new TransportError(
    'name',
    `There is no node "${node}" in ${context}; its Windows nodes are ${windows.join(', ') || 'none'}.`,
  );
}
