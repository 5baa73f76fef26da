import { useEffect, useState } from 'react';
import type { ReachabilityState } from '../../shared/ipc/reachability-schemas';
import { call, sentenceOf } from '../bridge/call';
import { useCase } from '../stores/case';

const pollMs = 120;

/** The matrix of a snapshot as it is made; it begins when it is first looked at. */
export function useReachability(snapshotId: string): {
  readonly state: ReachabilityState | undefined;
  readonly error: string | undefined;
  readonly begin: () => void;
  readonly cancel: () => void;
} {
  const revision = useCase((each) => each.revision);
  const [state, setState] = useState<ReachabilityState>();
  const [error, setError] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async (begin: boolean): Promise<void> => {
      try {
        const next = await call('reachability:state', { snapshotId, begin });
        if (!current || next === null) return;
        setState(next);
        if (next.state === 'running') timer = setTimeout(() => void poll(false), pollMs);
      } catch (failure) {
        if (current) setError(sentenceOf(failure));
      }
    };
    setError(undefined);
    setState(undefined);
    void poll(true);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [snapshotId, revision, attempt]);
  return {
    state,
    error,
    begin: () => setAttempt((before) => before + 1),
    cancel: () => void call('reachability:cancel', { snapshotId }).catch(() => undefined),
  };
}
