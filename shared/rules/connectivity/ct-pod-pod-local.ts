import { fired, type Rule } from '../rule';
import { failureText } from '../system/validation-tests';
import { failedOrOutcome, testRef, whereFailed } from './connection-test';

export const rule: Rule = {
  meta: {
    id: 'CT-POD-POD-LOCAL',
    step: 2,
    severity: 'error',
    title: 'Pods of this node reach each other',
    description:
      'Takes the result of the connection between two test pods of this node. It passes the virtual switch only: no route and no encapsulation is involved.',
    impact: 'Pods of the same node cannot talk to each other.',
    needs: ['tests'],
    falsePositives: 'A network policy may forbid it.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'podToPodLocal');
    if ('outcome' in result) return result.outcome;
    return fired(
      ...result.failed.map((test) => ({
        title: 'Pods of this node do not reach each other',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${whereFailed(test)}`,
        cause:
          'The virtual switch or a rule on the port of a pod drops it: a blocked VFP port, an ACL, or an endpoint that is not attached.',
        remedy: [
          {
            text: 'Look for blocked ports and ACLs on the ports of the two pods in step 6; recreate a pod whose port is blocked.',
            command: 'kubectl delete pod <pod>',
            disturbs: 'The pod restarts.',
            verify: {
              kind: 'observation' as const,
              text: 'The test passes, or one pod connects to the other.',
            },
          },
        ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
