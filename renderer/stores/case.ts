import { create } from 'zustand';
import type { CaseSummary, Progress, SnapshotSummary } from '../../shared/ipc/case-schemas';

/** What is open, and how its opening goes. */
interface CaseState {
  readonly summary: CaseSummary | null;
  /** Grows whenever what is open changes; views read again. */
  readonly revision: number;
  readonly snapshotId: string | null;
  readonly opening: { readonly name: string; readonly progress: Progress | null } | null;
  readonly failure: { readonly name: string; readonly message: string } | null;
  /** The list of nodes is on screen while nothing is open. */
  readonly nodesShown: boolean;
  readonly confirm: {
    readonly id: string;
    readonly title: string;
    readonly detail: string;
  } | null;
}

export const useCase = create<CaseState>(() => ({
  summary: null,
  revision: 0,
  snapshotId: null,
  opening: null,
  failure: null,
  nodesShown: false,
  confirm: null,
}));

/** All snapshots of a case, node by node. */
export function snapshotsOf(summary: CaseSummary | null): readonly SnapshotSummary[] {
  return summary?.nodes.flatMap((node) => node.snapshots) ?? [];
}

/** The snapshot on screen. */
export function currentSnapshot(state: CaseState): SnapshotSummary | undefined {
  return snapshotsOf(state.summary).find((snapshot) => snapshot.id === state.snapshotId);
}

/** Which screen fills the window. */
export function screenOf(state: CaseState): 'welcome' | 'loading' | 'failed' | 'nodes' | 'case' {
  if (state.opening !== null) return 'loading';
  if (state.failure !== null) return 'failed';
  if (state.summary !== null) return 'case';
  return state.nodesShown ? 'nodes' : 'welcome';
}

/** The snapshot on screen, inside a view that is only there when something is open. */
export function useSnapshot(): SnapshotSummary {
  const snapshot = useCase(currentSnapshot);
  if (snapshot === undefined) throw new Error('No snapshot is open.');
  return snapshot;
}
