import { useEffect, useState } from 'react';
import type { Args, Channel, Result } from '../../shared/ipc/contract';
import { useCase } from '../stores/case';
import { call, CallError, sentenceOf } from './call';

/** What a view knows of its data: the value last received, and whether it is being read again. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly loading: boolean;
}

const nothing = { value: undefined, error: undefined };

/**
 * Reads through `channel`, again when the arguments or the case change. The value before stays
 * until the new one is there, so that content does not jump; `null` arguments read nothing.
 */
export function useCall<C extends Channel>(channel: C, args: Args<C> | null): Answer<Result<C>> {
  const revision = useCase((state) => state.revision);
  const key = args === null ? null : JSON.stringify(args);
  const [answer, setAnswer] = useState<{
    readonly of: string | null;
    readonly value: Result<C> | undefined;
    readonly error: string | undefined;
  }>({ of: null, ...nothing });
  const wanted = key === null ? null : `${revision} ${key}`;

  useEffect(() => {
    if (wanted === null || args === null) {
      setAnswer({ of: null, ...nothing });
      return;
    }
    let current = true;
    call(channel, args).then(
      (value) => {
        if (current) setAnswer({ of: wanted, value, error: undefined });
      },
      (error: unknown) => {
        if (!current || (error instanceof CallError && error.code === 'cancelled')) return;
        setAnswer({ of: wanted, value: undefined, error: sentenceOf(error) });
      },
    );
    return () => {
      current = false;
    };
    // `wanted` stands for the arguments and the revision.
  }, [channel, wanted]);

  return { value: answer.value, error: answer.error, loading: answer.of !== wanted };
}
