import { create } from 'zustand';
import type { ActionState } from '../../shared/ipc/live-action-schemas';
import type { FollowedLine, FollowState } from '../../shared/ipc/live-follow';
import type { Collection, LiveState } from '../../shared/ipc/live-schemas';

/** A log that is followed, or was, and the last of its lines. */
export interface Following {
  readonly state: FollowState;
  readonly lines: readonly FollowedLine[];
}

/** Lines of a followed log that the window holds; what is kept is all of them. */
export const mostFollowedLines = 5000;

/** Live nodes as main last told of them; null before it did. */
export const useLive = create<{
  readonly live: LiveState | null;
  /** What is done on nodes, or was done last, by the key of their collection. */
  readonly actions: ReadonlyMap<string, ActionState>;
  /** Logs that are followed, by the same key. */
  readonly followings: ReadonlyMap<string, Following>;
}>(() => ({ live: null, actions: new Map(), followings: new Map() }));

/** A followed log has news: how it goes, or that it is over and forgotten. */
export function followingChanged(key: string, state: FollowState | null): void {
  useLive.setState(({ followings }) => {
    const next = new Map(followings);
    const before = followings.get(key);
    if (state === null) next.delete(key);
    else {
      const same = before?.state.startedAt === state.startedAt;
      next.set(key, { state, lines: same ? before.lines : [] });
    }
    return { followings: next };
  });
}

/** Lines came of a followed log. */
export function linesFollowed(key: string, more: readonly FollowedLine[]): void {
  useLive.setState(({ followings }) => {
    const before = followings.get(key);
    if (before === undefined) return {};
    const lines = [...before.lines, ...more].slice(-mostFollowedLines);
    return { followings: new Map(followings).set(key, { ...before, lines }) };
  });
}

const running: readonly Collection['state'][] = ['waiting', 'connecting', 'collecting'];

export const isRunning = ({ state }: Pick<Collection, 'state'>): boolean => running.includes(state);
