import type { Result } from '../../shared/ipc/contract';
import type { LiveCluster } from '../../shared/ipc/live';
import type { ClusterNode } from '../../shared/ipc/live-schemas';
import { ApiFailure } from '../transports/kubernetes/api-failure';
import { clusterNodes } from '../transports/kubernetes/cluster-nodes';
import {
  connectKubernetes,
  type KubernetesConnection,
  type KubernetesOptions,
} from '../transports/kubernetes/connect';
import { Kubeconfig, kubeconfigFiles } from '../transports/kubernetes/kubeconfig';
import { PluginConsents } from '../transports/kubernetes/plugin-consents';
import { ownFile } from '../transports/own-file';
import { TransportError } from '../transports/transport';
import type { Questions } from './questions';

const read = (file: string | null): Promise<Kubeconfig> =>
  Kubeconfig.read(kubeconfigFiles(file ?? undefined));

/** What Kubernetes needs for a cluster of the window: its kubeconfig, and the question of plugins. */
export async function clusterWay(
  { kubeconfig }: LiveCluster,
  questions: Questions,
): Promise<{
  readonly kubeconfig: Kubeconfig;
  readonly options: Pick<KubernetesOptions, 'consents' | 'questions'>;
}> {
  return {
    kubeconfig: await read(kubeconfig),
    options: {
      consents: await PluginConsents.read(ownFile('credential-plugins')),
      questions: {
        allowPlugin: ({ context, file, command, variables }) =>
          questions.trusts({
            kind: 'allow-plugin',
            context,
            file,
            command: [...command],
            variables: [...variables],
          }),
      },
    },
  };
}

/** Reaches the API server of a cluster of the window. */
export async function openCluster(
  cluster: LiveCluster,
  questions: Questions,
  signal: AbortSignal,
  onStage?: (text: string) => void,
): Promise<KubernetesConnection> {
  const { kubeconfig, options } = await clusterWay(cluster, questions);
  const context = cluster.context ?? undefined;
  return connectKubernetes(kubeconfig, context, { ...options, signal, onStage });
}

/** The contexts of a kubeconfig; nothing is contacted. */
export async function contextsOf(file: string | null): Promise<Result<'live:contexts'>> {
  const { contexts } = await read(file);
  return {
    contexts: contexts.map(({ name, server, user, namespace, current, problem }) => ({
      name,
      server,
      user,
      namespace,
      current,
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}

/** The Windows nodes of a cluster. @throws TransportError */
export async function windowsNodes(
  cluster: LiveCluster,
  questions: Questions,
  signal: AbortSignal,
): Promise<ClusterNode[]> {
  const { api, context } = await openCluster(cluster, questions, signal);
  const nodes = await clusterNodes(api, signal).catch((error: unknown) => {
    if (!(error instanceof ApiFailure)) throw error;
    throw new TransportError(
      'rights',
      `The nodes of ${context} cannot be listed: ${error.message}`,
    );
  });
  return nodes
    .filter(({ windows }) => windows)
    .map(({ name, address, osBuild, kubeletVersion, ready }) => ({
      name,
      ...(address === undefined ? {} : { address }),
      ...(osBuild === undefined ? {} : { osBuild }),
      ...(kubeletVersion === undefined ? {} : { kubeletVersion }),
      ...(ready === undefined ? {} : { ready }),
    }));
}
