import type { Evidence } from '../../model/evidence';
import { fileRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { fired, notChecked, passed, type Rule } from '../rule';
import { resultsOf } from './validation-tests';

/** Windows Server 2019, version 1809. */
const MINIMUM = 17763;

export const rule: Rule = {
  meta: {
    id: 'SYS-OS-BUILD',
    step: 1,
    severity: 'error',
    title: 'The Windows build is 17763 (Server 2019) or newer',
    description:
      'Looks at the build number in winver.txt, in the output of Debug-WindowsNode and in the node object. Kubernetes networking needs HCN version 2, which came with version 1809.',
    impact:
      'Overlay networks, host-gw routes and services do not work as they should, or not at all.',
    needs: [['osVersion', 'nodes', 'tests']],
    falsePositives:
      'Client builds of Windows 10 and 11 have other numbers; those from 19041 on pass.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://kubernetes.io/docs/concepts/windows/intro/#windows-os-version-support',
    ],
  },
  check({ snapshot }) {
    const node = snapshot.cluster.nodes.find(
      ({ name }) => name.toLowerCase() === snapshot.node.toLowerCase(),
    );
    const kernel = /^10\.0\.(\d{5})/.exec(node?.kernelVersion ?? '')?.[1];
    const build = snapshot.os?.build ?? (kernel === undefined ? undefined : Number(kernel));
    const evidence: readonly Evidence[] =
      (snapshot.os?.build === undefined ? node?.evidence : snapshot.os.evidence)?.slice(0, 2) ?? [];
    const tested = resultsOf(snapshot, 'osBuild').at(-1);
    if (build === undefined) {
      if (tested?.result === 'passed') return passed(`Debug-WindowsNode: "${tested.name}" passed`);
      if (tested === undefined) return notChecked('No output names the Windows build', 'osVersion');
    } else if (build >= MINIMUM) return passed(`Build ${build}`);
    const product = snapshot.os?.productName ?? 'Windows';
    const at = build === undefined ? (tested?.evidence ?? []) : evidence;
    const seen =
      build === undefined ? 'The test of the Windows version failed' : `${product}, build ${build}`;
    return fired({
      title:
        build === undefined
          ? 'Windows is too old for Kubernetes networking'
          : `Windows build ${build} is too old for Kubernetes networking`,
      summary: `${seen}. Build ${MINIMUM} (Windows Server 2019) is the oldest one that works.`,
      cause: 'The node was installed from an image older than Windows Server 2019 (version 1809).',
      remedy: [
        {
          text: 'Install the node anew from Windows Server 2019, 2022 or 2025 and join it again.',
          command: `kubectl drain ${argument(snapshot.node)} --ignore-daemonsets --delete-emptydir-data`,
          disturbs: 'All pods of the node move to other nodes.',
          verify: {
            kind: 'command',
            command: 'kubectl get node -o wide',
            shows: 'shows a kernel version of 10.0.17763 or above',
          },
        },
      ],
      entities: at.slice(0, 1).map(({ file }) => fileRef(file)),
      evidence: at,
    });
  },
};
