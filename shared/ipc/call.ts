import type { z } from 'zod';

type Answerer = 'main' | 'analysis';

/** One call of the contract: who answers it, and the schemas of what goes in and comes out. */
export interface Call<B extends Answerer, A extends z.ZodType, R extends z.ZodType> {
  readonly by: B;
  readonly args: A;
  readonly result: R;
}

/** Declares a call; `by` says whether main answers itself or the analysis process of the open case. */
export const call = <B extends Answerer, A extends z.ZodType, R extends z.ZodType>(
  by: B,
  args: A,
  result: R,
): Call<B, A, R> => ({ by, args, result });
