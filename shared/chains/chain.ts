import type { Evidence } from '../model/evidence';
import type { CheckResult, EntityKind, EntityRef, Finding } from '../model/finding';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';

export type LinkStatus = 'ok' | 'error' | 'warning' | 'not-checked';
export type ChainSymptom = 'inter-node' | 'outbound' | 'services' | 'dns';

/** One thing a packet of the symptom needs, and whether this node has it. */
export interface ChainLink {
  readonly id: string;
  readonly title: string;
  /** What was found, in numbers: "5 of 6 ports". */
  readonly detail: string;
  readonly status: LinkStatus;
  /** The checks that speak of this link. */
  readonly ruleIds: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly entities: readonly EntityRef[];
}

/** The path of one symptom for one object (a peer, a pod, a service): the first broken link is where to look. */
export interface SymptomChain {
  readonly id: string;
  readonly symptom: ChainSymptom;
  readonly title: string;
  /** How much of the symptom is well: "2 of 3 peers". */
  readonly headline: string;
  readonly status: LinkStatus;
  readonly links: readonly ChainLink[];
  /** When this symptom is met: causes known from practice, for the mode of the node. */
  readonly causes: readonly string[];
}

/** What chains are made from. */
export interface ChainContext {
  readonly snapshot: NodeSnapshot;
  readonly case: Case;
  /** Findings of this snapshot. */
  readonly findings: readonly Finding[];
  /** Outcomes of this snapshot, by rule. */
  readonly checks: ReadonlyMap<string, CheckResult>;
}

/** What the snapshot itself says of a link, before the rules are heard. */
export interface Observation {
  readonly status: LinkStatus;
  readonly detail: string;
  readonly evidence?: readonly Evidence[] | undefined;
  readonly entities?: readonly EntityRef[] | undefined;
  /**
   * The rule that judges the same with all its precautions (cut listings, other builds). Where it
   * ran and did not fire, what was seen here is no fault.
   */
  readonly decidedBy?: string | undefined;
}

/** What a chain is about: findings that name other objects of these kinds are another chain's. */
export interface Subject {
  readonly kinds: readonly EntityKind[];
  readonly refs: readonly EntityRef[];
}

export interface LinkDraft {
  readonly id: string;
  readonly title: string;
  readonly ruleIds: readonly string[];
  readonly seen: Observation;
}

const RANK: Readonly<Record<LinkStatus, number>> = {
  error: 3,
  warning: 2,
  ok: 1,
  'not-checked': 0,
};
const MOST_EVIDENCE = 6;

/**
 * Joins what was seen with the findings of the link's rules that concern the chain's object. A
 * finding about other objects of the same kind is another chain's; one that names none of them
 * (a configuration file) concerns all. The first rule of a link answers where nothing was seen.
 */
export function link(context: ChainContext, subject: Subject, draft: LinkDraft): ChainLink {
  const findings = context.findings.filter(
    (f) => draft.ruleIds.includes(f.ruleId) && f.severity !== 'info' && concerns(f, subject),
  );
  const settled = settledBy(context, draft.seen);
  // What is only doubtful for the rules, since it was not collected at one time, is so here.
  const doubted = findings.length > 0 && findings.every((f) => f.lowered === true);
  const seen: Observation =
    doubted && settled.status === 'error' ? { ...settled, status: 'warning' } : settled;
  const worst = findings.find((f) => f.severity === 'error') ?? findings[0];
  const told = worst === undefined ? undefined : statusOf(worst);
  const heard = told !== undefined && RANK[told] > RANK[seen.status] ? told : undefined;
  const main = context.checks.get(draft.ruleIds[0] ?? '');
  // With no object to speak of, a rule that passes has found nothing to judge.
  const unsettled = seen.status === 'not-checked' && subject.refs.length > 0;
  const passed = unsettled && main?.status === 'passed' ? main : undefined;
  return {
    id: draft.id,
    title: draft.title,
    ruleIds: draft.ruleIds,
    status: heard ?? (passed === undefined ? seen.status : 'ok'),
    detail: heard === undefined ? (passed?.reason ?? seen.detail) : (worst?.title ?? seen.detail),
    evidence: unique(
      [...findings.flatMap((f) => f.evidence), ...(seen.evidence ?? [])],
      (e) => `${e.file}:${e.line}`,
    ).slice(0, MOST_EVIDENCE),
    entities: unique(
      [...findings.flatMap((f) => f.entities), ...(seen.entities ?? [])],
      (e) => `${e.kind} ${e.id}`,
    ),
  };
}

