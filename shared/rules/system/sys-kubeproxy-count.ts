import { processRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { countProcesses } from './process-count';
import { failureText, resultsOf } from './validation-tests';
import { whyNotRunning } from './why-not-running';

export const rule: Rule = {
  meta: {
    id: 'SYS-KUBEPROXY-COUNT',
    step: 1,
    severity: 'error',
    title: 'Exactly one kube-proxy is running',
    description:
      'Counts kube-proxy processes in the process list, or takes the test results. kube-proxy makes a load balancer in HNS for every service.',
    impact:
      "Without it no service works that is new or has changed; two of them delete each other's load balancers.",
    needs: [['processes', 'tests']],
    falsePositives:
      'Antrea from 1.13 on and other proxy replacements run without kube-proxy: there none is right.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/kubernetes-sigs/sig-windows-tools/blob/master/hack/DebugWindowsNode.ps1',
      'https://github.com/antrea-io/antrea/blob/main/docs/windows.md',
    ],
    explains: [
      'CT-HOST-SVC-VIP',
      'DNS-DIRECT-OK-VIP-BAD',
      'DNS-LB-MISSING',
      'SVC-LB-MISSING',
      'HNS-ORPHAN-LB-ENDPOINT',
      'LOG-STALE',
    ],
  },
  check({ snapshot }) {
    const count = countProcesses(snapshot, 'kube-proxy', (name) => name.startsWith('kube-proxy'));
    const tests = resultsOf(snapshot, 'kubeProxy');
    const failed = tests.find(({ result }) => result === 'failed');
    const replaced = snapshot.mode.cni === 'antrea' || snapshot.mode.cni === 'ovn';
    if (count?.found.length === 1) return passed('1 kube-proxy is running');
    if (replaced && (count?.found.length ?? 0) < 2) {
      return passed(`${snapshot.mode.cni} serves the services itself; kube-proxy need not run`);
    }
    if (!count && tests.length === 0)
      return notChecked('No process list could have shown kube-proxy', 'processes');
    if (!count && !failed) return passed(`Test "${tests[0]?.name ?? ''}" passed`);
    const many = count !== undefined && count.found.length > 1;
    const why = many ? { text: '', evidence: [] } : whyNotRunning(snapshot, 'kube-proxy');
    const pids =
      count?.found.flatMap(({ pid }) => (pid === undefined ? [] : [pid])).join(', ') ?? '';
    return fired({
      title: many
        ? `${count.found.length} kube-proxies are running: they delete each other's load balancers`
        : 'kube-proxy is not running: services do not follow the cluster',
      summary: many
        ? `The process list shows kube-proxy ${count.found.length} times (process ids ${pids}).`
        : count
          ? 'The process list does not show kube-proxy.'
          : `The test "${failed?.name ?? ''}" failed: ${failed ? failureText(failed) : ''}.`,
      cause: many
        ? 'kube-proxy runs as a service and by hand or as a pod at the same time.'
        : why.text === ''
          ? 'It was not started, or it ended. Its log was not collected: it says why.'
          : why.text,
      remedy: many
        ? [
            {
              text: 'Keep one: stop the service, or delete the pod of kube-proxy on this node.',
              command:
                'Get-CimInstance Win32_Process -Filter "Name like \'kube-proxy%\'" | select ProcessId, ParentProcessId, CommandLine',
              disturbs: 'Looking disturbs nothing. Services are rebuilt after one of them stops.',
              verify: {
                kind: 'observation',
                text: 'One kube-proxy stays, and hnsdiag list loadbalancers does not shrink any more.',
              },
            },
          ]
        : [
            {
              text: 'Clear the reason above, then start kube-proxy and watch its log.',
              command: 'Start-Service kubeproxy; Get-Content C:\\k\\kubeproxy.log -Tail 50',
              disturbs:
                'Load balancers are made anew; connections through services break for a moment.',
              verify: {
                kind: 'command',
                command: 'hnsdiag list loadbalancers',
                shows: 'shows one for every port of every service',
              },
            },
          ],
      entities: [processRef('kube-proxy.exe')],
      evidence: [...(count?.evidence ?? failed?.evidence ?? []), ...why.evidence],
    });
  },
};
