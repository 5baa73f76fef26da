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
 * (a configuration file) concerns all.
 */
export function link(
  context: ChainContext,
  subject: readonly EntityRef[],
  draft: LinkDraft,
): ChainLink {
  const { seen } = draft;
  const findings = context.findings.filter(
    (f) => draft.ruleIds.includes(f.ruleId) && f.severity !== 'info' && concerns(f, subject),
  );
  const worst = findings.find((f) => f.severity === 'error') ?? findings[0];
  const told = worst === undefined ? undefined : statusOf(worst);
  const passed =
    seen.status === 'not-checked'
      ? draft.ruleIds
          .flatMap((id) => context.checks.get(id) ?? [])
          .find((c) => c.status === 'passed')
      : undefined;
  const status =
    told !== undefined && RANK[told] > RANK[seen.status] ? told : passed ? 'ok' : seen.status;
  const fromRule = worst !== undefined && status !== seen.status;
  return {
    id: draft.id,
    title: draft.title,
    ruleIds: draft.ruleIds,
    status,
    detail: fromRule ? worst.title : (passed?.reason ?? seen.detail),
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

const statusOf = (finding: Finding): LinkStatus =>
  finding.severity === 'error' ? 'error' : 'warning';

function concerns(finding: Finding, subject: readonly EntityRef[]): boolean {
  const kinds = new Set<EntityKind>(subject.map((s) => s.kind));
  const named = finding.entities.filter((e) => kinds.has(e.kind));
  if (named.length === 0) return true;
  return named.some((e) =>
    subject.some((s) => s.kind === e.kind && s.id.toLowerCase() === e.id.toLowerCase()),
  );
}

function unique<T>(all: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(all.map((item) => [key(item), item])).values()];
}

/** Worst of the links; ok when at least one link was seen to hold. */
export function chainStatus(links: readonly ChainLink[]): LinkStatus {
  return links.reduce<LinkStatus>(
    (worst, l) => (RANK[l.status] > RANK[worst] ? l.status : worst),
    'not-checked',
  );
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
  const headline = `${well} of ${judged.length} ${judged.length === 1 ? what.one : what.many}`;
  const bad = judged.filter((c) => c.status === 'error' || c.status === 'warning');
  const rest = judged.filter((c) => c.status === 'ok' || c.status === 'not-checked');
  const sorted = [...bad].sort((a, b) => RANK[b.status] - RANK[a.status]);
  return [...sorted, ...rest.slice(0, MOST_HEALTHY)].map((c) => ({ ...c, headline }));
}

export const ok = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'ok', detail, evidence, entities });
export const broken = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'error', detail, evidence, entities });
export const doubtful = (
  detail: string,
  evidence?: readonly Evidence[],
  entities?: readonly EntityRef[],
): Observation => ({ status: 'warning', detail, evidence, entities });
export const unseen = (detail: string): Observation => ({ status: 'not-checked', detail });
