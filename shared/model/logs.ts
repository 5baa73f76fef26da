import type { Evidence, Sourced } from './evidence';

export type LogLevel = 'error' | 'warning' | 'info' | 'debug' | 'fatal' | 'unknown';

export type LogComponent =
  | 'kubelet'
  | 'kube-proxy'
  | 'flanneld'
  | 'calico-felix'
  | 'calico-node'
  | 'azure-vnet'
  | 'containerd'
  | 'docker'
  | 'antrea-agent'
  | 'rke2'
  | 'cni'
  /** Event logs of Windows. */
  | 'windows'
  | 'other';

export interface LogEntry {
  readonly index: number;
  readonly level: LogLevel;
  /** Milliseconds UTC as far as the file tells; undefined for continuation or unreadable stamps. */
  readonly time: number | undefined;
  readonly text: string;
  readonly evidence: Evidence;
}

/** An entry of a Windows event log. */
export interface WindowsEvent extends Sourced {
  /** Name of the log as its file tells: `System`, `Microsoft-Windows-Host-Network-Service-Admin`. */
  readonly log: string;
  readonly level: LogLevel;
  /** Milliseconds; undefined where day and month cannot be told apart. */
  readonly time: number | undefined;
  /** By the clock of the node, whose zone is not told, or UTC. */
  readonly clock: 'utc' | 'local-unknown-zone' | 'none';
  readonly provider: string;
  readonly id: number;
  /** In the language of the node; may have line breaks. */
  readonly message: string;
}

/**
 * One component log, compact: per entry a level, a time and its lines; text is read on demand.
 * klog prints neither year nor zone: `clock` says what was assumed.
 */
export interface LogFile {
  readonly file: string;
  readonly component: LogComponent;
  readonly format: string;
  readonly entryCount: number;
  readonly clock: 'utc' | 'local-unknown-zone' | 'no-year' | 'none';
  /** The stamps name no year, and it was taken from the time of the file. */
  readonly yearGuessed?: boolean | undefined;
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  readonly counts: Readonly<Record<LogLevel, number>>;
  /** Flags of a klog flag dump (`FLAG: --name="value"`) with where they stand. */
  readonly flags: ReadonlyMap<string, { readonly value: string; readonly evidence: Evidence }>;
  /** Host the log says it ran on. */
  readonly machine?: string | undefined;
  entry(index: number): LogEntry;
  level(index: number): LogLevel;
  time(index: number): number | undefined;
  /** Indexes of entries whose text holds the fragment (case-insensitive), at most `limit`. */
  find(fragment: string, limit?: number): readonly number[];
}
