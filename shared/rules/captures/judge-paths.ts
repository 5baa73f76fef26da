import {
  firedOrPassed,
  notChecked,
  type FindingDraft,
  type Outcome,
  type RuleContext,
} from '../rule';
import { countOf } from '../evidence-lines';
import { observedPaths, type Destination, type ObservedPath } from './observed-paths';

/** What a rule says of one path. */
export type Verdict =
  | { readonly kind: 'right' }
  /** Neither right nor wrong can be shown, and why. */
  | { readonly kind: 'open'; readonly why: string }
  | { readonly kind: 'wrong'; readonly draft: FindingDraft };

export const RIGHT: Verdict = { kind: 'right' };

/**
 * What was captured neither proves nor refutes the rule; `why` is what the outcome says where
 * nothing else was found.
 */
export const open = (why: string): Verdict => ({ kind: 'open', why });

/** Holds every path of these kinds against a rule; one finding for paths of one pod with one title. */
export function judgePaths(
  { snapshot, case: theCase }: RuleContext,
  to: readonly Destination['kind'][],
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
  const kinds = to.map((kind) => KINDS[kind]).join(' or ');
  const all = observedPaths(snapshot, theCase);
  const paths = all.filter((path) => to.includes(path.to.kind));
  if (paths.length === 0)
    return notChecked(
      `No capture shows a pod of this node sending to ${kinds}, at the port of the pod`,
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
    `${countOf(paths.length, 'flow')} of pods to ${kinds}, as they leave the pod and after it${rest}`,
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
