import type { Evidence } from './evidence';

export type Severity = 'error' | 'warning' | 'info';
export type Step = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type EntityKind =
  | 'network'
  | 'endpoint'
  | 'load-balancer'
  | 'namespace'
  | 'compartment'
  | 'adapter'
  | 'vfp-port'
  | 'vfp-layer'
  | 'vfp-group'
  | 'vfp-rule'
  | 'vswitch-port'
  | 'route'
  | 'service'
  | 'pod'
  | 'node'
  | 'event'
  | 'process'
  | 'windows-service'
  | 'container'
  | 'cni-config'
  | 'log'
  | 'test'
  | 'file'
  | 'port-range';

/** A link to an object of a snapshot. `id` is the entity's key within its kind (see snapshot/entity-ref.ts). */
export interface EntityRef {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string;
}

/** How to see that a remedy helped: in what a command shows, or in something else. */
export type Verification =
  | {
      readonly kind: 'command';
      readonly command: string;
      /** What it then does, to be read behind it: "shows the node Ready". */
      readonly shows?: string | undefined;
    }
  | { readonly kind: 'observation'; readonly text: string };

/** A verification in one sentence. */
export function verificationText(verify: Verification): string {
  if (verify.kind === 'observation') return verify.text;
  return verify.shows === undefined ? verify.command : `${verify.command} ${verify.shows}`;
}

/** A remedy step: what to run, what it disturbs, how to see that it helped. */
export interface Remedy {
  readonly text: string;
  readonly command?: string | undefined;
  readonly disturbs?: string | undefined;
  readonly verify?: Verification | undefined;
}

export interface Finding {
  readonly ruleId: string;
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** It would be an error, but what it compares was not collected at one time. */
  readonly lowered?: boolean | undefined;
  readonly step: Step;
  /** What is wrong for the user: "Pods cannot reach 10.244.18.0/24". */
  readonly title: string;
  readonly node: string;
  readonly snapshotId: string;
  readonly summary: string;
  readonly cause: string;
  readonly remedy: readonly Remedy[];
  /** Index of the root-cause finding in the same list, or null. */
  readonly causedBy: number | null;
  readonly entities: readonly EntityRef[];
  readonly evidence: readonly Evidence[];
  readonly references: readonly string[];
}

/** Evidence that a check lacks, and how to make it. */
export interface MissingEvidence {
  readonly what: string;
  /** Command that makes it, to run on the node or with kubectl. */
  readonly command: string;
  readonly where: 'node' | 'cluster' | 'another-node';
}

export type NotCheckedBecause = 'needs-evidence' | 'does-not-apply' | 'rule-failed';

/** The outcome of one rule on one snapshot. */
export interface CheckResult {
  readonly ruleId: string;
  readonly node: string;
  readonly snapshotId: string;
  readonly step: Step;
  readonly status: 'fired' | 'passed' | 'not-checked';
  readonly reason: string;
  readonly because?: NotCheckedBecause | undefined;
  readonly missing: readonly MissingEvidence[];
}
