import { fired, notChecked, passed, type Rule } from '../rule';
import { resultsOf } from '../system/validation-tests';
import { networkedPods, podListEvidence, podsPlaced } from './test-pods';

export const rule: Rule = {
  meta: {
    id: 'CT-LOCAL-PODS',
    step: 2,
    severity: 'info',
    title: 'Two pods run on this node, so that connections between local pods can be judged',
    description:
      'Counts running pods with a network of their own on this node, or takes the test result. With fewer than two, nothing shows whether local pods reach each other.',
    impact: 'A fault of the virtual switch cannot be told from a fault of the routes.',
    needs: [['tests', 'pods']],
    falsePositives: 'Small clusters, or a node that was just drained.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
  },
  check({ snapshot }) {
    const test = resultsOf(snapshot, 'localPods').at(-1);
    const pods = networkedPods(snapshot, 'here');
    if (test?.result === 'passed') return passed(`Test "${test.name}" passed`);
    if (pods.length >= 2) return passed(`${pods.length} pods run on this node`);
    if (!test && !podsPlaced(snapshot)) {
      return notChecked('Which of the listed pods run on this node is not known', 'pods');
    }
    return fired({
      title: 'Fewer than two test pods run on this node: local connections cannot be judged',
      summary: test
        ? `The test "${test.name}" failed.`
        : `${pods.length} running pods with a network of their own are on ${snapshot.node}.`,
      cause:
        'The deployment has too few replicas, or its pods were placed elsewhere or did not start.',
      remedy: [
        {
          text: 'Run more replicas, and see why pods do not start here if they do not.',
          command: 'kubectl scale deployment win-webserver --replicas=4',
          disturbs: 'Starts pods of the test deployment.',
          verify: {
            kind: 'command',
            command: 'kubectl get pods -o wide',
            shows: `shows two on ${snapshot.node}`,
          },
        },
      ],
      entities: [],
      evidence: test?.evidence ?? pods[0]?.evidence.slice(0, 1) ?? podListEvidence(snapshot),
    });
  },
};
