import { processRef, windowsServiceRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { hnsProcess } from './hns-process';

const LIMIT = 1024 ** 3;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;

export const rule: Rule = {
  meta: {
    id: 'SYS-HNS-MEMORY',
    step: 1,
    severity: 'info',
    title: 'HNS uses an ordinary amount of memory',
    description: 'Looks at the working set of the process that HNS runs in: 1 GB is a lot.',
    impact: 'A leak ends in a crash of HNS, which loses the policies of the node.',
    needs: ['processes', 'services'],
    falsePositives:
      'Thousands of remote endpoints need memory. The process may host other services too.',
    references: [
      'https://github.com/microsoft/SDN/tree/master/Kubernetes/windows/debug/networkmonitor',
    ],
  },
  check({ snapshot }) {
    const hns = hnsProcess(snapshot);
    if (hns?.workingSetBytes === undefined)
      return notChecked('No output tells how much memory the process of HNS uses', 'processes');
    if (hns.workingSetBytes <= LIMIT) return passed(`HNS uses ${megabytes(hns.workingSetBytes)}`);
    return fired({
      title: `HNS uses ${megabytes(hns.workingSetBytes)} of memory`,
      summary: `Process ${hns.pid ?? ''} hosts HNS. More than ${megabytes(LIMIT)} may be a leak that ends in a crash.`,
      cause: 'A leak of HNS, or very many remote endpoints.',
      remedy: [
        {
          text: 'Watch whether it grows; install the latest update of Windows.',
          command: `Get-Process -Id ${hns.pid ?? '<pid>'}`,
          verify: { kind: 'observation', text: 'The working set stays as it is for a day.' },
        },
      ],
      entities: [windowsServiceRef('hns'), processRef(hns.name)],
      evidence: hns.evidence,
    });
  },
};
