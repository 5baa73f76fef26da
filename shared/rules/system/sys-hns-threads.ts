import { processRef, windowsServiceRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { hnsProcess } from './hns-process';

const MANY = 200;
const HOPELESS = 1000;

export const rule: Rule = {
  meta: {
    id: 'SYS-HNS-THREADS',
    step: 1,
    severity: 'error',
    title: 'The threads of HNS do not pile up',
    description:
      'Counts the threads of the process that HNS runs in. More than 200 wait for each other, more than 1000 never end.',
    impact: 'Calls to HNS hang: pods stay in ContainerCreating, services are not updated.',
    needs: ['processes', 'services'],
    falsePositives:
      'Nodes with very many endpoints pass 200 for a moment while all is synchronised. The process may host other services too.',
    references: [
      'https://github.com/microsoft/SDN/tree/master/Kubernetes/windows/debug/hnsautomitigator',
      'https://github.com/microsoft/SDN/tree/master/Kubernetes/windows/debug/networkmonitor',
    ],
    explains: ['EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING', 'LOG-STALE'],
  },
  check({ snapshot }) {
    const hns = hnsProcess(snapshot);
    if (hns?.threads === undefined)
      return notChecked(
        'No output tells which process HNS runs in and how many threads it has',
        'processes',
        'services',
      );
    if (hns.threads <= MANY) return passed(`HNS has ${hns.threads} threads`);
    return fired({
      severity: hns.threads >= HOPELESS ? 'error' : 'warning',
      title: `HNS has ${hns.threads} threads: its calls wait for each other`,
      summary: `Process ${hns.pid ?? ''} hosts HNS and has ${hns.threads} threads. Up to ${MANY} are ordinary.`,
      cause: 'A deadlock within HNS, or a flood of calls.',
      remedy: [
        {
          text: 'End the process of HNS, start it again, and kube-proxy after it. If that does not help, restart the node.',
          command: `taskkill /pid ${hns.pid ?? '<pid>'} /f; Start-Service hns; Restart-Service kubeproxy`,
          disturbs: 'Endpoints of running pods may be lost: drain the node first.',
          verify: { kind: 'command', command: 'hnsdiag list all', shows: 'answers at once' },
        },
      ],
      entities: [windowsServiceRef('hns'), processRef(hns.name)],
      evidence: hns.evidence,
    });
  },
};
