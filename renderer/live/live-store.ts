import { create } from 'zustand';
import type { ActionState } from '../../shared/ipc/live-action-schemas';
import type { Collection, LiveState } from '../../shared/ipc/live-schemas';

/** Live nodes as main last told of them; null before it did. */
export const useLive = create<{
  readonly live: LiveState | null;
  /** What is done on nodes, or was done last, by the key of their collection. */
  readonly actions: ReadonlyMap<string, ActionState>;
}>(() => ({ live: null, actions: new Map() }));

const running: readonly Collection['state'][] = ['waiting', 'connecting', 'collecting'];

export const isRunning = ({ state }: Pick<Collection, 'state'>): boolean => running.includes(state);
