import { randomUUID } from 'node:crypto';
import type { FromLive, LiveCluster, ToLive } from '../../../shared/ipc/live';
import type { ClusterNode, StageResult } from '../../../shared/ipc/live-schemas';
import { CallFailure } from '../ipc';
import type { JobAbout } from './questions';

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];
type Target = Extract<ToLive, { kind: 'test' }>['target'];

interface Errand extends JobAbout {
  readonly job: string;
  readonly ended: (outcome: Outcome) => void;
}

/**
 * Short things that the connect dialog waits for: a test, the nodes of a cluster. One at a time;
 * the one before is given up.
 */
export class Errands {
  #errand: Errand | undefined;

  constructor(private readonly post: (message: ToLive) => void) {}

  /** Goes to a node stage by stage. */
  async test(about: JobAbout, target: Target): Promise<StageResult[]> {
    const outcome = await this.#send(about, (job) => ({ kind: 'test', job, target }));
    return outcome.kind === 'tested' ? outcome.stages : [];
  }

  /** The Windows nodes of a cluster. */
  async clusterNodes(cluster: LiveCluster): Promise<ClusterNode[]> {
    const about = { connectionId: '', name: cluster.context ?? 'the cluster' };
    const outcome = await this.#send(about, (job) => ({ kind: 'nodes', job, cluster }));
    return outcome.kind === 'nodes' ? outcome.nodes : [];
  }

  /** What is under way, when it is this job. */
  about(job: string): JobAbout | undefined {
    return this.#errand?.job === job ? this.#errand : undefined;
  }

  cancel(): void {
    if (this.#errand !== undefined) this.post({ kind: 'cancel', job: this.#errand.job });
  }

  /** What is under way has ended, or is given up. */
  end(outcome: Outcome): void {
    const errand = this.#errand;
    this.#errand = undefined;
    errand?.ended(outcome);
  }

  #send(about: JobAbout, order: (job: string) => ToLive): Promise<Outcome> {
    this.cancel();
    this.end({ kind: 'cancelled' });
    return new Promise((resolve, reject) => {
      const job = randomUUID();
      const ended = (outcome: Outcome): void => {
        if (outcome.kind === 'failed') reject(new CallFailure('unreadable', outcome.message));
        else if (outcome.kind === 'cancelled') reject(new CallFailure('cancelled', 'Cancelled.'));
        else resolve(outcome);
      };
      this.#errand = { job, ...about, ended };
      this.post(order(job));
    });
  }
}
