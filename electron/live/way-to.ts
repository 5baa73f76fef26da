import type { LiveTarget } from '../../shared/ipc/live';
import { testedSsh } from '../transports/ssh/way';
import { testedRemoting } from '../transports/local/remoting';
import { testedThisComputer } from '../transports/local/this-computer';
import type { TestedWay } from '../transports/test-connection';
import { TransportError, type NodeWay } from '../transports/transport';
import { testedWinrm } from '../transports/winrm/way';
import { testedKubernetes } from '../transports/kubernetes/way';
import { clusterWay } from './cluster-way';
import type { Questions } from './questions';
import { sshWay } from './ssh-way';
import { winrmWay } from './winrm-way';

const REMOTING_TLS_PORT = 5986;

/**
 * The way to a node of the window: to be tested, or opened.
 * @param onStage told what is being done
 */
export async function wayTo(
  target: LiveTarget,
  questions: Questions,
  onStage: (text: string) => void = () => undefined,
): Promise<TestedWay> {
  switch (target.kind) {
    case 'ssh': {
      const { hops, options, notes } = await sshWay(target, questions);
      return { ...testedSsh(hops, { ...options, onStage }), notes };
    }
    case 'remoting': {
      const { host, port } = target;
      return testedRemoting({ host, port: port ?? undefined, tls: port === REMOTING_TLS_PORT });
    }
    case 'this-computer':
      return testedThisComputer();
    case 'kubernetes': {
      const { kubeconfig, options } = await clusterWay(target.cluster, questions);
      const { cluster, node } = target;
      return testedKubernetes(kubeconfig, cluster.context ?? undefined, node ?? undefined, {
        ...options,
        onStage,
      });
    }
    case 'winrm': {
      const way = await winrmWay(target, questions);
      return testedWinrm(way.target, { ...way.options, onStage });
    }
  }
}

/**
 * Signs in to a node of the window. Whatever has to run there runs through the runner; whoever
 * opens a way closes it.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function openWay(
  target: LiveTarget,
  questions: Questions,
  signal: AbortSignal,
  onStage?: (text: string) => void,
): Promise<NodeWay> {
  const way = await wayTo(target, questions, onStage);
  const { notes = [] } = way;
  try {
    const { runner, close } = await way.open(() => undefined, signal);
    if (runner !== undefined) return { runner, close, notes };
    await close();
    throw new TransportError('channel', 'No command can be run over this connection');
  } catch (error) {
    if (!(error instanceof TransportError) || notes.length === 0) throw error;
    // It may be why.
    const message = [error.message.replace(/(?<![.!?])$/, '.'), ...notes].join(' ');
    throw new TransportError(error.stage, message, { cause: error });
  }
}
