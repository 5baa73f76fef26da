import { evidenceSpan, type EvidenceSpan, type KnownMoment } from '../snapshot/evidence-span';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { EVIDENCE_NEEDS, type EvidenceNeed } from './evidence-needs';
import type { FindingDraft, RuleMeta } from './rule';

/** kube-proxy brings HNS up to date at least this often (`--iptables-sync-period`, 30 s by default). */
export const SYNC_PERIOD = 30_000;

/** The states that rules hold against each other: each can be of its own time. */
const SIDES = [
  { name: 'the API objects', are: 'are', facts: /^kube-/ },
  { name: 'the state of HNS', are: 'is', facts: /^hns-/ },
  { name: 'the state of VFP', are: 'is', facts: /^(vfp|vswitch-ports)$/ },
  { name: 'addresses and routes of the node', are: 'are', facts: /^(compartments|routes)$/ },
] as const;

interface Apart {
  readonly earlier: { readonly side: (typeof SIDES)[number]; readonly at: KnownMoment };
  readonly later: { readonly side: (typeof SIDES)[number]; readonly at: KnownMoment };
}

/**
 * The time gate: findings of a rule that compares evidence of several sides (`meta.compares`). Where
 * the sides are provably of times more than a sync period apart, a change in between may be all
 * there is: errors become warnings, and the summary says why. Unknown times change nothing.
 */
export function throughTimeGate(
  drafts: readonly FindingDraft[],
  meta: RuleMeta,
  snapshot: NodeSnapshot,
): readonly FindingDraft[] {
  return drafts.map((draft) => {
    const compares = draft.compares ?? meta.compares;
    const severity = draft.severity ?? meta.severity;
    if (compares === undefined || severity === 'info') return draft;
    const apart = sidesApart(snapshot, compares);
    if (!apart) return draft;
    return {
      ...draft,
      severity: 'warning',
      lowered: severity === 'error',
      summary: `${draft.summary} ${sentence(apart)}`,
    };
  });
}

/** Two sides of a comparison that are certainly not of one sync period; undefined when none are. */
function sidesApart(snapshot: NodeSnapshot, compares: readonly EvidenceNeed[]): Apart | undefined {
  const known = compares.flatMap((need) => {
    const { fact } = EVIDENCE_NEEDS[need];
    const side = fact === undefined ? undefined : SIDES.find(({ facts }) => facts.test(fact));
    return fact === undefined || !side ? [] : [{ side, span: evidenceSpan(snapshot, fact) }];
  });
  let widest: Apart | undefined;
  for (const a of known) {
    for (const b of known) {
      const apart = a.side === b.side ? undefined : before(a, b);
      if (apart && (!widest || gap(apart) > gap(widest))) widest = apart;
    }
  }
  return widest;
}

interface Side {
  readonly side: (typeof SIDES)[number];
  readonly span: EvidenceSpan;
}

/** Was all of `a` certainly collected more than a sync period before any of `b`? */
function before(a: Side, b: Side): Apart | undefined {
  const { to } = a.span;
  const { from } = b.span;
  if (!to || !from || from.time - to.time <= SYNC_PERIOD) return undefined;
  return { earlier: { side: a.side, at: to }, later: { side: b.side, at: from } };
}

const gap = ({ earlier, later }: Apart): number => later.at.time - earlier.at.time;

function sentence({ earlier, later }: Apart): string {
  const at = ({ time, by }: KnownMoment): string =>
    `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC (${by})`;
  return `But they are not of one moment: ${earlier.side.name} ${earlier.side.are} from ${at(earlier.at)} or before, ${later.side.name} ${later.side.are} from ${at(later.at)} or after. That is more than one sync period of kube-proxy (30 s), so what changed in between may be all that differs.`;
}
