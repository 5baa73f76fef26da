import type { Sourced } from './evidence';

/** How a section of a collection ended; all but `ok` and `missing` may have lost something. */
export type SectionState =
  'ok' | 'missing' | 'error' | 'timeout' | 'truncated' | 'damaged' | 'cut off' | 'refused';

/** One file that a collector wrote, or tried to. Times are milliseconds UTC. */
export interface CollectedSection extends Sourced {
  readonly section: string;
  /** Relative to the folder of the report; '' where there is no file. */
  readonly path: string;
  readonly state: SectionState;
  readonly bytes: number;
  /** Not read before this moment, nor after that one; undefined where the report does not tell. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** What a collector says of its own run. */
export interface CollectionReport extends Sourced {
  /** File of the report; paths of sections are relative to its folder. */
  readonly file: string;
  /** Milliseconds UTC. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Whether all sections came; undefined where only the start is told. */
  readonly complete: boolean | undefined;
  readonly sections: readonly CollectedSection[];
}
