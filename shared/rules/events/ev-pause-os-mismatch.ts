import type { Evidence } from '../../model/evidence';
import { fileRef, logRef, podRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, passed } from '../rule';
import { eventsOfNode } from './node-scope';

const MISMATCH = /does not match the host operating system|0x[c8]0370101/i;
const OF_SANDBOX = /sandbox|pause/i;

export const rule: Rule = {
  meta: {
    id: 'EV-PAUSE-OS-MISMATCH',
    step: 3,
    severity: 'error',
    title: 'The pause image fits the Windows version of the host',
    description:
      'Looks in events and in the logs of kubelet and containerd for sandboxes that were refused because their operating system does not match the host’s (0xC0370101).',
    impact:
      'The endpoint of a pod belongs to its pause container: without it no pod of the node gets a network.',
    needs: [['events', 'kubeletLog']],
    falsePositives:
      'Hyper-V isolated runtime classes accept older images. A mismatch of a workload image is another fault and is not reported here.',
    references: [REF.article, REF.versions, REF.windowsDebug],
    explains: ['EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING', 'EV-HRESULT'],
  },
  check({ snapshot, case: theCase }) {
    const events = eventsOfNode(snapshot, theCase);
    const hits = events.filter(
      (e) => MISMATCH.test(e.message) && OF_SANDBOX.test(`${e.reason} ${e.message}`),
    );
    const evidence: Evidence[] = hits.flatMap((e) => e.evidence.slice(0, 1));
    const logs = snapshot.logs.filter(
      (l) => l.component === 'kubelet' || l.component === 'containerd',
    );
    for (const log of logs) {
      const found = [
        ...log.find('does not match the host operating system', 20),
        ...log.find('0xc0370101', 20),
      ];
      const last = found
        .map((i) => log.entry(i))
        .filter(({ text }) => OF_SANDBOX.test(text))
        .at(-1);
      if (last) evidence.push(last.evidence);
    }
    const [first] = evidence;
    if (!first)
      return passed(
        `No event of ${events.length} and no log of ${logs.length} tells of a sandbox of another Windows version`,
      );
    const host =
      snapshot.os?.build === undefined ? 'the host' : `the host (build ${snapshot.os.build})`;
    const flag = logs
      .map((l) => l.flags.get('--pod-infra-container-image'))
      .find((f) => f !== undefined);
    const image = flag ? ` kubelet is set to ${flag.value}.` : '';
    const pods = snapshot.cluster.pods.filter((p) => hits.some((e) => e.objectName === p.name));
    return fired({
      title: 'Pods cannot start: the pause image is built for another Windows version',
      summary: `The sandbox of ${hits.length === 0 ? 'pods' : `${new Set(hits.map((e) => e.objectName)).size} pod(s)`} was refused because its operating system does not match ${host}.${image}`,
      cause:
        'With process isolation the Windows version of an image must fit the host. The pause image configured in kubelet (docker) or containerd does not, so no sandbox and no endpoint is made.',
      remedy: [
        {
          text: 'Set a pause image that holds all Windows versions: in containerd’s config.toml as sandbox_image, under docker as kubelet’s --pod-infra-container-image.',
          command: 'sandbox_image = "mcr.microsoft.com/oss/kubernetes/pause:3.9"',
          verify: {
            kind: 'command',
            command: 'crictl pull mcr.microsoft.com/oss/kubernetes/pause:3.9',
            shows: 'succeeds on the node',
          },
        },
        {
          text: 'Restart the runtime and kubelet.',
          command: 'Restart-Service containerd; Restart-Service kubelet',
          disturbs: 'Running containers go on; new pods wait until both are up.',
          verify: {
            kind: 'command',
            command: 'kubectl get pods -o wide',
            shows: 'shows that the pods leave ContainerCreating',
          },
        },
      ],
      entities: [
        ...pods.map(podRef),
        first.file.endsWith('.log') ? logRef(first.file) : fileRef(first.file),
      ],
      evidence: [
        ...evidence.slice(0, 10),
        ...(flag ? [flag.evidence] : []),
        ...(snapshot.os?.evidence.slice(0, 1) ?? []),
      ],
    });
  },
};
