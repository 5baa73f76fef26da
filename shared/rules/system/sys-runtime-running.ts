import type { WindowsService } from '../../model/system';
import { windowsServiceRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { fired, notChecked, passed, type Rule } from '../rule';
import { countProcesses } from './process-count';
import { resultsOf } from './validation-tests';

const RUNTIMES = ['containerd', 'docker', 'com.docker.service'];
/** Distributions that run their own containerd inside of their service. */
const EMBEDDING = /^(rke2|k3s)(-agent)?$/i;

export const rule: Rule = {
  meta: {
    id: 'SYS-RUNTIME-RUNNING',
    step: 1,
    severity: 'error',
    title: 'The container runtime is running',
    description:
      'Looks at the services containerd and docker, at the processes, and at the runtime that the node object names. The runtime starts the pause container, which owns the endpoint of a pod.',
    impact: 'No pod can start; running pods cannot be changed or deleted.',
    needs: [['services', 'processes', 'tests']],
    falsePositives:
      'Both runtimes may be installed; the one that the kubelet uses counts. RKE2 and K3s carry their own containerd without a service of its own.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://kubernetes.io/docs/tasks/debug/debug-cluster/windows/',
    ],
    explains: ['CT-ROLLOUT-STALLED', 'SYS-KUBELET-COUNT'],
  },
  check({ snapshot }) {
    const node = snapshot.cluster.nodes.find(
      ({ name }) => name.toLowerCase() === snapshot.node.toLowerCase(),
    );
    const named = /^(docker|containerd):/i
      .exec(node?.containerRuntimeVersion ?? '')?.[1]
      ?.toLowerCase();
    const isRuntime = ({ name }: WindowsService): boolean => RUNTIMES.includes(name.toLowerCase());
    const services = snapshot.windowsServices.filter((s) => isRuntime(s) && s.status !== 'unknown');
    const running = services.filter(({ status }) => status === 'running');
    const ours = (list: readonly WindowsService[]): readonly WindowsService[] =>
      named === undefined ? list : list.filter(({ name }) => name.toLowerCase().includes(named));
    const [up] = ours(running);
    if (up)
      return passed(
        `The service ${up.name} is running${named === undefined ? '' : ', the runtime that the kubelet uses'}`,
      );
    if (
      snapshot.windowsServices.some(
        ({ name, status }) => EMBEDDING.test(name) && status === 'running',
      )
    ) {
      return passed('The service of the distribution is running and carries its own containerd');
    }
    const down = ours(services.filter(({ status }) => status !== 'running'))[0];
    const process = (['containerd', 'docker'] as const)
      .filter((runtime) => named === undefined || named === runtime)
      .map((runtime) => countProcesses(snapshot, runtime === 'docker' ? 'dockerd' : 'containerd'))
      .find((count) => count !== undefined && count.found.length > 0);
    if (!down && process) return passed(`The process ${process.found[0]?.name ?? ''} is running`);
    if (!down && !snapshot.windowsServices.some(({ name }) => isRuntimeList(name))) {
      const docker = resultsOf(snapshot, 'dockerRunning').find(({ suite }) =>
        /docker/i.test(suite),
      );
      if (docker?.result === 'passed')
        return passed(`Debug-WindowsNode: "${docker.name}" passed for Docker`);
      return notChecked(
        'No service list and no process list shows a container runtime',
        'services',
      );
    }
    // A missing service proves something only in a list of all services.
    const hns = snapshot.windowsServices.find(({ name }) => name.toLowerCase() === 'hns');
    const complete = snapshot.evidence.get('services')?.state === 'present';
    if (!down && !(complete && hns)) {
      return notChecked(
        'The service lists show selected services only, and no container runtime among them',
        'services',
        'processes',
      );
    }
    const what = down?.name ?? named ?? 'containerd';
    return fired({
      title: `The container runtime (${what}) is not running: no pod can start`,
      summary: down
        ? `The service ${down.name} is ${down.status}${named === undefined ? '' : '; the kubelet of this node uses it'}.`
        : 'The list of all services holds neither containerd nor docker, and no process of them was seen.',
      cause: down
        ? 'The service was stopped, ended, or failed to start; its log says which.'
        : 'No container runtime is installed as a service.',
      remedy: [
        {
          text: 'Start the runtime and read its log.',
          command: `Start-Service ${argument(what)}; Get-WinEvent -LogName Application -MaxEvents 50 | Where-Object ProviderName -match ${argument(what)}`,
          disturbs: 'Nothing that runs.',
          verify: {
            kind: 'command',
            command: `Get-Service ${argument(what)}`,
            shows: 'shows Running, and kubectl get node shows Ready',
          },
        },
      ],
      entities: [windowsServiceRef(what)],
      evidence: (down ?? hns)?.evidence ?? [],
    });
  },
};

/** A list that names any service of the platform could have named the runtime. */
const isRuntimeList = (name: string): boolean => name.toLowerCase() === 'hns';
