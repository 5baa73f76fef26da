import { TransportError, type CommandRunner, type NodeWay, type StagePassed } from '../transport';
import type { TestedWay } from '../test-connection';
import { ApiFailure } from './api-failure';
import { connectKubernetes, type KubernetesConnection, type KubernetesOptions } from './connect';
import { hostProcessPods, podSentence, type HostProcessPod } from './host-process-pods';
import type { Kubeconfig } from './kubeconfig';
import { podRunner } from './pod-exec';

export interface NodeByPodOptions {
  /** Where pods are looked for; empty: everywhere. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  /** Told which pod is used and why, and which could not be. */
  readonly onNote: (text: string) => void;
}

/**
 * A way to run commands on a node through a HostProcess pod that runs there.
 * @throws TransportError when there is none, with what was found instead
 */
export async function nodeByPod(
  { api }: KubernetesConnection,
  node: string,
  { namespaces, signal, onNote }: NodeByPodOptions,
): Promise<NodeWay> {
  const { usable, passedOver } = await hostProcessPods(api, node, namespaces, signal).catch(
    (error: unknown) => {
      if (!(error instanceof ApiFailure)) throw error;
      throw new TransportError('rights', `The pods of ${node} cannot be listed: ${error.message}`);
    },
  );
  const [first] = usable;
  if (first === undefined)
    throw new TransportError(
      'channel',
      `There is no HostProcess pod of kube-proxy, CNI or CSI on ${node} to run commands in, and none is made.${passedOver.length === 0 ? '' : ` Passed over: ${passedOver.join('; ')}.`} Use SSH or WinRM for the node itself.`,
    );
  onNote(podSentence(first));
  const waiting = [...usable];
  return {
    runner: {
      run: async (command, options) => {
        for (;;) {
          const pod = waiting[0] ?? first;
          try {
            return await podRunner(api, pod).run(command, options);
          } catch (error) {
            options.signal.throwIfAborted();
            const refused = refusalOf(error, pod);
            if (refused === undefined) throw error;
            waiting.shift();
            const next = waiting[0];
            if (next === undefined) throw refused;
            onNote(`${refused.message}. ${podSentence(next)}`);
          }
        }
      },
    },
    close: () => undefined,
  };
}

/** A pod in which nothing could be started; another may do. Undefined for other errors. */
function refusalOf(
  error: unknown,
  { namespace, name }: HostProcessPod,
): TransportError | undefined {
  if (error instanceof TransportError) return error.stage === 'channel' ? error : undefined;
  if (!(error instanceof ApiFailure)) return undefined;
  return error.status === 403
    ? new TransportError(
        'rights',
        `Commands in ${namespace}/${name} are not allowed: the right to get and create pods/exec in namespace ${namespace} is missing (${error.message})`,
      )
    : new TransportError(
        'channel',
        `No command can be run in ${namespace}/${name}: ${error.message}`,
      );
}

/** What is asked for to see what the user may read; the paths of the lists. */
const READ: readonly (readonly [what: string, path: string])[] = [
  ['nodes', '/api/v1/nodes'],
  ['pods', '/api/v1/pods'],
  ['services', '/api/v1/services'],
  ['endpoint slices', '/apis/discovery.k8s.io/v1/endpointslices'],
  ['events', '/api/v1/events'],
  ['DaemonSets', '/apis/apps/v1/daemonsets'],
];

/**
 * A context as `testConnection` takes it. With a node, commands are tried in a HostProcess pod of
 * it; without, rights are what of the cluster may be read.
 */
export const testedKubernetes = (
  kubeconfig: Kubeconfig,
  context: string | undefined,
  node: string | undefined,
  options: Omit<KubernetesOptions, 'signal' | 'onPassed'>,
): TestedWay => {
  const { server } = kubeconfig.access(context).context;
  return {
    host: new URL(server).hostname.replace(/^\[|\]$/g, ''),
    open: async (passed: StagePassed, signal) => {
      const connection = await connectKubernetes(kubeconfig, context, {
        ...options,
        signal,
        onPassed: passed,
      });
      let runner: CommandRunner | undefined;
      if (node === undefined) passed('rights', await readable(connection, signal));
      else
        runner = (
          await nodeByPod(connection, node, {
            namespaces: [],
            signal,
            onNote: (text) => passed('channel', text),
          })
        ).runner;
      return { runner, close: () => undefined };
    },
  };
};

async function readable({ api }: KubernetesConnection, signal: AbortSignal): Promise<string> {
  const allowed: string[] = [];
  const missing: string[] = [];
  for (const [what, path] of READ) {
    try {
      await api.json(path, { limit: 1 }, signal);
      allowed.push(what);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status !== 404) missing.push(what);
    }
  }
  if (allowed.length === 0)
    throw new TransportError('rights', `The user may list none of ${missing.join(', ')}.`);
  return `${allowed.join(', ')} can be listed${missing.length === 0 ? '.' : `; not allowed: ${missing.join(', ')}.`}`;
}
