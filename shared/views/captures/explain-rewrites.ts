import type { Capture, CapturedFlow } from '../../model/capture';
import type { Evidence } from '../../model/evidence';
import { expectationOf } from '../../rules/captures/expected-ways';
import { isUnanswered } from '../../rules/captures/flow-rule';
import { holdPath, type HeldChange, type HeldPath } from '../../rules/captures/hold-path';
import { originOf, stagesOf } from '../../rules/captures/observed-changes';
import { heldPath, observedPaths } from '../../rules/captures/observed-paths';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import type { TraceStep } from '../../trace/steps';

/** The step of a trace that makes a rewrite: mostly a rule of VFP. */
export interface Maker {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** One change of a packet between two places, and what must have made it. */
export interface ExplainedRewrite {
  readonly kind: HeldChange['kind'];
  readonly text: string;
  readonly packets: readonly [before: number, after: number];
  /** `explained` by a rule; `alarm`: no rule makes it, which is a finding, too; `open`: not to be told, and why. */
  readonly status: 'explained' | 'alarm' | 'open';
  readonly by: Maker | undefined;
  /** Why no rule is named; '' where one is. */
  readonly why: string;
}

/** What a capture shows of a flow held against what the rules say. */
export interface RewriteReport {
  readonly seen: readonly ExplainedRewrite[];
  /** Rewrites that the rules make and the capture does not show. */
  readonly expected: readonly {
    readonly text: string;
    readonly by: Maker;
    /** The flow is not answered either: a finding, too. */
    readonly alarm: boolean;
  }[];
}

/**
 * Matches each rewrite of a flow's packets, from where they come first, to the step of the trace
 * that makes it. What a rule of step 8 reports is an alarm here and nothing else is: both ask the
 * same judge.
 */
export function explainRewrites(
  capture: Capture,
  flow: CapturedFlow,
  snapshot: NodeSnapshot,
  theCase: Case,
): RewriteReport {
  const origin = originOf(capture, flow);
  const path = observedPaths(snapshot, theCase).find(
    (each) => each.flow.index === origin.index && each.capture.file === capture.file,
  );
  const traced = expectationOf(origin, theCase);
  // Elsewhere than at the port of a pod it is not known what the packets were before.
  const held: HeldPath =
    path === undefined
      ? holdPath({ capture, stages: stagesOf(capture, origin) }, [], snapshot, traced)
      : heldPath(path, snapshot, traced);
  return {
    seen: macsTogether(held.changes.map((change) => explained(change, path !== undefined))),
    expected: held.missing.map((step) => ({
      text: step.changes
        .filter(({ field }) => field === 'destinationIp' || field === 'sourceIp')
        .map(({ field, to }) => `${field === 'sourceIp' ? 'source' : 'destination'} → ${to ?? '?'}`)
        .join(', '),
      by: makerOf(step),
      alarm: isUnanswered({ flow: origin }),
    })),
  };
}

function explained(change: HeldChange, fromPod: boolean): ExplainedRewrite {
  const { kind, text, packets, verdict } = change;
  const about = { kind, text, packets };
  switch (verdict.kind) {
    case 'made':
      return { ...about, status: 'explained', by: makerOf(verdict.by), why: '' };
    case 'unmade':
      return fromPod
        ? {
            ...about,
            status: 'alarm',
            by: undefined,
            why: 'seen, but no rule of this node makes it',
          }
        : {
            ...about,
            status: 'open',
            by: undefined,
            why: 'the capture does not show the packets at the port of a pod',
          };
    default:
      return { ...about, status: 'open', by: undefined, why: verdict.why };
  }
}

/** Both MACs of a frame, where there is one thing to say of them. */
function macsTogether(seen: readonly ExplainedRewrite[]): readonly ExplainedRewrite[] {
  return seen.flatMap((each, n): readonly ExplainedRewrite[] => {
    if (each.kind === 'source-mac' && isPair(each, seen[n + 1])) return [];
    const source = seen[n - 1];
    return each.kind === 'destination-mac' && source !== undefined && isPair(source, each)
      ? [{ ...each, text: `${source.text}, ${each.text}` }]
      : [each];
  });
}

const isPair = (source: ExplainedRewrite, next: ExplainedRewrite | undefined): boolean =>
  source.kind === 'source-mac' &&
  next?.kind === 'destination-mac' &&
  source.status === 'open' &&
  next.status === 'open' &&
  source.packets[1] === next.packets[1] &&
  next.why.endsWith(source.why);

function makerOf(step: TraceStep): Maker {
  const text =
    step.kind === 'rule' ? `${step.rule.name} (${step.layer})` : `${step.place.name}: ${step.text}`;
  return { text, evidence: step.evidence.slice(0, 2) };
}
