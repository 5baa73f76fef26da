import { fired, type Rule } from '../rule';
import { failureText } from '../system/validation-tests';
import { failedOrOutcome, testRef } from './connection-test';

/** Server 2019 reaches service VIPs from the host itself from this update revision on (KB4571748). */
const SERVER_2019 = { build: 17763, fixedIn: 1432 } as const;

export const rule: Rule = {
  meta: {
    id: 'CT-HOST-SVC-VIP',
    step: 2,
    severity: 'warning',
    title: 'The node itself reaches the address of a service',
    description:
      'Takes the result of the connection from the node to the VIP of the test service. On Server 2019 without update KB4571748 this never works, so it is only for information there.',
    impact: 'Agents on the node, and HostProcess pods, cannot use services.',
    needs: ['tests'],
    falsePositives: 'Expected on Server 2019 (17763) below revision 1432.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
      'https://kubernetes.io/docs/tasks/debug/debug-cluster/windows/',
    ],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'hostToVip');
    if ('outcome' in result) return result.outcome;
    const os = snapshot.os;
    const unpatched =
      os?.build === SERVER_2019.build && os.ubr !== undefined && os.ubr < SERVER_2019.fixedIn;
    return fired(
      ...result.failed.map((test) => ({
        severity: unpatched ? ('info' as const) : ('warning' as const),
        title: 'The node itself does not reach the address of a service',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${unpatched ? ` This Windows (${os.build}.${os.ubr}) cannot do it by design.` : ''}`,
        cause: unpatched
          ? 'Windows Server 2019 before KB4571748 does not send the traffic of the host through the load balancers.'
          : 'The load balancer of the service is missing or not programmed on the port of the host, or none of its backends answers.',
        remedy: unpatched
          ? [
              {
                text: 'Install the newest cumulative update, or test from a pod.',
                command:
                  'kubectl exec <pod> -- powershell Test-NetConnection <service IP> -Port <port>',
                disturbs: 'The update restarts the node.',
                verify: { kind: 'observation' as const, text: 'The pod reaches the service.' },
              },
            ]
          : [
              {
                text: 'Follow the services path in step 7. If kube-proxy missed the service, restart it.',
                command: 'Restart-Service kubeproxy',
                disturbs:
                  'Load balancers are made anew; connections through services break for a moment.',
                verify: {
                  kind: 'command' as const,
                  command: 'Test-NetConnection <service IP> -Port <port>',
                  shows: 'succeeds on the node',
                },
              },
            ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
