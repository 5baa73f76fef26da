import type { Remedy } from '../../model/finding';
import { vfpRuleRef } from '../../snapshot/entity-ref';
import type { RuleContext } from '../rule';
import { firedOrPassed, notChecked, type FindingDraft, type Outcome } from '../rule';
import { countOf } from '../evidence-lines';
import { podNameOf } from '../pod-endpoints';
import { captureAgain } from './capture-facts';
import type { Expectation } from './expected-headers';
import {
  observedPaths,
  packetsText,
  pathEntities,
  targetText,
  type Destination,
  type ObservedPath,
} from './observed-paths';

/** What a rule says of one path. */
export type Verdict =
  | { readonly kind: 'right' }
  /** Neither right nor wrong can be shown, and why. */
  | { readonly kind: 'open'; readonly why: string }
  | { readonly kind: 'wrong'; readonly draft: FindingDraft };

export const RIGHT: Verdict = { kind: 'right' };
export const open = (why: string): Verdict => ({ kind: 'open', why });

/** Holds every path of a kind against a rule; one finding for paths of one pod with one title. */
export function judgePaths(
  { snapshot, case: theCase }: RuleContext,
  to: Destination['kind'],
  judge: (path: ObservedPath, all: readonly ObservedPath[]) => Verdict,
): Outcome {
  if (snapshot.captures.length === 0)
    return notChecked(
      'The captures are of a format that is not read here: convert them',
      'captures',
    );
  const node = theCase.nodes.find(({ snapshots }) => snapshots.includes(snapshot));
  if (node !== undefined && node.snapshots.at(-1) !== snapshot)
    return notChecked(
      'A later collection of the node is in the case: its rules are held against',
      'captures',
    );
  const all = observedPaths(snapshot, theCase);
  const paths = all.filter((path) => path.to.kind === to);
  if (paths.length === 0)
    return notChecked(
      `No capture shows a pod of this node sending to ${KINDS[to]}, at the port of the pod`,
      'captures',
    );
  const verdicts = paths.map((path) => judge(path, all));
  const drafts = new Map<string, FindingDraft>();
  for (const verdict of verdicts)
    if (verdict.kind === 'wrong' && !drafts.has(verdict.draft.title))
      drafts.set(verdict.draft.title, verdict.draft);
  const opened = verdicts.flatMap((verdict) => (verdict.kind === 'open' ? [verdict.why] : []));
  const [why] = opened;
  if (drafts.size === 0 && why !== undefined && opened.length === paths.length)
    return notChecked(why, 'captures');
  const rest = why === undefined ? '' : `; ${opened.length} could not be judged: ${why}`;
  return firedOrPassed(
    [...drafts.values()],
    `${countOf(paths.length, 'flow')} of pods to ${KINDS[to]}, as they leave the pod and after it${rest}`,
  );
}

const KINDS: Readonly<Record<Destination['kind'], string>> = {
  'own-pod': 'a pod of this node',
  'remote-pod': 'a pod of another node',
  service: 'a service',
  internet: 'the internet',
  node: 'a node',
  other: 'another network',
};

/** A finding about one path. `title` begins with whom the packets are from and to. */
export function wrong(
  { snapshot }: RuleContext,
  path: ObservedPath,
  about: {
    readonly severity?: FindingDraft['severity'];
    readonly title: (who: string) => string;
    readonly seen: string;
    readonly cause: string;
    readonly remedy: Remedy;
  },
  expected?: Expectation,
): Verdict {
  const rules = (expected?.rules ?? []).slice(0, 3);
  const byRules =
    rules.length === 0 ? '' : ` By the rules: ${rules.map(({ text }) => text).join('; ')}.`;
  return {
    kind: 'wrong',
    draft: {
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
      evidence: [
        ...path.capture.evidence,
        ...rules.flatMap(({ evidence }) => evidence.slice(0, 1)),
      ],
    },
  };
}

/** One packet that gets no answer may be lost anywhere. */
export const isUnanswered = ({ flow }: ObservedPath): boolean =>
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
