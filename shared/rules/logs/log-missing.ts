import { componentOfName } from '../../model/log-component';
import type { LogComponent } from '../../model/logs';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { EvidenceNeed } from '../evidence-needs';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed, notChecked } from '../rule';
import { baseName, newestLog, processState } from './log-runs';

const NEED: Readonly<Partial<Record<LogComponent, EvidenceNeed>>> = {
  kubelet: 'kubeletLog',
  'kube-proxy': 'kubeProxyLog',
  flanneld: 'flanneldLog',
};
const LOG_NAME = /\.(?:log|err|out|ERROR|WARNING|INFO|FATAL)(?:\.\d+)?$/;

export const rule: Rule = {
  meta: {
    id: 'LOG-MISSING',
    step: 4,
    severity: 'warning',
    title: 'Every component has written a log',
    description:
      'Looks for a log of kubelet, kube-proxy and the CNI agent with at least one entry. A log file that is empty means the component never started or writes elsewhere; a log that was not collected proves nothing. While the process runs, an empty log is only noted.',
    impact:
      'Without the log it cannot be told what the component did. Often the service never started.',
    needs: [],
    falsePositives:
      'Where kubelet or kube-proxy writes to the event log or to a container, its file may rightly be empty.',
    references: [REF.article, REF.windowsDebug],
  },
  check({ snapshot }) {
    const expected = expectedComponents(snapshot);
    const present = expected.filter((component) => newestLog(snapshot, component) !== undefined);
    const findings = expected.flatMap((component) => emptyLog(component, snapshot) ?? []);
    const absent = expected.filter((c) => !present.includes(c));
    if (findings.length === 0 && absent.length > 0) {
      const needs = absent.flatMap((component) => NEED[component] ?? 'anyLog');
      return notChecked(`No log of ${absent.join(' and ')} was collected`, ...new Set(needs));
    }
    return firedOrPassed(findings, `Logs of ${present.join(', ')} with entries`);
  },
};

function expectedComponents(snapshot: NodeSnapshot): LogComponent[] {
  const { cni } = snapshot.mode;
  const agent: LogComponent[] = cni.startsWith('flannel')
    ? ['flanneld']
    : cni.startsWith('calico')
      ? ['calico-felix']
      : [];
  return snapshot.mode.mode === 'transparent' ? ['kubelet'] : ['kubelet', 'kube-proxy', ...agent];
}

/** An empty file by the name of the component's log, where no other log of it has entries. */
function emptyLog(component: LogComponent, snapshot: NodeSnapshot): FindingDraft | undefined {
  if (newestLog(snapshot, component)) return undefined;
  const empty = snapshot.files.filter(
    ({ file, status }) =>
      status === 'empty' &&
      LOG_NAME.test(file.path) &&
      componentOfName(baseName(file.path)) === component,
  );
  const [first] = empty;
  if (!first) return undefined;
  const runs = processState(snapshot, component)?.running === true;
  return {
    // While the process runs, the file was copied empty or is not where it writes.
    ...(runs ? { severity: 'info' as const } : {}),
    title: `The log of ${component} is empty`,
    summary: `${empty.map(({ file }) => baseName(file.path)).join(', ')} holds no entry${runs ? `, and ${component} runs` : ''}.`,
    cause: runs
      ? 'It writes elsewhere: to the event log, to the container’s output, or to another --log-dir; or the file was copied while it was rotated.'
      : `${component} never started, or it writes elsewhere: to the event log, to the container’s output, or to another --log-dir.`,
    remedy: [
      {
        text: 'See whether the service runs and how it was started.',
        command: `Get-CimInstance Win32_Process -Filter "Name='${component === 'calico-felix' ? 'calico-node' : component}.exe'" | select ProcessId, CommandLine`,
        verify: {
          kind: 'observation',
          text: 'The process is there; its --log-dir or redirection names the file',
        },
      },
    ],
    entities: empty.map(({ file }) => fileRef(file.path)),
    evidence: empty.map(({ file }) => ({ file: file.path, line: 1, endLine: 1 })),
  };
}
