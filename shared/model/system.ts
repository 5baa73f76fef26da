import type { Sourced } from './evidence';

export interface OsVersion extends Sourced {
  readonly productName?: string | undefined;
  readonly build?: number | undefined;
  readonly ubr?: number | undefined;
  readonly buildLab?: string | undefined;
  readonly displayVersion?: string | undefined;
}

export interface WindowsService extends Sourced {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly status: 'running' | 'stopped' | 'paused' | 'pending' | 'unknown';
  readonly startType?: string | undefined;
  readonly pid?: number | undefined;
}

export interface WindowsProcess extends Sourced {
  readonly name: string;
  readonly pid?: number | undefined;
  readonly cpuSeconds?: number | undefined;
  readonly workingSetBytes?: number | undefined;
  readonly threads?: number | undefined;
  readonly startTime?: number | undefined;
  /** Of the start: UTC, or the clock of the node, whose zone is not told. */
  readonly startZone?: 'utc' | 'local' | undefined;
  readonly commandLine?: string | undefined;
}

/** A container or sandbox (docker ps, ctr c ls, crictl, hcsdiag list). */
export interface Container extends Sourced {
  readonly id: string;
  readonly image?: string | undefined;
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  readonly runtime: 'docker' | 'containerd' | 'hcs';
  /** Pause / sandbox container: it owns the endpoint. */
  readonly isPause: boolean;
  readonly podName?: string | undefined;
  readonly podNamespace?: string | undefined;
}

/** Whether a Windows feature (Containers) is installed, and by what output this is known. */
export interface WindowsFeature extends Sourced {
  readonly name: string;
  readonly installed: boolean;
}

export interface ImageInfo extends Sourced {
  readonly name: string;
}

/** What a program says of its own version (`kubelet.exe --version`). */
export interface ComponentVersion extends Sourced {
  /** The program's name without `.exe`, lower case. */
  readonly component: string;
  /** As printed behind its `v`: `1.29.4`, `1.28.9+rke2r1`. Undefined where it did not say. */
  readonly version?: string | undefined;
  /** Why there is no version: the program was not found, or failed. */
  readonly reason?: string | undefined;
}

/** An update of Windows that is installed. */
export interface Hotfix extends Sourced {
  /** `KB5036909`. */
  readonly id: string;
  readonly description?: string | undefined;
  /** As printed, in the form of the node's culture. */
  readonly installedOn?: string | undefined;
  /** Milliseconds of that date, where day and month can be told apart. */
  readonly installedAt?: number | undefined;
}

/** The version that HNS states (`globals/version`): what kube-proxy and CNI plugins decide their features by. */
export interface HnsVersion extends Sourced {
  readonly major: number;
  readonly minor: number;
}

/** One test of a Pester run or of Debug-WindowsNode. */
export interface TestResult extends Sourced {
  readonly suite: string;
  readonly context?: string | undefined;
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped' | 'inconclusive';
  readonly durationMs?: number | undefined;
  readonly message?: string | undefined;
}

/** `@{availableReplicas=2; ...}` lines of the validation script: where a rollout stood while it waited. */
export interface RolloutWait extends Sourced {
  readonly deployment: string;
  readonly replicas?: number | undefined;
  readonly available?: number | undefined;
}

/** A name lookup run by hand (resolve-dnsname, nslookup), inside a container or on the host. */
export interface DnsLookup extends Sourced {
  readonly name: string;
  readonly server?: string | undefined;
  readonly container?: string | undefined;
  readonly ok: boolean;
  readonly answers: readonly string[];
  readonly message?: string | undefined;
}
