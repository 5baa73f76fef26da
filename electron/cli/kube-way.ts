import { collectCluster, type ClusterOptions } from '../collect/cluster/collect-cluster';
import { nodeInCluster, withClusterObjects } from '../collect/cluster/node-in-cluster';
import type { FrameStream } from '../collect/frame-reader';
import { connectKubernetes, type KubernetesConnection } from '../transports/kubernetes/connect';
import { kubeAddress } from '../transports/kubernetes/kube-address';
import { Kubeconfig, kubeconfigFiles } from '../transports/kubernetes/kubeconfig';
import { PluginConsents, type PluginQuestion } from '../transports/kubernetes/plugin-consents';
import { ArgumentError } from './arguments';
import { fileName, parametersOf, shownProgress, type Collected, type Live } from './node-stream';
import { ownFile } from '../transports/own-file';
import type { Terminal } from './terminal';

/** What the command line says of a cluster. */
interface KubeArguments {
  readonly kubeconfig: string | undefined;
  readonly acceptedPlugins: readonly string[];
}

/** Reaches the API server of `kube://CONTEXT[/NODE]`. */
export async function openKube(
  address: string,
  { kubeconfig, acceptedPlugins }: KubeArguments,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ readonly connection: KubernetesConnection; readonly node: string | undefined }> {
  const config = await Kubeconfig.read(kubeconfigFiles(kubeconfig));
  const { context, node } = kubeAddress(address, config.contexts);
  const connection = await connectKubernetes(config, context, {
    consents: await PluginConsents.read(ownFile('credential-plugins')),
    questions: { allowPlugin: (question) => allowed(question, acceptedPlugins, terminal) },
    signal,
    onStage: (text) => terminal.progress(text),
  });
  return { connection, node };
}

async function allowed(
  { context, file, command, variables, fingerprint }: PluginQuestion,
  accepted: readonly string[],
  terminal: Terminal,
): Promise<boolean> {
  if (accepted.includes(fingerprint)) return true;
  const shown = command.map((each) => (/^[\w./:=@,-]+$/.test(each) ? each : JSON.stringify(each)));
  const given =
    variables.length === 0 ? '' : `\nIt is given the variables ${variables.join(', ')}.`;
  const answer = await terminal.ask(
    `The context ${context} of ${file} gets its credentials from a program:\n  ${shown.join(' ')}${given}\nMay it run? Type yes to allow it, until the file changes: `,
    false,
  );
  if (answer === undefined)
    terminal.warn(`if ${shown.join(' ')} may run, say --accept-exec-plugin ${fingerprint}`);
  return answer?.trim().toLowerCase() === 'yes';
}

/** The objects of a cluster, and with a node what the collector says there. */
export async function kubeCollection(live: Live): Promise<Collected> {
  const { command, terminal, signal } = live;
  if (command.jumps.length + command.identities.length + command.acceptedKeys.length > 0)
    throw new ArgumentError('--jump, --identity and --accept-new-host-key are for ssh:// only');
  const { connection, node } = await openKube(command.address, command, terminal, signal);
  const options = clusterOptions(live);
  if (node === undefined)
    return {
      name: fileName(connection.context),
      stream: await collectCluster(connection, options),
    };
  const stream = await nodeInCluster(connection, node, {
    ...options,
    parameters: parametersOf(command),
    onNote: (text) => terminal.warn(text),
  });
  return { name: fileName(node), stream };
}

/** What a node said, with the objects of the cluster that the command line names. */
export function nodeWithCluster(
  node: FrameStream,
  address: string,
  live: Live,
): Promise<FrameStream> {
  const { command, terminal, signal } = live;
  const connect = async (): Promise<KubernetesConnection> =>
    (await openKube(address, command, terminal, signal)).connection;
  return withClusterObjects(node, connect, clusterOptions(live));
}

const clusterOptions = ({ command, terminal, store, signal }: Live): ClusterOptions => ({
  store,
  signal,
  namespaces: command.namespaces,
  events: shownProgress(terminal),
});
