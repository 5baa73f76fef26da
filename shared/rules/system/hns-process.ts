import type { WindowsProcess } from '../../model/system';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { processName } from './process-count';
import { serviceState } from './service-state';

/** The process that HNS runs in: the svchost whose id the service list names. Undefined where no output tells. */
export function hnsProcess(snapshot: NodeSnapshot): WindowsProcess | undefined {
  const pid = serviceState(snapshot, 'hns')?.pid;
  if (pid === undefined) return undefined;
  return snapshot.processes.find((p) => p.pid === pid && /svchost|hns/.test(processName(p)));
}

/** kube-proxy, where exactly one runs and its start is known. */
export function kubeProxyProcess(snapshot: NodeSnapshot): WindowsProcess | undefined {
  const all = snapshot.processes.filter((p) => processName(p) === 'kube-proxy');
  const started = all.filter(({ startTime }) => startTime !== undefined);
  return new Set(all.map(({ pid }) => pid)).size === 1 ? started[0] : undefined;
}
