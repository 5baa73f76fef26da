import type { Evidence } from '../../model/evidence';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { nodeRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { fired, notChecked, passed, type Rule } from '../rule';
import { isBelow, versionOf, type Version } from './version-number';

interface Runtime {
  readonly name: 'docker' | 'containerd';
  readonly text: string;
  readonly version: Version;
  readonly evidence: readonly Evidence[];
}

/** The runtime as the node object names it, else Docker's version below the test of Debug-WindowsNode. */
function runtimeOf(snapshot: NodeSnapshot): Runtime | undefined {
  const node = snapshot.cluster.nodes.find(
    ({ name }) => name.toLowerCase() === snapshot.node.toLowerCase(),
  );
  const named = /^(docker|containerd):\/\/(\S+)/i.exec(node?.containerRuntimeVersion ?? '');
  const version = versionOf(named?.[2] ?? '');
  if (node && named && version) {
    const name = named[1]?.toLowerCase() === 'docker' ? 'docker' : 'containerd';
    return { name, text: named[2] ?? '', version, evidence: node.evidence.slice(0, 1) };
  }
  for (const test of [...snapshot.tests].reverse()) {
    const text = /Docker version:\s*(\S+)/.exec(test.message ?? '')?.[1];
    const docker = text === undefined ? undefined : versionOf(text);
    if (text !== undefined && docker) {
      return { name: 'docker', text, version: docker, evidence: test.evidence };
    }
  }
  return undefined;
}

export const rule: Rule = {
  meta: {
    id: 'SYS-RUNTIME-VERSION',
    step: 1,
    severity: 'warning',
    title: 'The container runtime has a version that Kubernetes networking works with',
    description:
      'Compares the version of the runtime with Docker 18.09 and containerd 1.6 (1.6.18 where HostProcess pods run), the oldest ones known to work.',
    impact: 'Older runtimes leave endpoints behind, or cannot run agents as HostProcess pods.',
    needs: [['nodes', 'tests']],
    falsePositives:
      'Vendors bring fixes back to older versions: the number alone does not prove a fault.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
    ],
  },
  check({ snapshot }) {
    const runtime = runtimeOf(snapshot);
    if (!runtime)
      return notChecked('No output names the version of the container runtime', 'nodes');
    const hostProcess = snapshot.cluster.pods.some(
      (pod) => pod.hostProcess === true && pod.node?.toLowerCase() === snapshot.node.toLowerCase(),
    );
    const limit: Version =
      runtime.name === 'docker' ? [18, 9, 0] : hostProcess ? [1, 6, 18] : [1, 6, 0];
    const limitText =
      runtime.name === 'docker' ? '18.09' : limit.slice(0, hostProcess ? 3 : 2).join('.');
    if (!isBelow(runtime.version, limit)) return passed(`${runtime.name} ${runtime.text}`);
    const node = snapshot.cluster.nodes.find(({ evidence }) => evidence[0] === runtime.evidence[0]);
    return fired({
      title: `${runtime.name} ${runtime.text} is older than ${limitText}: endpoints may be left behind`,
      summary: `The node runs ${runtime.name} ${runtime.text}${hostProcess ? ' and has HostProcess pods' : ''}. ${limitText} is the oldest version that is known to work.`,
      cause: 'The runtime was not upgraded with the cluster.',
      remedy: [
        {
          text: `Drain the node and upgrade ${runtime.name}.`,
          command: `kubectl drain ${argument(snapshot.node)} --ignore-daemonsets`,
          disturbs: 'All pods of the node move to other nodes.',
          verify: {
            kind: 'command',
            command: 'kubectl get node -o wide',
            shows: 'shows the new version under CONTAINER-RUNTIME',
          },
        },
      ],
      entities: node ? [nodeRef(node)] : [],
      evidence: runtime.evidence,
    });
  },
};
