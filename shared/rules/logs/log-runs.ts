import type { Evidence } from '../../model/evidence';
import type { LogComponent, LogFile } from '../../model/logs';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { endsOpen } from '../../text/text-file';
import { countProcesses } from '../system/process-count';

/** Names under which the process of a component runs on Windows. */
const PROCESS: Readonly<Partial<Record<LogComponent, RegExp>>> = {
  kubelet: /^kubelet(\.exe)?$/i,
  'kube-proxy': /^kube-?proxy(\.exe)?$/i,
  flanneld: /^flanneld(\.exe)?$/i,
  'calico-felix': /^calico-node(\.exe)?$/i,
  'calico-node': /^calico-node(\.exe)?$/i,
};

export interface ProcessState {
  readonly running: boolean;
  /** The listing that says so. */
  readonly evidence: readonly Evidence[];
  /** `processes.txt`, or the service by its name. */
  readonly source: string;
}

/**
 * Whether the process of a component runs, by the process listing, else by its Windows service.
 * Undefined when no listing could have shown it.
 */
export function processState(
  snapshot: NodeSnapshot,
  component: LogComponent,
): ProcessState | undefined {
  const name = PROCESS[component];
  if (!name) return undefined;
  const asked = component === 'calico-felix' ? 'calico-node' : component;
  const count = countProcesses(snapshot, asked, (process) => name.test(process));
  if (count)
    return {
      running: count.found.length > 0,
      evidence: count.evidence,
      source: count.evidence[0]?.file ?? 'the process listing',
    };
  const service = snapshot.windowsServices.find(
    (s) => name.test(s.name) || s.name.toLowerCase() === component.replace('-', ''),
  );
  if (!service || service.status === 'unknown') return undefined;
  return {
    running: service.status === 'running',
    evidence: service.evidence,
    source: `the service ${service.name}`,
  };
}

/** The newest log of a component: by its last time, else the longest. */
export function newestLog(snapshot: NodeSnapshot, component: LogComponent): LogFile | undefined {
  return snapshot.logs
    .filter((log) => log.component === component && log.entryCount > 0)
    .sort((a, b) => (b.lastTime ?? 0) - (a.lastTime ?? 0) || b.entryCount - a.entryCount)[0];
}

/** The file's own name, for sentences. */
export const baseName = (path: string): string => path.split(/[\\/]/).pop() ?? path;

/** Does the copy of a log stop inside of a line? Whatever the component wrote after it is lost. */
export function isCutLog(log: LogFile, snapshot: NodeSnapshot): boolean {
  const file = snapshot.files.find((f) => f.file.path === log.file)?.file;
  const last = log.entryCount > 0 ? log.entry(log.entryCount - 1).evidence.endLine : 0;
  return file !== undefined && endsOpen(file) && last >= file.lineCount;
}
