import type { Remedy } from '../../model/finding';
import { vfpRuleRef } from '../../snapshot/entity-ref';
import { podNameOf } from '../pod-endpoints';
import type { FindingDraft, Rule, RuleContext, RuleMeta } from '../rule';
import { captureAgain } from './capture-facts';
import { expectationOf, type Expectation } from './expected-ways';
import type { HeldPath } from './hold-path';
import { judgePaths, open, RIGHT, type Verdict } from './judge-paths';
import type { Stage } from './observed-changes';
import {
  heldPath,
  holdsOutside,
  leaves,
  packetEvidence,
  packetsText,
  pathEntities,
  targetText,
  type Destination,
  type ObservedPath,
} from './observed-paths';

/** What is wrong with one path. */
export interface Wrong {
  readonly severity?: FindingDraft['severity'];
  /** Begins with whom the packets are from and to. */
  readonly title: (who: string) => string;
  readonly seen: string;
  readonly cause: string;
  readonly remedy: Remedy;
}

/** One path as its judge sees it. */
export interface JudgedPath {
  readonly context: RuleContext;
  readonly path: ObservedPath;
  /** All paths of the node, in all captures. */
  readonly all: readonly ObservedPath[];
  readonly unanswered: boolean;
  /** The last appearance on the way out of the node. */
  readonly out: Stage | undefined;
  /** What the trace makes of its packets; undefined where it says nothing. */
  expected(): Expectation | undefined;
  /** Its changes held against that. */
  held(): HeldPath;
  wrong(about: Wrong): Verdict;
  /** Packets that never leave the node: wrong only where the capture shows others leaving. */
  neverLeft(others: (path: ObservedPath) => boolean, about: Wrong): Verdict;
}

/** A rule of step 8 that judges how captured packets of pods go on, path by path. */
export function flowRule(
  meta: Omit<RuleMeta, 'step' | 'references'>,
  to: readonly Destination['kind'][],
  judge: (path: JudgedPath) => Verdict,
): Rule {
  return {
    meta: { ...meta, step: 8, references: FLOW_REFERENCES },
    check: (context) => judgeFlows(context, to, judge),
  };
}

/** The check of such a rule, where it has more to ask first. */
export const judgeFlows = (
  context: RuleContext,
  to: readonly Destination['kind'][],
  judge: (path: JudgedPath) => Verdict,
): ReturnType<Rule['check']> =>
  judgePaths(context, to, (path, all) => judge(judgedPath(context, path, all)));

/** Why the trace does not say what becomes of the packets of a path; undefined where it does. */
export function undecidedOf(path: JudgedPath): string | undefined {
  const expected = path.expected();
  if (expected === undefined) return 'the state does not decide what becomes of the packets';
  return expected.undecided;
}

/** Judges only paths whose packets get no answer: an answered one went right, whatever it looks like. */
export const ofUnanswered =
  (judge: (path: JudgedPath) => Verdict) =>
  (path: JudgedPath): Verdict =>
    path.unanswered ? judge(path) : RIGHT;

/** Questions that the rules ask of one case at most; flows that are answered leave half of them to the others. */
const MOST_QUESTIONS = 2000;

function judgedPath(
  context: RuleContext,
  path: ObservedPath,
  all: readonly ObservedPath[],
): JudgedPath {
  const { snapshot } = context;
  const unanswered = isUnanswered(path);
  // Asked for where a judge wants it: most paths are judged without.
  const expected = (): Expectation | undefined =>
    expectationOf(path.flow, context.case, unanswered ? MOST_QUESTIONS : MOST_QUESTIONS / 2);
  const wrong = (about: Wrong): Verdict => ({
    kind: 'wrong',
    draft: draftOf(about, context, path, expected()),
  });
  return {
    context,
    path,
    all,
    unanswered,
    out: path.stages.filter((stage) => leaves(snapshot, stage)).at(-1),
    expected,
    held: () => heldPath(path, snapshot, expected()),
    wrong,
    neverLeft: (others, about) =>
      holdsOutside(
        snapshot,
        all.filter((other) => other.capture === path.capture && others(other)),
      )
        ? wrong(about)
        : open('the capture does not hold the uplink'),
  };
}

function draftOf(
  about: Wrong,
  { snapshot }: RuleContext,
  path: ObservedPath,
  expected: Expectation | undefined,
): FindingDraft {
  const rules = (expected?.rules ?? []).slice(0, 3);
  const byRules =
    rules.length === 0 ? '' : ` By the rules: ${rules.map(({ text }) => text).join('; ')}.`;
  return {
    ...(about.severity === undefined ? {} : { severity: about.severity }),
    title: about.title(`${podNameOf(snapshot, path.endpoint)} to ${targetText(path.flow)}`),
    summary: `${about.seen} (${packetsText(path)}).${byRules}`,
    cause: about.cause,
    remedy: [about.remedy, captureAgain('Capture again after the repair, and open it here.')],
    entities: [
      ...pathEntities(path),
      ...rules.flatMap(({ rule, evidence: [at] }) =>
        at === undefined ? [] : [vfpRuleRef(at.file, rule.index, rule.name)],
      ),
    ],
    evidence: [...packetEvidence(path), ...rules.flatMap(({ evidence }) => evidence.slice(0, 1))],
  };
}

/** One packet that gets no answer may be lost anywhere. */
export const isUnanswered = ({ flow }: Pick<ObservedPath, 'flow'>): boolean =>
  flow.unansweredOpening && flow.server.packets === 0 && flow.client.packets >= 2;

export const FLOW_REFERENCES = [
  'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
  'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/network-drivers-topologies',
] as const;

/** Where to look next, in step 8. */
export const traceIt = (text: string, command: string): Remedy => ({
  text,
  command,
  disturbs: 'Nothing.',
  verify: { kind: 'observation', text: 'The flow is answered in the next capture.' },
});
