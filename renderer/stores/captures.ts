import { create } from 'zustand';
import type { Args } from '../../shared/ipc/contract';
import { useCase } from './case';

type FlowSort = Args<'captures:flows'>['sort'];

/** What of a capture is looked at; remembered as long as its case is open. */
export interface CapturesState {
  readonly caseId: string | null;
  readonly file: string | null;
  readonly filter: string;
  /** Milliseconds UTC; null: the whole capture. */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly sort: FlowSort;
  readonly flow: number | null;
  readonly packet: number | null;
}

const nothing: Omit<CapturesState, 'caseId'> = {
  file: null,
  filter: '',
  span: null,
  // What is wrong comes first.
  sort: { column: 'trouble', descending: true },
  flow: null,
  packet: null,
};

export const useCapturesState = create<CapturesState>(() => ({ caseId: null, ...nothing }));

/** The state for the open case: another case starts anew. */
export function useCaptureLook(): CapturesState {
  const caseId = useCase((state) => state.summary?.caseId ?? null);
  const state = useCapturesState();
  return state.caseId === caseId ? state : { caseId, ...nothing };
}

/** Changes what is looked at. */
export function look(changes: Partial<Omit<CapturesState, 'caseId'>>): void {
  const caseId = useCase.getState().summary?.caseId ?? null;
  const before = useCapturesState.getState();
  useCapturesState.setState({ ...(before.caseId === caseId ? {} : nothing), ...changes, caseId });
}

/** Another filter or span picks other flows: what was chosen of them is let go. */
export function lookAtFlows(changes: Pick<Partial<CapturesState>, 'filter' | 'span'>): void {
  look({ ...changes, flow: null, packet: null });
}

/** Another capture: the filter stays, times mean nothing in it. */
export function lookAtFile(file: string): void {
  look({ file, span: null, flow: null, packet: null });
}
