import { flowOfChain } from '../../../shared/chains/chain-flow';
import type { FlowQuestionView } from '../../../shared/ipc/flow-question';
import { tracePacket, type TraceResult } from '../../../shared/trace/trace';
import { flowAboutObject, flowAboutText } from '../../../shared/views/trace/flow-about';
import {
  flowChoices,
  matchingChoices,
  withoutSender,
} from '../../../shared/views/trace/flow-choices';
import { traceView } from '../../../shared/views/trace/trace-view';
import { caseOnScreen } from './case-on-screen';
import { chainsOf } from './chains-of';
import { contextOf, fitting, PAGE_BYTES, type CallAbout, type Handlers } from './handler';

type TraceChannel = 'trace:run' | 'trace:choices' | 'trace:about';

interface Traced {
  readonly result: TraceResult;
  readonly milliseconds: number;
}

/** A trace, kept for its other ways and depths. */
export function traced(about: CallAbout, snapshotId: string, question: FlowQuestionView): Traced {
  const theCase = caseOnScreen(about, snapshotId);
  return about.case.keep('trace', JSON.stringify([snapshotId, question]), () => {
    const begun = performance.now();
    const result = tracePacket(question, theCase);
    return { result, milliseconds: performance.now() - begun };
  });
}

/** Which field of the question a problem speaks of. */
function endOf(text: string, { from, to }: FlowQuestionView): 'from' | 'to' | 'both' {
  const host = to.replace(/^\[|\]?:[^:]*$/g, '');
  const [isFrom, isTo] = [from, host].map((end) => end !== '' && text.includes(`${end}`));
  return isFrom === isTo ? 'both' : isFrom === true ? 'from' : 'to';
}

/** What a page cannot hold of a long way: first the rules that lost, then the conditions. */
function slim(view: ReturnType<typeof traceView>): ReturnType<typeof traceView> {
  const size = JSON.stringify(view).length;
  if (size <= PAGE_BYTES) return view;
  const without = (keepWhy: boolean): typeof view => {
    const columns = (all: typeof view.columns): typeof view.columns =>
      all.map((column) => ({
        ...column,
        stops: column.stops.map((stop) => ({
          ...stop,
          runnersUp: [],
          why: keepWhy ? stop.why : [],
        })),
      }));
    return {
      ...view,
      columns: columns(view.columns),
      reply: view.reply && { ...view.reply, columns: columns(view.reply.columns) },
      notes: [...view.notes, 'This way is long: what its rules were weighed against is left out.'],
    };
  };
  const first = without(true);
  return JSON.stringify(first).length <= PAGE_BYTES ? first : without(false);
}

export const traceCalls: Handlers<TraceChannel> = {
  'trace:run': ({ snapshotId, question, ...request }, about) => {
    if (question.from.trim() === '')
      return {
        kind: 'problem',
        text: 'Name who sends: a pod, an endpoint, a node or an address.',
        end: 'from',
      };
    if (question.to.trim() === '')
      return {
        kind: 'problem',
        text: 'Name where it goes: a service, a pod or an address, with its port.',
        end: 'to',
      };
    const { result, milliseconds } = traced(about, snapshotId, question);
    if (result.kind === 'problem')
      return { kind: 'problem', text: result.text, end: endOf(result.text, question) };
    const theCase = caseOnScreen(about, snapshotId);
    const view = traceView(theCase, result.trace, request, {
      milliseconds,
      pinned: about.case.isPinned(snapshotId, question),
    });
    return { kind: 'trace', trace: slim({ ...view, ways: fitting(view.ways) }) };
  },
  'trace:choices': ({ snapshotId, end, sender, text, limit }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const all = about.case.keep(`flow-choices-${end}`, snapshotId, () =>
      flowChoices(snapshot, about.case.state.case, end),
    );
    const open = end === 'to' ? withoutSender(all, sender) : all;
    const found = matchingChoices(open, text);
    return { items: fitting(found.slice(0, limit)), matching: found.length };
  },
  'trace:about': ({ snapshotId, about: what }, about) => {
    const context = contextOf(about, snapshotId);
    switch (what.kind) {
      case 'object':
        return flowAboutObject(context, what.object, what.id) ?? null;
      case 'text':
        return flowAboutText(context.snapshot, what.text) ?? null;
      case 'snapshot':
        return worstFlow(about, snapshotId) ?? null;
    }
  },
};

/** The flow of the first broken symptom path; where none is broken, of the first there is. */
function worstFlow(about: CallAbout, snapshotId: string): FlowQuestionView | undefined {
  const { snapshot } = contextOf(about, snapshotId);
  const { case: theCase } = about.case.state;
  const order = ['error', 'warning', 'ok', 'not-checked'];
  return [...chainsOf(about, snapshotId)]
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
    .map((chain) => flowOfChain(chain, snapshot, theCase))
    .find((question) => question !== undefined);
}