/** What was seen, after the rule that decides was heard. */
function settledBy(context: ChainContext, seen: Observation): Observation {
  if (seen.decidedBy === undefined || (seen.status !== 'error' && seen.status !== 'warning'))
    return seen;
  const check = context.checks.get(seen.decidedBy);
  if (check === undefined || check.status === 'fired') return seen;
  return {
    ...seen,
    status: check.status === 'passed' ? 'ok' : 'not-checked',
    detail: check.reason,
  };
}

const statusOf = (finding: Finding): LinkStatus =>
  finding.severity === 'error' ? 'error' : 'warning';

function concerns(finding: Finding, subject: Subject): boolean {
  const named = finding.entities.filter((e) => subject.kinds.includes(e.kind));
  if (named.length === 0) return true;
  return named.some((e) =>
    subject.refs.some((s) => s.kind === e.kind && s.id.toLowerCase() === e.id.toLowerCase()),
  );
}

function unique<T>(all: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(all.map((item) => [key(item), item])).values()];
}

/** Worst of the links; ok when at least half of them were seen to hold and none is broken. */
export function chainStatus(links: readonly ChainLink[]): LinkStatus {
  const has = (status: LinkStatus): number => links.filter((l) => l.status === status).length;
  if (has('error') > 0) return 'error';
  if (has('warning') > 0) return 'warning';
  return has('ok') > 0 && has('ok') >= has('not-checked') ? 'ok' : 'not-checked';
}

/** The first link that does not hold: where to look. */
export function brokenLink(chain: SymptomChain): ChainLink | undefined {
  return (
    chain.links.find((l) => l.status === 'error') ?? chain.links.find((l) => l.status === 'warning')
  );
}

const MOST_HEALTHY = 60;

/** Chains of one symptom: broken ones first, counted; of many healthy ones the first few are kept. */
export function counted(
  chains: readonly Omit<SymptomChain, 'headline' | 'status'>[],
  what: { readonly one: string; readonly many: string },
): SymptomChain[] {
  const judged = chains.map((chain) => ({ ...chain, status: chainStatus(chain.links) }));
  const well = judged.filter((c) => c.status === 'ok').length;
  const seen = judged.some((c) => c.status !== 'not-checked');
  const noun = judged.length === 1 ? what.one : what.many;
  const headline = seen ? `${well} of ${judged.length} ${noun}` : 'not checked';
  const bad = judged.filter((c) => c.status === 'error' || c.status === 'warning');
  const rest = judged.filter((c) => c.status === 'ok' || c.status === 'not-checked');
  const sorted = [...bad].sort((a, b) => RANK[b.status] - RANK[a.status]);
  return [...sorted, ...rest.slice(0, MOST_HEALTHY)].map((c) => ({ ...c, headline }));
}

/**
 * A link that holds: `detail` says what was seen, evidence and entities are what it was seen at.
 */
export const ok = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'ok', detail, evidence, entities });

/** A link where the way ends: the first of them is where to look. */
export const broken = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'error', detail, evidence, entities });

/** A link that may hold: what was seen contradicts itself, or harms only a part of the traffic. */
export const doubtful = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'warning', detail, evidence, entities });

/**
 * A link of which nothing was collected: neither whole nor broken. `detail` says what is
 * missing.
 */
export const unseen = (detail: string): Observation => ({ status: 'not-checked', detail });

/** What a rule judges with more care than is seen here. */
export const judgedBy = (ruleId: string, seen: Observation): Observation => ({
  ...seen,
  decidedBy: ruleId,
});
