import { ApiFailure } from '../transports/kubernetes/api-failure';
import { clusterNodes, type ClusterNode } from '../transports/kubernetes/cluster-nodes';
import { TransportError } from '../transports/transport';
import type { NodesCommand } from './arguments';
import { openKube } from './kube-way';
import type { Terminal } from './terminal';

/** Prints the Windows nodes of a cluster, for choosing one to collect. */
export async function runNodes(command: NodesCommand, terminal: Terminal): Promise<0> {
  const { signal } = new AbortController();
  const { connection } = await openKube(command.address, command, terminal, signal);
  const nodes = await clusterNodes(connection.api, signal).catch((error: unknown) => {
    if (!(error instanceof ApiFailure)) throw error;
    throw new TransportError(
      'rights',
      `The nodes of ${connection.context} cannot be listed: ${error.message}`,
    );
  });
  terminal.progress(undefined);
  const windows = nodes.filter((node) => node.windows);
  const text =
    command.format === 'json' ? `${JSON.stringify(windows, undefined, 2)}\n` : table(windows);
  await terminal.write([text]);
  return 0;
}

function table(nodes: readonly ClusterNode[]): string {
  if (nodes.length === 0) return 'The cluster has no Windows node.\n';
  const rows = [
    ['NODE', 'ADDRESS', 'BUILD', 'KUBELET', 'READY'],
    ...nodes.map(({ name, address, osBuild, kubeletVersion, ready }) => [
      name,
      address ?? '?',
      osBuild ?? '?',
      kubeletVersion ?? '?',
      ready === undefined ? 'unknown' : ready ? 'yes' : 'NO',
    ]),
  ].map((row) => row.map((cell) => cell.replace(/[\x00-\x1f\x7f-\x9f]/g, '?')));
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
