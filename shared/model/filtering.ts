import type { Sourced } from './evidence';

/**
 * Packets between the same two ends that the Windows Filtering Platform dropped by the same filter.
 * Local is the side of the socket or interface that the filter stands at.
 */
export interface FilteringDrop extends Sourced {
  readonly direction: 'in' | 'out' | 'forward' | undefined;
  /** IP protocol number. */
  readonly protocol: number | undefined;
  /** Canonical addresses. */
  readonly local: string | undefined;
  readonly localPort: number | undefined;
  readonly remote: string | undefined;
  readonly remotePort: number | undefined;
  /** The filter's number, by which `netsh wfp show filters` lists it; up to 64 bits. */
  readonly filterId: string | undefined;
  readonly loopback: boolean;
  /** File name of the program, where the event has one. */
  readonly program: string | undefined;
  readonly count: number;
  /** Milliseconds UTC of the first. */
  readonly firstTime: number | undefined;
}
