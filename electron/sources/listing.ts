import type { Rejection, SourceEntry } from './source';

/** What a folder or archive holds, before it is told which files belong to which node. */
export interface Listing {
  readonly entries: readonly SourceEntry[];
  readonly rejected: readonly Rejection[];
  close(): Promise<void>;
}

/** The same listing with its paths below `prefix`. */
export function below(prefix: string, listing: Listing): Listing {
  return {
    entries: listing.entries.map((entry) => ({ ...entry, path: prefix + entry.path })),
    rejected: listing.rejected.map(({ path, reason }) => ({ path: prefix + path, reason })),
    close: () => listing.close(),
  };
}
