import { windowsServiceRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type Rule } from '../rule';
import { serviceState } from './service-state';

/** Agents under the names that installers give their services. */
const AGENTS = [
  ...['kubelet', 'kubeproxy', 'kube-proxy', 'containerd', 'docker', 'flanneld', 'rke2'],
  ...['CalicoNode', 'CalicoFelix', 'antrea-agent', 'rancher-wins'],
];

export const rule: Rule = {
  meta: {
    id: 'SYS-SVC-STARTTYPE',
    step: 1,
    severity: 'info',
    title: 'The services of the node start by themselves',
    description:
      'Looks at how the services of kubelet, kube-proxy, the runtime and the CNI agent start, where they run now.',
    impact: 'After the next restart of Windows the node stays NotReady until somebody starts them.',
    needs: ['services'],
    falsePositives:
      'A script or another service may start them. Agents in HostProcess pods have no service.',
    references: [
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/collectlogs.ps1',
    ],
  },
  check({ snapshot }) {
    const states = AGENTS.flatMap((name) => serviceState(snapshot, name) ?? []);
    const known = states.filter(({ running, start }) => running && start !== undefined);
    if (known.length === 0)
      return notChecked('No output tells how the services of the node start', 'services');
    const findings = known
      .filter(({ start }) => start !== 'automatic')
      .map(({ name, start, evidence }) => ({
        title: `The service ${name} does not start with Windows`,
        summary: `${name} runs now, and its start is ${start ?? 'not known'}.`,
        cause: 'It was made without a start type, or set to start by hand.',
        remedy: [
          {
            text: 'Let it start with Windows.',
            command: `Set-Service ${argument(name)} -StartupType Automatic`,
            disturbs: 'Nothing.',
            verify: {
              kind: 'command' as const,
              command: `Get-Service ${argument(name)} | select StartType`,
              shows: 'shows Automatic',
            },
          },
        ],
        entities: [windowsServiceRef(name)],
        evidence,
      }));
    return firedOrPassed(findings, `${countOf(known.length, 'service')} start by themselves`);
  },
};
