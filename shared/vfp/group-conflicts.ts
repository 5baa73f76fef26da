import { parseIpRange } from '../model/ip';
import type { VfpDump, VfpRuleBody } from '../model/vfp';
import {
  covers,
  isCatchAll,
  sameConditions,
  sameDestinations,
  sharedDestinations,
} from './coverage';
import type { IndexedGroup } from './rule-index';

/** Two rules of which the first takes packets that the second is for. */
export interface RuleConflict {
  readonly kind: 'duplicate' | 'shadowed' | 'overlap';
  /** Bodies, as on every port with this group. */
  readonly winner: VfpRuleBody;
  readonly loser: VfpRuleBody;
  /** Places of the two in the lists of rules of their groups. */
  readonly winnerAt: number;
  readonly loserAt: number;
}

/** A rule at its place in the list of its group. */
export interface Ranked {
  readonly body: VfpRuleBody;
  readonly at: number;
}

/**
 * Rules that another one of their group, met before them, leaves without packets:
 * - `duplicate`: both have the same conditions and priority and do different things;
 * - `shadowed`: all packets of the one meet the other first, which does something else;
 * - `overlap`: two encapsulations to different places share destinations, and the wider is met first.
 * Rules that do the same are no conflict, nor is one without any condition at the end of its group.
 * Judged on texts alone; what cannot be read is never judged.
 */
export function groupConflicts(dump: VfpDump, group: IndexedGroup): readonly RuleConflict[] {
  if (group.by === 'priority-assumed') return [];
  const rules = dump
    .rulesOfGroup(group.group.index)
    .map((rule, at): Ranked => ({ body: dump.body(dump.bodyIdOf(rule)), at }));
  const ordered = rules
    .filter(({ body }) => body.priority !== undefined)
    .toSorted((a, b) => (a.body.priority ?? 0) - (b.body.priority ?? 0) || a.at - b.at);
  const index = new DestinationIndex<Ranked>();
  const out: RuleConflict[] = [];
  for (const later of ordered) {
    const found = index
      .mayShare(later.body)
      .map((earlier) => conflictOf(earlier, later, group.by === 'prefix'))
      .find((conflict) => conflict !== undefined);
    if (found !== undefined) out.push(found);
    index.add(later);
  }
  return out;
}

function conflictOf(earlier: Ranked, later: Ranked, byPrefix: boolean): RuleConflict | undefined {
  const [a, b] = [earlier.body, later.body];
  // Flags may make one rule for the first packet of a connection and the other for the rest.
  if (isException(a) || effectOf(a) === effectOf(b) || a.flags !== b.flags) return undefined;
  const of = (kind: RuleConflict['kind']): RuleConflict => ({
    kind,
    winner: a,
    loser: b,
    winnerAt: earlier.at,
    loserAt: later.at,
  });
  const same = sameConditions(a.conditions, b.conditions);
  if (same && a.priority === b.priority) return of('duplicate');
  // Longest prefix match prefers the narrower, wherever it stands.
  if (byPrefix && !sameDestinations(a.conditions, b.conditions)) return undefined;
  if (isEncapsulation(a) && isEncapsulation(b)) {
    return sharedDestinations(a.conditions, b.conditions) !== undefined &&
      covers({ ...a.conditions, destinationIps: [] }, { ...b.conditions, destinationIps: [] })
      ? of(same ? 'shadowed' : 'overlap')
      : undefined;
  }
  if (isCatchAll(b.conditions) || isCatchAll(a.conditions)) return undefined;
  return covers(a.conditions, b.conditions) ? of('shadowed') : undefined;
}

/** NAT exceptions are meant to stand before the NAT rules; too wide ones have checks of their own. */
export const isException = ({ name, type }: VfpRuleBody): boolean =>
  type === 'allow' && /OUTBOUNDNAT/i.test(name);

const isEncapsulation = ({ type }: VfpRuleBody): boolean => type === 'routeencap';

/** Equal for rules that do the same to a packet, whatever they are called. */
export function effectOf(body: VfpRuleBody): string {
  switch (body.type) {
    case 'allow':
    case 'block':
    case 'meter':
    case 'paroute':
      return body.type;
    case 'lbnat':
    case 'nat':
      return body.dips.length === 0
        ? `${body.type} ${body.data.join('\n')}`
        : `${body.type} ${body.dips
            .map(({ ip, port }) => `${ip}:${port}`)
            .sort()
            .join()}`;
    case 'routeencap':
      return `routeencap ${body.encapDestinations.map(({ ip, greKey }) => `${ip} ${greKey ?? ''}`).join()}`;
    default:
      return `${body.typeText} ${body.data.join('\n')}`;
  }
}

/** Rules by their destination: two that name different single addresses share no packet. */
export class DestinationIndex<T extends Ranked> {
  readonly #single = new Map<string, T[]>();
  readonly #other: T[] = [];
  readonly #all: T[] = [];

  add(rule: T): void {
    this.#all.push(rule);
    const only = singleDestination(rule.body);
    if (only === undefined) this.#other.push(rule);
    else this.#single.set(only, [...(this.#single.get(only) ?? []), rule]);
  }

  /** Those before it that may take packets of the rule. */
  mayShare(body: VfpRuleBody): readonly T[] {
    const only = singleDestination(body);
    return only === undefined
      ? body.type === 'routeencap'
        ? this.#all
        : this.#other
      : [...(this.#single.get(only) ?? []), ...this.#other];
  }
}

function singleDestination({ conditions }: VfpRuleBody): string | undefined {
  const [text, more] = conditions.destinationIps;
  if (text === undefined || more !== undefined) return undefined;
  const range = parseIpRange(text);
  return range?.from === range?.to && range !== undefined
    ? `${range.family} ${range.from}`
    : undefined;
}
