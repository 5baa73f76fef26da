import { create } from 'zustand';
import type { FlowQuestionView } from '../../shared/ipc/flow-question';
import type { TraceDepth } from '../../shared/ipc/trace-schemas';
import type { Args } from '../../shared/ipc/contract';
import { call, sentenceOf } from '../bridge/call';
import { useCase } from './case';
import { goToStep } from './navigation';
import { say } from './toasts';

/** What led to a trace: a link of a path of step 7, and what was said there. */
export interface TraceOrigin {
  readonly path: string;
  readonly link: string;
  readonly detail: string;
}

/** What is known of a trace before it is made. */
interface TraceAbout {
  readonly origin?: TraceOrigin;
  /** Of several ways the one to show. */
  readonly way?: number;
}

interface TraceState {
  /** The case that the question is asked of; another case starts anew. */
  readonly caseId: string | null;
  readonly question: FlowQuestionView | null;
  readonly origin: TraceOrigin | null;
  readonly depth: TraceDepth;
  readonly reply: boolean;
  /** Of several; null is the one that most needs to be seen. */
  readonly way: number | null;
  /** Several ways stand beside each other. */
  readonly compared: boolean;
}

/** The packet that step 8 follows; remembered as long as its case is open. */
export const useTrace = create<TraceState>(() => ({
  caseId: null,
  question: null,
  origin: null,
  depth: 'summary',
  reply: false,
  way: null,
  compared: false,
}));

const openCase = (): string | null => useCase.getState().summary?.caseId ?? null;

/** The question asked of the open case; null before the first. */
export function useQuestion(): FlowQuestionView | null {
  const caseId = useCase((state) => state.summary?.caseId ?? null);
  return useTrace((state) => (state.caseId === caseId ? state.question : null));
}

/** Asks something else, where one is. */
export function ask(question: FlowQuestionView, about: TraceAbout = {}): void {
  const { origin = null, way = null } = about;
  useTrace.setState({ caseId: openCase(), question, origin, way });
}

/** Opens the trace of a packet. */
export function openTrace(question: FlowQuestionView, about: TraceAbout = {}): void {
  ask(question, about);
  goToStep(8, 'trace');
}

/** Opens the trace that shows most of an object, or of the addresses in a text. */
export async function traceAbout(about: Args<'trace:about'>['about']): Promise<void> {
  const { snapshotId } = useCase.getState();
  if (snapshotId === null) return;
  try {
    const question = await call('trace:about', { snapshotId, about });
    if (question === null) say('No packet can be told for this: it has no address of a flow.');
    else openTrace(question);
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}

/** Shows the trace, with the cursor where one says who sends. */
export function askForTrace(): void {
  goToStep(8, 'trace');
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const field = document.querySelector<HTMLInputElement>('[data-flow-end=from]');
      field?.focus();
      field?.select();
    }),
  );
}

/** Kinds of objects that a packet can be traced for. */
export const tracedKinds: ReadonlySet<string> = new Set([
  'endpoint',
  'pod',
  'service',
  'load-balancer',
  'node',
  'vfp-port',
  'vfp-rule',
  'route',
]);
