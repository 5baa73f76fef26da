import { fired, type Rule } from '../rule';
import { failureText } from '../system/validation-tests';
import { failedOrOutcome, testRef, whereFailed } from './connection-test';

export const rule: Rule = {
  meta: {
    id: 'CT-POD-POD-REMOTE',
    step: 2,
    severity: 'error',
    title: 'Pods reach pods of other nodes',
    description:
      'Takes the result of the connection from a pod of this node to a test pod of another node.',
    impact: 'Pods of this node cannot talk to pods elsewhere, the DNS pods among them.',
    needs: ['tests'],
    falsePositives:
      'In a cloud the fabric may drop it: a missing user-defined route with host-gw, a security group that blocks UDP 4789 with overlay.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
    explains: ['DNS-BOTH-BAD'],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'podToPodRemote');
    if ('outcome' in result) return result.outcome;
    return fired(
      ...result.failed.map((test) => ({
        title: 'Pods of this node do not reach pods of other nodes',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${whereFailed(test)}`,
        cause:
          'Where local pods reach each other, the way between the nodes is at fault: routes (l2bridge), RemoteSubnetRoute policies and encapsulation (overlay), or the network between the machines.',
        remedy: [
          {
            text: 'Follow the inter-node path in step 7, which compares routes and policies with the nodes of the cluster.',
            command: 'kubectl exec <pod> -- ping <ip of a pod on another node>',
            disturbs: 'Nothing.',
            verify: { kind: 'observation' as const, text: 'The pod of the other node answers.' },
          },
        ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
