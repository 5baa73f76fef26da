import { fired, notChecked, passed, type Rule } from '../rule';
import { resultsOf } from '../system/validation-tests';
import { networkedPods, podListEvidence, podsPlaced } from './test-pods';

export const rule: Rule = {
  meta: {
    id: 'CT-REMOTE-POD',
    step: 2,
    severity: 'info',
    title: 'A pod runs on another node, so that connections between nodes can be judged',
    description:
      'Looks for a running pod with a network of its own on another node, or takes the test result. Without one, nothing shows whether pods reach other nodes.',
    impact: 'Inter-node faults stay unseen.',
    needs: [['tests', 'pods']],
    falsePositives: 'A lab with one node.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
  },
  check({ snapshot }) {
    const test = resultsOf(snapshot, 'remotePod').at(-1);
    const pods = networkedPods(snapshot, 'elsewhere');
    if (test?.result === 'passed') return passed(`Test "${test.name}" passed`);
    if (!test && podsPlaced(snapshot) && pods.length > 0)
      return passed(`${pods.length} pods run on other nodes`);
    if (!test && !podsPlaced(snapshot)) {
      return notChecked('Which of the listed pods run on this node is not known', 'pods');
    }
    return fired({
      title: 'No test pod runs on another node: connections between nodes cannot be judged',
      summary: test
        ? `The test "${test.name}" failed.`
        : networkedPods(snapshot, 'here').length === 0
          ? 'None of the listed pods runs, here or elsewhere.'
          : `All running pods are on ${snapshot.node}.`,
      cause: 'There is no second node for the test pods, or none of them started there.',
      remedy: [
        {
          text: 'Add a second Windows node, or run more replicas.',
          command: 'kubectl scale deployment win-webserver --replicas=4',
          disturbs: 'Starts pods of the test deployment.',
          verify: {
            kind: 'command',
            command: 'kubectl get pods -o wide',
            shows: 'shows pods on two nodes',
          },
        },
      ],
      entities: [],
      evidence: test?.evidence ?? podListEvidence(snapshot),
    });
  },
};
