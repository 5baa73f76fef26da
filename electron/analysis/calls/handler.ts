import type { AnalysisChannel, Args, Result } from '../../../shared/ipc/contract';
import type { Progress } from '../../../shared/ipc/case-schemas';
import type { ViewContext } from '../../../shared/inspect/view-context';
import { CallError } from '../call-error';
import type { EvidenceBasket } from '../evidence-basket';
import type { OpenCase } from '../open-case';

/** What a call works on. */
export interface CallAbout {
  readonly case: OpenCase;
  /** Paths that main put in place of the renderer's tokens. */
  readonly paths: readonly string[];
  readonly basket: EvidenceBasket;
  signal(): AbortSignal;
  progress(progress: Progress): void;
  changed(): void;
}

/** Results are built of read-only parts; they are copied when they cross the process border. */
export type Frozen<T> = T extends readonly (infer U)[]
  ? readonly Frozen<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

export type Handler<C extends AnalysisChannel> = (
  args: Args<C>,
  about: CallAbout,
) => Frozen<Result<C>> | Promise<Frozen<Result<C>>>;

export type Handlers<C extends AnalysisChannel> = { readonly [K in C]: Handler<K> };

/** A page never holds more text than this: posting large messages blocks the sender. */
export const PAGE_BYTES = 60 * 1024;

/** The view context of a snapshot. @throws CallError not-found for a snapshot that is no longer there. */
export function contextOf(about: Pick<CallAbout, 'case'>, snapshotId: string): ViewContext {
  const context = about.case.context(snapshotId);
  if (!context) throw new CallError('not-found', 'This snapshot is not open any more');
  return context;
}

/** The items of a page that fit its size. */
export function fitting<T>(items: readonly T[]): T[] {
  const page: T[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += JSON.stringify(item).length;
    if (bytes > PAGE_BYTES && page.length > 0) break;
    page.push(item);
  }
  return page;
}
