import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { componentVersion, type KnownVersion } from './component-version';
import { isBelow, type Version } from './version-number';

interface Defect {
  readonly issue: string;
  readonly what: string;
  /** Ranges of versions that have it: from the first, up to the first that is not known to have it. */
  readonly versions: readonly (readonly [from: Version, until: Version])[];
  /** The first patch releases with the fix. */
  readonly fixed: string;
  readonly symptom: string;
  applies(snapshot: NodeSnapshot): boolean;
}

/**
 * Regressions that the release notes of Kubernetes name. The fix of 1.24 and 1.25 was merged days
 * before 1.24.7 and 1.25.3 (kubernetes#112839, #112840); the other stands in the notes of 1.32.6 and
 * 1.33.2 (#131652, #131649) and was not brought to 1.31: later patches of it are not spoken of.
 */
const DEFECTS: readonly Defect[] = [
  {
    issue: '112836',
    what: 'it leaves load balancers behind whenever backends of a service change',
    versions: [
      [
        [1, 24, 0],
        [1, 24, 7],
      ],
      [
        [1, 25, 0],
        [1, 25, 3],
      ],
    ],
    fixed: '1.24.7, 1.25.3',
    symptom: 'A share of the connections to such services goes to pods that are gone.',
    applies: () => true,
  },
  {
    issue: '131466',
    what: 'its changes of load balancers do not reach HNS',
    versions: [
      [
        [1, 31, 0],
        [1, 31, 10],
      ],
      [
        [1, 32, 0],
        [1, 32, 6],
      ],
      [
        [1, 33, 0],
        [1, 33, 2],
      ],
    ],
    fixed: '1.32.6, 1.33.2',
    symptom: 'After scaling, load balancers keep the backends that they had.',
    // kube-proxy changes load balancers in place from this version of HNS on.
    applies: ({ hnsVersion: hns }) =>
      hns !== undefined && (hns.major > 15 || (hns.major === 15 && hns.minor >= 4)),
  },
];

export const rule: Rule = {
  meta: {
    id: 'SYS-PROXY-REGRESSION',
    step: 1,
    severity: 'warning',
    title: 'kube-proxy is of no version with a known defect on Windows',
    description:
      'Compares the version of kube-proxy with those that leave load balancers behind (1.24, 1.25) or do not change them (1.31 to 1.33 with HNS 15.4).',
    impact: 'Load balancers are stale or missing without any fault in the configuration.',
    needs: ['versions'],
    falsePositives:
      'Distributions bring fixes to their own builds: the defect is possible, not proved.',
    references: [
      'https://github.com/kubernetes/kubernetes/issues/112836',
      'https://github.com/kubernetes/kubernetes/issues/131466',
    ],
    explains: ['HNS-ORPHAN-LB-ENDPOINT', 'SVC-VFP-3WAY'],
  },
  check({ snapshot }) {
    const proxy = componentVersion(snapshot, 'kube-proxy');
    if (!proxy) return notChecked('No output names the version of kube-proxy', 'versions');
    const found = DEFECTS.filter(
      ({ versions, applies }) =>
        versions.some(
          ([from, until]) => !isBelow(proxy.version, from) && isBelow(proxy.version, until),
        ) && applies(snapshot),
    );
    return firedOrPassed(
      found.map((defect) => finding(proxy, defect)),
      `kube-proxy ${proxy.text}`,
    );
  },
};

function finding(proxy: KnownVersion, { issue, what, fixed, symptom }: Defect): FindingDraft {
  return {
    title: `kube-proxy ${proxy.text} has a known defect: ${what}`,
    summary: `${symptom} It is fixed from ${fixed} on (kubernetes #${issue}).`,
    cause: 'The defect is in kube-proxy itself, as far as its version tells.',
    remedy: [
      {
        text: 'Upgrade kube-proxy to a version with the fix. Until then restart it when services are stale.',
        command: 'Restart-Service kubeproxy',
        disturbs: 'Services of this node may pause until its first sync is done.',
        verify: {
          kind: 'command',
          command: 'kube-proxy.exe --version',
          shows: 'shows a version with the fix',
        },
      },
    ],
    entities: proxy.evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    evidence: proxy.evidence,
  };
}
