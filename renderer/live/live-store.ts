import { create } from 'zustand';
import type { Collection, LiveState } from '../../shared/ipc/live-schemas';

/** Live nodes as main last told of them; null before it did. */
export const useLive = create<{ readonly live: LiveState | null }>(() => ({ live: null }));

const running: readonly Collection['state'][] = ['waiting', 'connecting', 'collecting'];

export const isRunning = ({ state }: Pick<Collection, 'state'>): boolean => running.includes(state);
