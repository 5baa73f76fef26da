import { collectCluster } from '../collect/cluster/collect-cluster';
import { joinStreams } from '../collect/cluster/join-streams';
import type { FrameStream } from '../collect/frame-reader';
import { ApiFailure } from '../transports/kubernetes/api-failure';
import { clusterNodes } from '../transports/kubernetes/cluster-nodes';
import { connectKubernetes, type KubernetesConnection } from '../transports/kubernetes/connect';
import { kubeAddress } from '../transports/kubernetes/kube-address';
import { Kubeconfig, kubeconfigFiles } from '../transports/kubernetes/kubeconfig';
import { PluginConsents, type PluginQuestion } from '../transports/kubernetes/plugin-consents';
import { nodeByPod } from '../transports/kubernetes/way';
import { TransportError } from '../transports/transport';
import { ArgumentError } from './arguments';
import { fileName, nodeStream, shownProgress, type Collected, type Live } from './node-stream';
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
  const cluster = await clusterStream(connection, live);
  if (node === undefined) return { name: fileName(connection.context), stream: cluster };
  await refuseUnknown(connection, node, signal);
  const name = fileName(node);
  try {
    const { runner } = await nodeByPod(connection, node, {
      namespaces: command.namespaces,
      signal,
      onNote: (text) => terminal.warn(text),
    });
    return { name, stream: joinStreams(await nodeStream(runner, live), cluster, 'cluster') };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    // The cluster's part is worth keeping; that the node is missing is said.
    return {
      name,
      stream: { ...cluster, complete: false, notes: [...cluster.notes, error.message] },
    };
  }
}

/** Adds the objects of a cluster to what a node said. A cluster that cannot be read costs no node. */
export async function withClusterObjects(
  node: FrameStream,
  address: string,
  live: Live,
): Promise<FrameStream> {
  try {
    const { connection } = await openKube(address, live.command, live.terminal, live.signal);
    return joinStreams(node, await clusterStream(connection, live), 'node');
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { ...node, complete: false, notes: [...node.notes, error.message] };
  }
}

const clusterStream = (
  connection: KubernetesConnection,
  { command, terminal, store, signal }: Live,
): Promise<FrameStream> =>
  collectCluster(connection, {
    store,
    signal,
    namespaces: command.namespaces,
    events: shownProgress(terminal),
  });

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
