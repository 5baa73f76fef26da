import { processRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { countProcesses } from './process-count';
import { failureText, resultsOf } from './validation-tests';
import { whyNotRunning } from './why-not-running';

export const rule: Rule = {
  meta: {
    id: 'SYS-KUBELET-COUNT',
    step: 1,
    severity: 'error',
    title: 'Exactly one kubelet is running',
    description:
      'Counts kubelet.exe in the process list, or takes the test results. The kubelet asks the runtime for pods, and the CNI plugin for their networks.',
    impact: 'Without it the node is NotReady and no pod starts; two of them undo each other.',
    needs: [['processes', 'tests']],
    falsePositives:
      'Wrappers such as nssm or rke2 have their own process names; only kubelet.exe counts.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/kubernetes-sigs/sig-windows-tools/blob/master/hack/DebugWindowsNode.ps1',
    ],
    explains: ['CT-ROLLOUT-STALLED', 'EV-NODE-NOTREADY', 'LOG-STALE'],
  },
  check({ snapshot }) {
    const count = countProcesses(snapshot, 'kubelet');
    const tests = resultsOf(snapshot, 'kubelet');
    const failed = tests.find(({ result }) => result === 'failed');
    if (count?.found.length === 1) return passed('1 kubelet.exe is running');
    if (!count && tests.length === 0)
      return notChecked('No process list could have shown the kubelet', 'processes');
    if (!count && !failed) return passed(`Test "${tests[0]?.name ?? ''}" passed`);
    const many = count !== undefined && count.found.length > 1;
    const why = many ? { text: '', evidence: [] } : whyNotRunning(snapshot, 'kubelet');
    const pids =
      count?.found.flatMap(({ pid }) => (pid === undefined ? [] : [pid])).join(', ') ?? '';
    return fired({
      title: many
        ? `${count.found.length} kubelets are running: they undo each other's pods`
        : 'The kubelet is not running: the node starts no pods',
      summary: many
        ? `The process list shows kubelet.exe ${count.found.length} times (process ids ${pids}).`
        : count
          ? 'The process list does not show kubelet.exe.'
          : `The test "${failed?.name ?? ''}" failed: ${failed ? failureText(failed) : ''}.`,
      cause: many
        ? 'The kubelet was started by hand beside its service, or by two services.'
        : why.text === ''
          ? 'It was not started, or it ended; its log was not collected or says nothing.'
          : why.text,
      remedy: many
        ? [
            {
              text: 'Stop the kubelet that is not started by the service.',
              command:
                'Get-CimInstance Win32_Process -Filter "Name=\'kubelet.exe\'" | select ProcessId, ParentProcessId, CommandLine',
              disturbs: 'Looking disturbs nothing; stopping one of them leaves running pods alone.',
              verify: {
                kind: 'observation',
                text: 'One kubelet.exe stays, and the node is Ready.',
              },
            },
          ]
        : [
            {
              text: 'Start the kubelet and watch its log.',
              command: 'Start-Service kubelet; Get-Content C:\\k\\kubelet.log -Tail 50',
              disturbs: 'Nothing that runs.',
              verify: {
                kind: 'command',
                command: 'kubectl get node',
                shows: 'shows Ready within a minute',
              },
            },
          ],
      entities: [processRef('kubelet.exe')],
      evidence: [...(count?.evidence ?? failed?.evidence ?? []), ...why.evidence],
    });
  },
};
