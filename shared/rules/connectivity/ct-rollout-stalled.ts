import type { RolloutWait, TestResult } from '../../model/system';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { fired, notChecked, passed, type Rule } from '../rule';
import { TEST_NAMES } from '../system/validation-tests';

/** The script waits some ten seconds between two lines; fewer lines than this are a normal start. */
const ENOUGH_WAITS = 3;

const lineOf = (item: RolloutWait | TestResult): number => item.evidence[0]?.line ?? 0;
const fileOf = (item: RolloutWait | TestResult): string => item.evidence[0]?.file ?? '';

/** The waits of the newest run: those of the file and deployment named last. */
function lastRun(snapshot: NodeSnapshot): readonly RolloutWait[] {
  const last = snapshot.rollouts.at(-1);
  return snapshot.rollouts.filter(
    (wait) => last && wait.deployment === last.deployment && fileOf(wait) === fileOf(last),
  );
}

export const rule: Rule = {
  meta: {
    id: 'CT-ROLLOUT-STALLED',
    step: 2,
    severity: 'error',
    title: 'The test deployment completes',
    description:
      'Looks at the lines in which the validation script waits for its deployment, and at what the run did afterwards. A run that goes on was only waiting; one that never does is stalled.',
    impact: 'Pods cannot be started on at least one node, so nothing else can be tested.',
    needs: ['tests'],
    falsePositives: 'The first pull of a Windows image can take more than ten minutes.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
  },
  check({ snapshot }) {
    const waits = lastRun(snapshot);
    const last = waits.at(-1);
    const after = snapshot.tests.filter(
      (test) =>
        last === undefined || (fileOf(test) === fileOf(last) && lineOf(test) > lineOf(last)),
    );
    const local = after.find(({ name }) => TEST_NAMES.localPods.test(name));
    if (!last) {
      return local
        ? passed('The run did not have to wait for its deployment')
        : notChecked('The test results hold no run that deploys pods', 'tests');
    }
    const short =
      last.available !== undefined && last.replicas !== undefined && last.available < last.replicas;
    const went = after.some(({ result }) => result === 'passed') && local?.result !== 'failed';
    if (!short || went) {
      return passed(
        `${last.deployment} completed after ${waits.length} ${waits.length === 1 ? 'wait' : 'waits'}`,
      );
    }
    if (after.length === 0 && waits.length < ENOUGH_WAITS) {
      return notChecked(
        'The run was still waiting for its deployment when it was collected',
        'tests',
      );
    }
    return fired({
      title: `The test deployment ${last.deployment} never completes: pods are not started`,
      summary: `${last.available ?? 0} of ${last.replicas ?? 0} pods were available after ${waits.length} waits, and ${after.length === 0 ? 'the run ends there' : 'the tests after it fail'}.`,
      cause:
        'Sandboxes cannot be created on at least one node, or its image is still being pulled.',
      remedy: [
        {
          text: 'See which pods are not ready and what their events say.',
          command: `kubectl get pods -o wide; kubectl get events --sort-by=.lastTimestamp`,
          disturbs: 'Nothing.',
          verify: {
            kind: 'command',
            command: `kubectl rollout status ${argument(`deployment/${last.deployment}`)}`,
            shows: 'says it is rolled out',
          },
        },
      ],
      entities: [],
      evidence: [...last.evidence, ...(local?.evidence ?? [])],
    });
  },
};
