import { windowsServiceRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { failureText, resultsOf } from './validation-tests';

export const rule: Rule = {
  meta: {
    id: 'SYS-HNS-RUNNING',
    step: 1,
    severity: 'error',
    title: 'The Host Network Service (hns) is running',
    description:
      'Looks at the state of the service hns in the service lists, or at the test of Debug-WindowsNode. HNS makes networks, endpoints and load balancers on behalf of CNI and kube-proxy.',
    impact: 'No pod gets a network, and services are neither added nor changed.',
    needs: [['services', 'tests']],
    falsePositives:
      'HNS starts on demand: on a node that never ran a container it may be stopped. Then the finding is a warning.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/Azure/AgentBaker/tree/main/staging/cse/windows',
    ],
    explains: [
      'CT-ROLLOUT-STALLED',
      'CT-POD-INTERNET',
      'CT-HOST-SVC-VIP',
      'CT-POD-POD-LOCAL',
      'CT-POD-POD-REMOTE',
      'DNS-BOTH-BAD',
      'DNS-DIRECT-OK-VIP-BAD',
    ],
  },
  check({ snapshot }) {
    const mentions = snapshot.windowsServices.filter(({ name }) => name.toLowerCase() === 'hns');
    const known = mentions.filter(({ status }) => status !== 'unknown');
    const [first] = known;
    // Two lists are made one after the other; one that saw it running is enough.
    if (known.some(({ status }) => status === 'running'))
      return passed('The service hns is running');
    const test = resultsOf(snapshot, 'hnsRunning').at(-1);
    if (!first && test?.result === 'passed')
      return passed(`Debug-WindowsNode: "${test.name}" passed`);
    // A list of all services without hns: Windows has no Host Network Service at all.
    const all = snapshot.evidence.get('services')?.state === 'present' && mentions.length === 0;
    if (!first && !test && !all)
      return notChecked('No output names the service hns with its state', 'services');
    const used =
      snapshot.endpoints.length > 0 ||
      snapshot.containers.length > 0 ||
      snapshot.cniConfigs.length > 0;
    const state = first?.status ?? 'not running';
    return fired({
      severity: used ? 'error' : 'warning',
      title: 'The Host Network Service is not running: pods get no network',
      summary: first
        ? `The service hns is ${state}.`
        : test
          ? `The test "${test.name}" failed: ${failureText(test)}.`
          : 'The list of all services does not hold hns: the Containers feature is missing.',
      cause: used
        ? 'HNS was stopped or ended. The System event log (events 7031 and 7034 of Service Control Manager) says when and how.'
        : 'HNS was stopped, or nothing on this node has needed it yet: it starts on demand.',
      remedy: [
        {
          text: 'Start HNS, then restart kube-proxy, which otherwise believes in load balancers that are gone.',
          command: 'Start-Service hns; Restart-Service kubeproxy',
          disturbs:
            'Connections through services break for a moment. Where Calico runs, restart CalicoNode and CalicoFelix too.',
          verify: {
            kind: 'command',
            command: 'Get-Service hns',
            shows: 'shows Running, and Get-HnsNetwork lists the networks',
          },
        },
      ],
      entities: [windowsServiceRef('hns')],
      evidence: (first ?? test ?? snapshot.windowsServices[0])?.evidence ?? [],
    });
  },
};
