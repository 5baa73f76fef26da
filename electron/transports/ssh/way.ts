import type { TestedWay } from '../test-connection';
import type { NodeWay, StagePassed } from '../transport';
import { connectSsh, type ConnectOptions, type SshHop } from './connect';
import { sshRunner } from './exec';

/** Signs in over SSH, through all hops. @throws as `connectSsh` */
export async function openSsh(hops: readonly SshHop[], options: ConnectOptions): Promise<NodeWay> {
  const connection = await connectSsh(hops, options);
  return { runner: sshRunner(connection), close: () => connection.close() };
}

/** SSH as `testConnection` takes it. */
export const testedSsh = (
  hops: readonly SshHop[],
  options: Omit<ConnectOptions, 'signal' | 'onPassed'>,
): TestedWay => ({
  host: hops[0]?.host,
  open: (passed: StagePassed, signal) => openSsh(hops, { ...options, signal, onPassed: passed }),
});
