import { fileRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';
import { componentVersion } from './component-version';

/** Kubernetes allows kube-proxy and kubelet to be so many minor versions apart. */
const ALLOWED = 3;

export const rule: Rule = {
  meta: {
    id: 'SYS-KUBE-SKEW',
    step: 1,
    severity: 'warning',
    title: 'kubelet and kube-proxy are of the same minor version',
    description:
      'Compares what kubelet and kube-proxy print for --version. Kubernetes allows three minor versions between them, and older ones fewer.',
    impact: 'Faults of kube-proxy on Windows belong to single versions: which one runs matters.',
    needs: ['versions'],
    falsePositives:
      'During an upgrade they differ; within what Kubernetes allows it is an information only.',
    references: [
      'https://kubernetes.io/releases/version-skew-policy/',
      'https://github.com/kubernetes/kubernetes/issues/112836',
    ],
  },
  check({ snapshot }) {
    const kubelet = componentVersion(snapshot, 'kubelet');
    const proxy = componentVersion(snapshot, 'kube-proxy');
    if (!kubelet || !proxy)
      return notChecked('No output names the versions of both kubelet and kube-proxy', 'versions');
    const apart = Math.abs(kubelet.version[1] - proxy.version[1]);
    const same = kubelet.version[0] === proxy.version[0] && apart === 0;
    if (same) return passed(`Both are of version ${proxy.version.slice(0, 2).join('.')}`);
    const evidence = [...proxy.evidence, ...kubelet.evidence];
    return fired({
      severity: kubelet.version[0] === proxy.version[0] && apart <= ALLOWED ? 'info' : 'warning',
      title: `kube-proxy ${proxy.text} and kubelet ${kubelet.text} are of different versions`,
      summary: `They are ${apart} minor version${apart === 1 ? '' : 's'} apart; Kubernetes allows ${ALLOWED}.`,
      cause: 'Only one of the two was upgraded.',
      remedy: [
        {
          text: 'Bring both to the version of the cluster and restart them.',
          command: 'kubelet.exe --version; kube-proxy.exe --version',
          disturbs: 'Services of this node may pause until the first sync of kube-proxy is done.',
          verify: {
            kind: 'command',
            command: 'kube-proxy.exe --version',
            shows: `shows ${kubelet.version.slice(0, 2).join('.')}`,
          },
        },
      ],
      entities: evidence.slice(0, 1).map(({ file }) => fileRef(file)),
      evidence,
    });
  },
};
