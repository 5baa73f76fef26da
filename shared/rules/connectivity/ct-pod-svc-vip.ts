import { fired, passed, type Rule } from '../rule';
import { failureText, resultsOf } from '../system/validation-tests';
import { failedOrOutcome, testRef, whereFailed } from './connection-test';

export const rule: Rule = {
  meta: {
    id: 'CT-POD-SVC-VIP',
    step: 2,
    severity: 'error',
    title: 'Pods reach services by their addresses',
    description:
      'Takes the results of connections from a pod of this node to the VIPs of services over TCP, or of the test that reaches a service by its name. A service whose backends answer directly and whose VIP does not is a fault of load balancing.',
    impact: 'Pods of this node cannot use the services that failed.',
    needs: ['tests'],
    falsePositives:
      'A network policy may forbid it. Backends that are down fail the test as well: the results for pods of the same run tell.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://kubernetes.io/docs/tasks/debug/debug-cluster/windows/',
    ],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'podToVip');
    if ('outcome' in result) {
      // Who reaches a service by its name reaches its address.
      const byName = resultsOf(snapshot, 'serviceName').find((test) => test.result === 'passed');
      return byName !== undefined && resultsOf(snapshot, 'podToVip').length === 0
        ? passed(`Test "${byName.name}" passed`)
        : result.outcome;
    }
    return fired(
      ...result.failed.map((test) => ({
        title: 'A pod does not reach the address of a service',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${whereFailed(test)}`,
        cause:
          'The load balancer of the service is missing or not programmed on the port of the pod, or none of its backends answers. The services path of step 7 tells which.',
        remedy: [
          {
            text: 'See whether its backends answer the pod directly. If they do, follow the services path in step 7; if they do not, the path to these pods.',
            command:
              'kubectl exec <pod> -- powershell Test-NetConnection <backend IP> -Port <target port>',
            disturbs: 'Nothing.',
            verify: { kind: 'observation' as const, text: 'The VIP answers the pod.' },
          },
        ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
