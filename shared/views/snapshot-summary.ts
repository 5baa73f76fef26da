import type { CheckResult, Finding, Step } from '../model/finding';
import { verdictOf, type Verdict } from '../rules/verdict';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

export interface StepStatus {
  readonly step: Step;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly passed: number;
  readonly notChecked: number;
  readonly doesNotApply: number;
}

export interface SnapshotSummary {
  readonly id: string;
  readonly node: string;
  readonly nameGuessed: boolean;
  readonly address: string | undefined;
  readonly collectedAt: number | undefined;
  readonly collectedAtSource: string | undefined;
  readonly os: string | undefined;
  readonly mode: string;
  readonly modeText: string;
  readonly modeReason: string;
  readonly verdict: Verdict;
  readonly steps: readonly StepStatus[];
  readonly counts: {
    readonly files: number;
    readonly filesRead: number;
    readonly skippedLines: number;
    readonly networks: number;
    readonly endpoints: number;
    readonly loadBalancers: number;
    readonly namespaces: number;
    readonly vfpPorts: number;
    readonly vfpRules: number;
    readonly contradictions: number;
    readonly checksMade: number;
    readonly checksTotal: number;
    readonly needEvidence: number;
  };
}

const STEPS: readonly Step[] = [1, 2, 3, 4, 5, 6, 7, 8];

const CNI_TEXT: ReadonlyMap<string, string> = new Map([
  ['flannel-host-gw', 'flannel host-gw'],
  ['flannel-vxlan', 'flannel vxlan'],
  ['calico-bgp', 'Calico BGP'],
  ['calico-vxlan', 'Calico vxlan'],
  ['azure', 'Azure CNI'],
  ['antrea', 'Antrea'],
  ['ovn', 'OVN'],
  ['aws-vpc', 'AWS VPC CNI'],
]);

/** `flannel host-gw (l2bridge)`. */
export function modeText(snapshot: NodeSnapshot): string {
  const { mode, cni } = snapshot.mode;
  if (mode === 'unknown') return 'network mode not known';
  const name = CNI_TEXT.get(cni) ?? (cni === 'unknown' || cni === 'none' ? undefined : cni);
  return name === undefined ? mode : `${name} (${mode})`;
}

/** `Windows Server 2019 Datacenter 17763.504`. */
export function osText(snapshot: NodeSnapshot): string | undefined {
  const { os } = snapshot;
  if (!os) return undefined;
  const build =
    os.build === undefined ? undefined : `${os.build}${os.ubr === undefined ? '' : `.${os.ubr}`}`;
  const text = [os.productName, build].filter((p) => p !== undefined).join(' ');
  return text === '' ? undefined : text;
}

/** Everything the frame shows of a snapshot: verdict, step counts, status bar. */
export function snapshotSummary(
  snapshot: NodeSnapshot,
  findings: readonly Finding[],
  checks: readonly CheckResult[],
): SnapshotSummary {
  const own = checks.filter((c) => c.snapshotId === snapshot.id);
  const ownFindings = findings.filter((f) => f.snapshotId === snapshot.id);
  const needEvidence = own.filter((c) => c.because === 'needs-evidence').length;
  const applying = own.filter((c) => c.because !== 'does-not-apply');
  return {
    id: snapshot.id,
    node: snapshot.node,
    nameGuessed: snapshot.nameGuessed,
    address: snapshot.addresses.managementIp?.value,
    collectedAt: snapshot.collectedAt?.time,
    collectedAtSource: snapshot.collectedAt && sourceText(snapshot),
    os: osText(snapshot),
    mode: snapshot.mode.mode,
    modeText: modeText(snapshot),
    modeReason: snapshot.mode.reason,
    verdict: verdictOf(snapshot.id, findings, checks),
    steps: STEPS.map((step) => stepStatus(step, ownFindings, own)),
    counts: {
      files: snapshot.files.length,
      filesRead: snapshot.files.filter((f) => f.status === 'parsed' || f.status === 'partial')
        .length,
      skippedLines: snapshot.files.reduce(
        (sum, f) => sum + f.unread.reduce((s, r) => s + r.endLine - r.line + 1, 0),
        0,
      ),
      networks: snapshot.networks.length,
      endpoints: snapshot.endpoints.length,
      loadBalancers: snapshot.loadBalancers.length,
      namespaces: snapshot.namespaces.length,
      vfpPorts: snapshot.vfp.reduce((sum, d) => sum + d.ports.length, 0),
      vfpRules: snapshot.vfp.reduce((sum, d) => sum + d.ruleCount, 0),
      contradictions: snapshot.contradictions.length,
      checksMade: own.filter((c) => c.status !== 'not-checked').length,
      checksTotal: applying.length,
      needEvidence,
    },
  };
}

function sourceText(snapshot: NodeSnapshot): string {
  switch (snapshot.collectedAt?.source) {
    case 'stamp':
      return snapshot.collectedAt.file === ''
        ? 'stated by the bundle'
        : `stated by ${snapshot.collectedAt.file}`;
    case 'log':
      return `newest time in ${snapshot.collectedAt.file}`;
    case 'file-time':
    case undefined:
      return `file time of ${snapshot.collectedAt?.file ?? ''}`;
  }
}

function stepStatus(
  step: Step,
  findings: readonly Finding[],
  checks: readonly CheckResult[],
): StepStatus {
  const mine = findings.filter((f) => f.step === step);
  const own = checks.filter((c) => c.step === step);
  return {
    step,
    errors: mine.filter((f) => f.severity === 'error').length,
    warnings: mine.filter((f) => f.severity === 'warning').length,
    infos: mine.filter((f) => f.severity === 'info').length,
    passed: own.filter((c) => c.status === 'passed').length,
    notChecked: own.filter((c) => c.because === 'needs-evidence' || c.because === 'rule-failed')
      .length,
    doesNotApply: own.filter((c) => c.because === 'does-not-apply').length,
  };
}
