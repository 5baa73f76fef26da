import type { Evidence } from '../../model/evidence';
import type { Severity } from '../../model/finding';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { dsrState } from '../cni/dsr-state';
import { countOf, someOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

type HnsVersion = readonly [major: number, minor: number];

/** A feature, since which versions HNS has it, and who asks for it. */
interface Feature {
  readonly name: string;
  readonly severity: Severity;
  has(version: HnsVersion): boolean;
  readonly since: string;
  readonly otherwise: string;
  /** What asks for it; undefined where nothing does. */
  asked(
    snapshot: NodeSnapshot,
  ): { readonly by: string; readonly evidence: readonly Evidence[] } | undefined;
}

const atLeast =
  (major: number, minor: number) =>
  (version: HnsVersion): boolean =>
    version[0] > major || (version[0] === major && version[1] >= minor);

/** Version ranges as hcsshim knows them (hcn/hcnglobals.go). */
const FEATURES: readonly Feature[] = [
  {
    name: 'direct server return',
    severity: 'error',
    has: (version) => (version[0] === 9 && version[1] >= 3) || atLeast(10, 2)(version),
    since: '9.3, and from 10.2 on',
    otherwise: 'kube-proxy ends with an error, or makes load balancers without it.',
    asked(snapshot) {
      const dsr = dsrState(snapshot);
      const flag = snapshot.logs.some((log) => log.flags.get('--enable-dsr')?.value === 'true');
      return dsr?.on === true && flag
        ? { by: 'kube-proxy runs with --enable-dsr', evidence: dsr.evidence }
        : undefined;
    },
  },
  {
    name: 'session affinity',
    severity: 'warning',
    has: atLeast(12, 0),
    since: '12.0 (Server 2022)',
    otherwise: 'Connections of one client go to any backend.',
    asked({ cluster }) {
      const services = cluster.services.filter(
        ({ sessionAffinity, headless }) => sessionAffinity === 'ClientIP' && !headless,
      );
      const names = someOf(services.map(({ name }) => name));
      return services.length === 0
        ? undefined
        : {
            by: `${countOf(services.length, 'service')} with sessionAffinity ClientIP (${names})`,
            evidence: services.slice(0, 4).flatMap(({ evidence }) => evidence.slice(0, 1)),
          };
    },
  },
  {
    name: 'a VXLAN port other than 4789',
    severity: 'error',
    has: atLeast(10, 3),
    since: '10.3',
    otherwise: 'Packets to other nodes leave for port 4789, where nobody listens.',
    asked({ mode, cluster }) {
      if (mode.mode !== 'overlay') return undefined;
      const port = cluster.netConfs.flatMap((conf) => conf.port ?? []).at(-1);
      return port === undefined || port.value === 4789
        ? undefined
        : { by: `net-conf.json asks for port ${port.value}`, evidence: [port.evidence] };
    },
  },
];

export const rule: Rule = {
  meta: {
    id: 'SYS-HNS-FEATURE-GAP',
    aliases: ['SVC-DSR-UNSUPPORTED'],
    step: 1,
    severity: 'error',
    title: 'HNS has what kube-proxy and the CNI ask for',
    description:
      'Compares the version of HNS with what is asked for: direct server return, session affinity, another VXLAN port.',
    impact:
      'The call is refused, or kube-proxy does without, and traffic does not go as configured.',
    needs: ['hnsVersion'],
    falsePositives:
      'Features come to older versions with updates; the number of HNS counts, not the name of the Windows version.',
    references: [
      'https://github.com/microsoft/hcsshim/blob/main/hcn/hcnglobals.go',
      'https://github.com/kubernetes/kubernetes/tree/master/pkg/proxy/winkernel',
    ],
    explains: ['SYS-KUBEPROXY-COUNT', 'LOG-KP-EXIT'],
  },
  check({ snapshot }) {
    const hns = snapshot.hnsVersion;
    if (!hns) return notChecked('No output names the version of HNS', 'hnsVersion');
    const version = [hns.major, hns.minor] as const;
    const findings = FEATURES.flatMap((feature): FindingDraft[] => {
      const asked = feature.has(version) ? undefined : feature.asked(snapshot);
      if (!asked) return [];
      return [
        {
          severity: feature.severity,
          title: `HNS ${version.join('.')} does not know ${feature.name}`,
          summary: `${asked.by}; HNS knows it since ${feature.since}. ${feature.otherwise}`,
          cause: 'The feature was turned on for nodes whose Windows is too old for it.',
          remedy: [
            {
              text: 'Turn the feature off for these nodes, or update Windows or move to a newer version of it.',
              verify: {
                kind: 'command',
                command: 'Invoke-HnsRequest -Method GET -Type globals -Id version',
                shows: `shows a version that has it: ${feature.since}`,
              },
            },
          ],
          entities: hns.evidence.slice(0, 1).map(({ file }) => fileRef(file)),
          evidence: [...hns.evidence, ...asked.evidence],
        },
      ];
    });
    return firedOrPassed(findings, `HNS ${version.join('.')} has what is asked for`);
  },
};
