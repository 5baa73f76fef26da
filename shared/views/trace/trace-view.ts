import type { TraceView } from '../../ipc/trace-schemas';
import type { Case } from '../../snapshot/node-snapshot';
import { DISPOSITIONS, isDelivered, type Disposition } from '../../trace/disposition';
import { headerText } from '../../trace/packet';
import type { Depth } from '../../trace/render-text';
import type { TraceBranch } from '../../trace/steps';
import { verdictOf, type Trace } from '../../trace/trace';
import { shownText } from './plain-text';
import { traceColumns, type Column } from './trace-columns';
import { rulesMet } from './vfp-places';

/** Ways told of in a page; a load balancer seldom has more DIPs. */
const MOST_WAYS = 60;

type Tone = TraceView['tone'];
type Shown = Omit<
  TraceView,
  'ways' | 'columns' | 'end' | 'reply' | 'assumptions' | 'notes' | 'doubts'
> & {
  readonly notes: readonly string[];
  readonly doubts: readonly string[];
  readonly ways: readonly TraceView['ways'][number][];
  readonly columns: readonly Column[];
  readonly end: EndView;
  readonly reply:
    | (Pick<NonNullable<TraceView['reply']>, 'status' | 'text'> & {
        readonly evidence: Disposition['evidence'];
        readonly columns: readonly Column[];
      })
    | null;
  readonly assumptions: Trace['assumptions'];
};

interface EndView extends Disposition {
  readonly title: string;
  readonly tone: Tone;
}

export interface TraceViewRequest {
  readonly depth: Depth;
  /** Which of several ways is shown in full; null is the first that does not arrive, else the first. */
  readonly way: number | null;
  /** With the stops of the answer's way back. */
  readonly reply: boolean;
}

const LOOK_OF_END = { ok: undefined, error: 'ends', 'not-checked': 'open' } as const;

/** Arrived, did not, or nobody can tell. */
export function toneOf(disposition: Disposition): Tone {
  if (disposition.kind === 'insufficient-information') return 'not-checked';
  return isDelivered(disposition) ? 'ok' : 'error';
}

/** A trace as it is shown: one way in columns, the others in a line each. `cost.milliseconds` is what it took. */
export function traceView(
  theCase: Case,
  trace: Trace,
  { depth, way: wanted, reply: withReply }: TraceViewRequest,
  about: { readonly milliseconds: number; readonly pinned: boolean },
): Shown {
  const lost = trace.branches.findIndex(({ disposition }) => !isDelivered(disposition));
  const at = Math.min(wanted ?? Math.max(0, lost), Math.max(0, trace.branches.length - 1));
  const way = trace.branches[at];
  const steps = [...trace.steps, ...(way?.steps ?? [])];
  const end: Disposition = way?.disposition ?? {
    kind: 'insufficient-information',
    text: 'Nothing is known of this packet.',
    evidence: [],
    missing: [],
  };
  const tones = trace.branches.map(({ disposition }) => toneOf(disposition));
  const reply = way?.reply;
  return {
    question: trace.question,
    node: trace.node ?? '',
    notes: trace.notes,
    doubts: doubtsOf(trace),
    packet: trace.header === undefined ? '' : shownText(headerText(trace.header)),
    verdict: shownText(verdictOf(trace)),
    tone: tones.includes('error') ? 'error' : tones.includes('not-checked') ? 'not-checked' : 'ok',
    ways: trace.branches.slice(0, MOST_WAYS).map((each, index) => wayLine(trace, each, index)),
    waysTotal: trace.branches.length,
    way: at,
    columns: traceColumns(theCase, steps, depth, LOOK_OF_END[toneOf(end)]),
    end: {
      ...end,
      text: shownText(end.text),
      title: DISPOSITIONS[end.kind].title,
      tone: toneOf(end),
    },
    reply:
      reply === undefined
        ? null
        : {
            status: reply.status,
            text: shownText(reply.text),
            evidence: reply.evidence,
            columns: withReply
              ? traceColumns(
                  theCase,
                  reply.steps,
                  depth,
                  reply.status === 'lost' ? 'ends' : undefined,
                )
              : [],
          },
    assumptions: trace.assumptions,
    cost: { milliseconds: about.milliseconds, ...rulesMet(theCase, allSteps(trace)) },
    pinned: about.pinned,
  };
}

/** Remarks that speak of HNS: it wants something else than the rules do. */
const doubtsOf = (trace: Trace): readonly string[] => [
  ...new Set(
    allSteps(trace).flatMap(({ remarks }) => remarks.filter((text) => text.startsWith('HNS '))),
  ),
];

const allSteps = (trace: Trace): Trace['steps'] => [
  ...trace.steps,
  ...trace.branches.flatMap((each) => [...each.steps, ...(each.reply?.steps ?? [])]),
];

const REPLY = {
  symmetric: 'comes back',
  asymmetric: 'comes back another way',
  lost: 'is lost',
  'not-known': 'not known',
} as const;

function wayLine(trace: Trace, way: TraceBranch, index: number): TraceView['ways'][number] {
  const choices = way.choices.map(({ text }) => text).join(', then ');
  return {
    label: choices === '' ? `way ${index + 1}` : choices,
    end: DISPOSITIONS[way.disposition.kind].title,
    tone: toneOf(way.disposition),
    text: way.disposition.text,
    packet: way.end === undefined ? '' : shownText(headerText(way.end)),
    stops: trace.steps.length + way.steps.length,
    reply: way.reply === undefined ? '' : REPLY[way.reply.status],
  };
}
