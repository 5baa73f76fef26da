import { fired, type Rule } from '../rule';
import { failureText } from '../system/validation-tests';
import { failedOrOutcome, testRef, whereFailed } from './connection-test';

export const rule: Rule = {
  meta: {
    id: 'CT-POD-INTERNET',
    step: 2,
    severity: 'error',
    title: 'Pods reach the internet',
    description:
      'Takes the result of the connection from each test pod to an outside host over TCP.',
    impact: 'Pods cannot pull data from, or report to, anything outside of the cluster.',
    needs: ['tests'],
    falsePositives:
      'Sites without internet access, network policies and egress firewalls fail the test as well.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
    ],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'internet');
    if ('outcome' in result) return result.outcome;
    return fired(
      ...result.failed.map((test) => ({
        title: 'Pods do not reach the internet',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${whereFailed(test)}`,
        cause:
          'Outbound NAT does not take effect, or answers do not come back. The outbound checks of step 7 tell which: NIC, gateway, NAT policy, exceptions, routes of the host.',
        remedy: [
          {
            text: 'Follow the outbound path in step 7, and test with TCP: ping is not translated.',
            command:
              'kubectl exec <pod> -- powershell Test-NetConnection www.microsoft.com -Port 443',
            disturbs: 'Nothing.',
            verify: { kind: 'observation' as const, text: 'TcpTestSucceeded is True.' },
          },
        ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
