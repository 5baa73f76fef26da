import type { FromLive, ToLive } from '../../shared/ipc/live';
import { watchCluster } from '../collect/cluster/watch-cluster';
import type { FrameStore } from '../collect/frame-store';
import { openCluster } from './cluster-way';
import type { Questions } from './questions';

type Watch = Extract<ToLive, { kind: 'watch' }>;

/**
 * Watches the cluster of a collection and sends its files anew when they have changed, until
 * cancelled.
 * @throws TransportError when the cluster is not reached; the signal's reason when cancelled
 */
export async function watchJob(
  { of, cluster }: Watch,
  store: FrameStore,
  questions: Questions,
  signal: AbortSignal,
  send: (message: FromLive) => void,
): Promise<void> {
  const connection = await openCluster(cluster, questions, signal);
  await watchCluster(connection, {
    signal,
    namespaces: [],
    onNote: () => undefined,
    onFiles: async (files) => {
      for (const entry of files) {
        const bytes = await entry.read({ signal });
        const stored = store.create();
        stored.write(bytes);
        stored.close();
        send({
          kind: 'file',
          job: of,
          file: {
            section: entry.path.replace(/\.json$/, ''),
            path: entry.path,
            state: 'ok',
            bytes: bytes.length,
            notes: [],
            location: stored.location,
            kept: true,
          },
        });
      }
    },
  });
}
